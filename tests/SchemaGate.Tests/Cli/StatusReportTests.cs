using SchemaGate.Cli;
using SchemaGate.Cli.Status;
using SchemaGate.Core;
using SchemaGate.Core.Databases;

namespace SchemaGate.Tests.Cli;

public sealed class StatusReportTests
{
    private static readonly DateTimeOffset s_time = new(2024, 12, 24, 10, 0, 0, TimeSpan.Zero);
    private static readonly DatabaseState s_state = new(
        new("73", "shop", "public"), IsStandby: false, MigrationHistory.Empty, HasTables: false, RunInProgress: false, 15);

    private static HistoryRow Row(string name, HistoryRowState state, string? logs = null) => new(
        "id", name, "", s_time, state == HistoryRowState.Applied ? s_time : null, state == HistoryRowState.RolledBack ? s_time : null,
        state == HistoryRowState.Applied ? 1 : 0, logs);

    private static StatusReport Report(DatabaseState state) =>
        StatusReport.Of(new Evidence<DatabaseState>.Found(state), new("postgresql://u:secret@db/shop", "DATABASE_URL", null), s_time);

    private static string Print(DatabaseState state)
    {
        using StringWriter output = new();
        StatusPrinter.Print(Report(state), new StyledText(output, isColoured: false));
        return output.ToString();
    }

    [Fact]
    public void The_history_is_listed_by_state() => Assert.Equal("""
        1 migration is applied, none is unfinished.

        Database    db:5432/shop?schema=public, from DATABASE_URL
        Identity    73/shop/public
        Server      PostgreSQL 15, primary
        Run         none in progress

        rolled back  2024-12-24T10:00:00Z  a (0 steps)
                     ERROR: relation "t" exists
        applied      2024-12-24T10:00:00Z  a

        """,
        Print(s_state with
        {
            History = new([
                Row("a", HistoryRowState.RolledBack, "A migration failed to apply. New…\n\nMigration name: a\n\nDatabase error:\nERROR: "
                    + "relation \"t\" exists\nDETAIL: row 7"),
                Row("a", HistoryRowState.Applied, "of no interest any more"),
            ]),
        }), ignoreLineEndingDifferences: true);

    [Theory]
    [InlineData(true, "record that first: `schemagate resolve --baseline`")]
    [InlineData(false, "0 migrations are applied, none is unfinished.\n")]
    public void An_empty_history_beside_tables_is_told_of_the_baseline(bool hasTables, string words) =>
        Assert.Contains(words, Print(s_state with { HasTables = hasTables }), StringComparison.Ordinal);

    [Theory]
    [InlineData(false, "failed", "MigrationFailed")]
    [InlineData(true, "running", "Migrating")]
    public void An_unfinished_row_failed_unless_a_run_is_at_work(bool isRunning, string state, string reason)
    {
        StatusReport report = Report(s_state with { RunInProgress = isRunning, History = new([Row("a", HistoryRowState.Unfinished)]) });
        Assert.Equal((state, reason), (Assert.Single(report.History!).State, report.Reason));
    }

    [Fact]
    public void A_standby_and_tables_without_a_history_are_no_good_news()
    {
        Assert.Equal("DatabaseIsStandby", Report(s_state with { IsStandby = true }).Reason);
        Assert.Equal("BaselineRequired", Report(s_state with { History = null, HasTables = true }).Reason);
        Assert.Equal("Open", Report(s_state with { History = null }).Reason);
    }

    [Theory]
    [InlineData("Migration name: a\nDatabase error code: 42P01\na, line 3: no (42P01).\nSTATEMENT: x", "a, line 3: no (42P01).")]
    [InlineData("\n\n", null)]
    [InlineData(null, null)]
    public void The_telling_line_of_a_log_is_shown(string? logs, string? expected) =>
        Assert.Equal(expected, HistoryLine.Of(Row("a", HistoryRowState.Unfinished, logs), isRunning: false).Error);
}
