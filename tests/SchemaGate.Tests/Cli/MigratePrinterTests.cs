using SchemaGate.Cli;
using SchemaGate.Cli.Migrate;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Tests.Cli;

public sealed class MigratePrinterTests
{
    private static readonly FailureLine s_failure = new(
        "MigrationFailed", "Permanent", "b, line 3, column 5: no such table (42P01). Nothing of it remains.", "b", "m/b/migration.sql", 3,
        5, "ALTER TABLE t", "42P01", "no such table", "Create it.", RolledBack: true, ["schemagate resolve --rolled-back b"]);

    private static string Print(MigrateReport report)
    {
        using StringWriter output = new();
        MigratePrinter.Print(report, new StyledText(output, isColoured: false));
        return output.ToString();
    }

    [Fact]
    public void A_failure_has_its_place_its_statement_and_the_ways_out() => Assert.Equal("""
        Applied 1 migration; 2 were there before.
        m/b/migration.sql:3:5: MigrationFailed
          b, line 3, column 5: no such table (42P01). Nothing of it remains.
          Statement  ALTER TABLE t
          Hint       Create it.

        Next
          schemagate resolve --rolled-back b

        """, Print(new("failed", "DATABASE_URL", "db", [new("a", 5)], 2, s_failure)), ignoreLineEndingDifferences: true);

    [Theory]
    [InlineData("applied", 1, "Applied 1 migration; 2 were there before.\n")]
    [InlineData("unchanged", 0, "Nothing to do: all 2 migrations are applied.\n")]
    public void A_success_is_one_line(string result, int applied, string expected) =>
        Assert.Equal(expected, Print(new(result, "DATABASE_URL", "db", [.. Enumerable.Repeat(new AppliedLine("a", 5), applied)], 2, null)));

    [Fact]
    public void Progress_is_printed_as_it_happens()
    {
        using StringWriter output = new();
        ProgressLines lines = new(new StyledText(output, isColoured: false));
        lines.Report(new ApplyProgress.WaitingForLock("server process 7 (someone)"));
        lines.Report(new ApplyProgress.Applying("a", 2, 3));
        LockWait wait = new("AccessExclusiveLock on public.t", 42, "psql", "idle in transaction", TimeSpan.FromSeconds(75), Others: 1);
        lines.Report(new ApplyProgress.Running("a", 1, 4, 7, TimeSpan.FromSeconds(2), wait));
        lines.Report(new ApplyProgress.Running("a", 1, 4, 7, TimeSpan.FromSeconds(12), null));
        lines.Report(new ApplyProgress.Applied("a", TimeSpan.FromMilliseconds(1234)));
        const string Held = "held by server process 42 (psql, idle in transaction, its transaction open for 75 s) and 1 more";
        Assert.Equal($"""
            waiting for another run to let go of the migration lock: server process 7 (someone)
            applying 2 of 3: a
            running 2 of 3: a, statement 1 of 4, line 7, for 2.0 s; it waits for AccessExclusiveLock on public.t, {Held}
            running 2 of 3: a, statement 1 of 4, line 7, for 12.0 s
            applied 2 of 3: a (1.2 s)

            """, output.ToString(), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("0s", 0)]
    public void Durations_have_a_unit(string text, int milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("1e9s")]
    [InlineData("25h")]
    [InlineData("999999999999999999999999999999h")]
    [InlineData("10 s")]
    public void Other_durations_are_refused(string text) => Assert.False(DurationText.TryParse(text, out _));
}
