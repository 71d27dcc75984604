using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Tests.Rehearsals;

/// <summary>How long locks last in the live database: a range in words that claims nothing, and nothing where no size is known.</summary>
public sealed class LockEstimateTests
{
    private static readonly ObjectName s_orders = new("public", "orders");
    private static readonly ObjectName s_lines = new("public", "lines");
    private static readonly ObjectName s_events = new("public", "events");

    private static readonly Dictionary<ObjectName, TableSize> s_sizes = new()
    {
        [s_orders] = new(s_orders, 3_141_592, 1_000_000_000, 1_500_000_000),
        [s_lines] = new(s_lines, null, 8192, 16_384),
        [s_events] = new(s_events, 90_000_000, 20_000_000_000, 30_000_000_000) { Partitions = 12 },
    };

    [Theory]
    [InlineData(0, 0.9, "moments")]
    [InlineData(0.2, 1.5, "up to 2 s")]
    [InlineData(3, 40, "2 s to 1 min")]
    [InlineData(61, 3601, "1 min to 2 h")]
    [InlineData(90_000, 900_000, "more than a day")]
    public void A_range_is_told_in_steps_its_least_rounded_down_and_its_most_up(double least, double most, string words) =>
        Assert.Equal(words, new DurationRange(TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most)).ToString());

    [Fact]
    public void A_lock_without_work_lasts_moments() => Assert.Equal(
        ["public.orders (about 3,100,000 rows, 1.5 GB with indexes): ACCESS EXCLUSIVE; reads and writes stop for moments"],
        Sentences(Statement(1, new ObservedLock(s_orders, LockMode.AccessExclusive, LockWork.None))));

    [Fact]
    public void A_rewrite_lasts_by_all_bytes_and_a_scan_by_those_of_the_rows() => Assert.Equal(
        [
            "public.orders (about 3,100,000 rows, 1.5 GB with indexes): ACCESS EXCLUSIVE while all of it is rewritten; "
                + "reads and writes stop for 10 s to 5 min (an estimate)",
            "public.orders (about 3,100,000 rows, 1.5 GB with indexes): SHARE while all of it is read to build an index; "
                + "writes stop for 5 s to 2 min (an estimate)",
        ],
        Sentences(
            Statement(1, new ObservedLock(s_orders, LockMode.AccessExclusive, LockWork.Rewrite)),
            Statement(2, new ObservedLock(s_orders, LockMode.Share, LockWork.BuildIndex))));

    /// <summary>The second statement's work is the first one's lock's, which ends with the transaction.</summary>
    [Fact]
    public void A_lock_lasts_as_long_as_what_its_transaction_does_behind_it_to_other_tables() => Assert.Equal(
        "public.lines (16.4 kB with indexes): ACCESS EXCLUSIVE while public.orders is worked on; "
            + "reads and writes stop for 10 s to 5 min (an estimate)",
        Sentences(
            Statement(1, new ObservedLock(s_lines, LockMode.AccessExclusive, LockWork.None)),
            Statement(1, new ObservedLock(s_orders, LockMode.AccessExclusive, LockWork.Rewrite)))[0]);

    [Fact]
    public void What_nobody_has_measured_is_not_estimated()
    {
        ObjectName unknown = new("public", "unknown");
        Assert.Equal(
            [
                "public.unknown: ACCESS EXCLUSIVE while all of it is rewritten; reads and writes stop: for how long, no size tells",
                "public.unknown: ACCESS EXCLUSIVE; reads and writes stop for moments",
                "public.unknown: SHARE UPDATE EXCLUSIVE while all of it is read; reads and writes go on",
            ],
            Sentences(
                Statement(1, new ObservedLock(unknown, LockMode.AccessExclusive, LockWork.Rewrite)),
                Statement(2, new ObservedLock(unknown, LockMode.AccessExclusive, LockWork.None)),
                Statement(3, new ObservedLock(unknown, LockMode.ShareUpdateExclusive, LockWork.Scan))));
    }

    /// <summary>An empty database does not tell whether an UPDATE is of one row or of all.</summary>
    [Fact]
    public void Writing_rows_takes_nothing_or_as_long_as_writing_all_of_them() => Assert.Equal(
        "public.lines (16.4 kB with indexes): ACCESS EXCLUSIVE while public.orders is worked on; "
            + "reads and writes stop for up to 5 min (an estimate)",
        Sentences(
            Statement(1, new ObservedLock(s_lines, LockMode.AccessExclusive, LockWork.None)),
            Statement(1, new ObservedLock(s_orders, LockMode.RowExclusive, LockWork.Scan)))[0]);

    [Fact]
    public void An_exclusive_lock_on_an_index_stops_the_reads_of_its_table() => Assert.Equal(
        "public.lines, index lines_at (16.4 kB with indexes): ACCESS EXCLUSIVE; reads and writes stop for moments",
        Sentences(Statement(1, new ObservedLock(s_lines, LockMode.AccessExclusive, LockWork.None) { Index = "lines_at" }))[0]);

    /// <summary>The partition that the scratch database has is counted with its own size.</summary>
    [Fact]
    public void What_a_partition_is_done_to_others_are_done_to_in_the_live_database() => Assert.Equal(
        "public.events (about 90,000,000 rows, 30 GB with indexes in 12 partitions that only the live database has): ACCESS EXCLUSIVE "
            + "while all of it is rewritten and public.lines is worked on; reads and writes stop for 2 min to 1 h (an estimate)",
        Sentences(Statement(
            1,
            new ObservedLock(s_events, LockMode.AccessExclusive, LockWork.None) { WorkOnPartitions = LockWork.Rewrite },
            new ObservedLock(s_lines, LockMode.AccessExclusive, LockWork.Rewrite)))[0]);

    [Theory]
    [InlineData("events", "reads and writes stop: for how long is not known, the scratch database has no partition of it (--like live ")]
    [InlineData("orders", "; reads and writes stop for moments")]
    [InlineData("unknown", "public.unknown: ACCESS EXCLUSIVE; reads and writes stop: for how long is not known, the scratch database has")]
    public void Where_there_is_no_partition_nothing_is_seen_and_nothing_claimed(string table, string says) => Assert.Contains(
        says,
        Sentences(Statement(
            1, new ObservedLock(new("public", table), LockMode.AccessExclusive, LockWork.None) { HasNoPartition = true }))[0],
        StringComparison.Ordinal);

    [Theory]
    [InlineData("events", "; reads and writes stop: for how long is not known, a default partition of it would be read (--like live ")]
    [InlineData("orders", "; reads and writes stop for moments")]
    [InlineData("unknown", "reads and writes stop: for how long is not known, a default partition of it would be read")]
    public void What_a_new_partition_does_to_a_default_one_is_not_claimed(string table, string says) => Assert.Contains(
        says,
        Sentences(Statement(
            1, new ObservedLock(new("public", table), LockMode.AccessExclusive, LockWork.None) { AddsPartition = true }))[0],
        StringComparison.Ordinal);

    private static string[] Sentences(params ObservedStatement[] statements) =>
        [.. LockEstimates.Of(new ObservedMigration("m", statements), s_sizes).Select(held => held.Sentence)];

    private static ObservedStatement Statement(int transaction, params ObservedLock[] locks) =>
        new(0, 1, "", transaction, TimeSpan.Zero, locks);
}
