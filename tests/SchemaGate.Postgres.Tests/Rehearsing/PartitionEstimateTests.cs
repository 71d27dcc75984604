using SchemaGate.Postgres.Tests.Cli;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Rehearsing;

/// <summary>Partitions are made as time passes, by hand or by a job: a scratch database of the migrations has none of them.</summary>
public sealed class PartitionEstimateTests : IDisposable
{
    private const string First = "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (100);";
    private const string Altered = "ALTER TABLE events ALTER COLUMN kind TYPE bigint;";

    private readonly Migrations _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task Those_that_only_the_live_database_has_are_estimated_as_the_others()
    {
        await using TestDatabase live = await LiveAsync(First);
        Assert.Matches(
            @"public\.events \(about 50,000 rows, [\d.]+ MB with indexes in 2 partitions that only the live database has\): "
                + "ACCESS EXCLUSIVE while all of it is rewritten and public.events_1 is worked on; reads and writes stop for ",
            (await RehearseAsync(live)).Output);
    }

    [Fact]
    public async Task Where_the_migrations_make_none_at_all_no_time_is_claimed_and_a_copy_of_the_live_one_tells()
    {
        await using TestDatabase live = await LiveAsync("");
        Assert.Contains(
            "in 2 partitions that only the live database has): ACCESS EXCLUSIVE; reads and writes stop: for how long is not known, the "
                + "scratch database has no partition of it (--like live has them)\n",
            (await RehearseAsync(live)).Output, StringComparison.Ordinal);
        string copied = (await RehearseAsync(live, "--like", "live")).Output;
        Assert.DoesNotContain("only the live database has", copied, StringComparison.Ordinal);
        Assert.Contains("public.events_3 (", copied, StringComparison.Ordinal);
    }

    /// <summary>One that the history knows for itself, or that a pending migration would make if it were not there.</summary>
    [Theory]
    [InlineData("CREATE TABLE old (id int, kind int);", "ALTER TABLE old ADD COLUMN more int;",
        "ALTER TABLE events ATTACH PARTITION old FOR VALUES FROM (-100) TO (0)")]
    [InlineData("", "CREATE TABLE IF NOT EXISTS events_0 PARTITION OF events FOR VALUES FROM (-100) TO (0);",
        "CREATE TABLE events_0 PARTITION OF events FOR VALUES FROM (-100) TO (0)")]
    public async Task What_was_made_a_partition_by_hand_is_counted_with_its_table(string made, string pending, string byHand)
    {
        await using TestDatabase live = await LiveAsync(made, $"{Altered} {pending}", byHand);
        Assert.Contains("in 3 partitions that only the live database has", (await RehearseAsync(live)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(First)]
    public async Task A_new_one_may_have_a_default_one_read_that_only_the_live_database_has(string made)
    {
        await using TestDatabase live = await LiveAsync(
            made, "CREATE TABLE events_9 PARTITION OF events FOR VALUES FROM (200000) TO (300000);",
            "CREATE TABLE events_rest PARTITION OF events DEFAULT");
        Assert.Contains(
            "reads and writes stop: for how long is not known, a default partition of it would be read (--like live has it)",
            (await RehearseAsync(live)).Output, StringComparison.Ordinal);
        string copied = (await RehearseAsync(live, "--like", "live")).Output;
        Assert.DoesNotContain("is not known", copied, StringComparison.Ordinal);
        Assert.Contains("public.events_rest (", copied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_database_has_no_rows_that_anything_could_be_done_to()
    {
        _checkout.Migrate(Migrations.Third, "CREATE TABLE events (id int, kind int) PARTITION BY RANGE (id);");
        _checkout.Migrate("20250401000000_added", $"{Altered} CREATE TABLE events_1 PARTITION OF events DEFAULT;");
        await using TestDatabase live = await TestDatabase.CreateAsync();
        string said = (await RehearseAsync(live)).Output;
        Assert.DoesNotContain("is not known", said, StringComparison.Ordinal);
        Assert.Contains("public.events", said, StringComparison.Ordinal);
    }

    /// <summary>Its second partition has partitions itself; both levels were made by hand.</summary>
    private async Task<TestDatabase> LiveAsync(string made, string pending = Altered, string byHand = "SELECT 1")
    {
        _checkout.Migrate(Migrations.Third, $"CREATE TABLE events (id int, kind int) PARTITION BY RANGE (id); {made}");
        TestDatabase live = await TestDatabase.CreateAsync();
        Outcome outcome = await new Schemagate { DatabaseUrl = live.UrlText() }.InvokeAsync(
            ["migrate", _checkout.Root], TestContext.Current.CancellationToken);
        Assert.True(outcome.Code == 0, outcome.All);
        await live.ExecuteAsync(
            "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (100) TO (100000) PARTITION BY RANGE (id)",
            "CREATE TABLE events_3 PARTITION OF events_2 FOR VALUES FROM (100) TO (25000)",
            "CREATE TABLE events_4 PARTITION OF events_2 DEFAULT",
            "CREATE INDEX ON events_3 (id)",
            "INSERT INTO events SELECT n, n % 2 FROM generate_series(100, 50099) n", byHand, "ANALYZE events");
        _checkout.Migrate("20250401000000_added", pending);
        return live;
    }

    private async Task<Outcome> RehearseAsync(TestDatabase live, params string[] more)
    {
        Outcome outcome = await new Schemagate { DatabaseUrl = live.UrlText() }.InvokeAsync(
            ["rehearse", _checkout.Root, .. more], TestContext.Current.CancellationToken);
        Assert.True(outcome.Code == 0, outcome.All);
        return outcome;
    }
}
