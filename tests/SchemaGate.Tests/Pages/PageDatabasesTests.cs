using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Pages;

namespace SchemaGate.Tests.Pages;

public sealed class PageDatabasesTests
{
    private static readonly DateTimeOffset s_time = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly MigrationSet s_set = MigrationSet.Read(((string[])["1_a", "2_b", "3_c", "4_d", "5_e"]).Select(
        name => KeyValuePair.Create($"{name}/migration.sql", new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes($"SELECT '{name}';")))));

    [Fact]
    public void A_history_says_what_is_applied_and_since_when()
    {
        PageDatabase database = PageDatabases.Of("production", Found(new([
            Row("1_a"), Row("2_b") with { Checksum = "another" }, Row("3_c") with { FinishedAt = null },
            Row("4_d") with { RolledBackAt = s_time.AddDays(1) },
        ])), s_set);
        Assert.Equal(
            [
                new(AppliedState.Applied, s_time.AddMinutes(1)), new(AppliedState.Edited, s_time.AddMinutes(1)),
                new(AppliedState.Unfinished, s_time), new(AppliedState.RolledBack, s_time.AddDays(1)), new(AppliedState.NotApplied),
            ],
            s_set.Names.Select(database.Of));
        Assert.Equal(("7/shop/public", null), (database.Identity, database.Problem));
    }

    [Fact]
    public void A_schema_with_tables_and_no_history_tells_nothing()
    {
        PageDatabase database = PageDatabases.Of("production", Found(null), s_set);
        Assert.Equal(AppliedState.NotKnown, database.Of("1_a").State);
        Assert.Equal("It has tables and no history.", database.Problem);
    }

    [Fact]
    public void Behind_the_last_pending_name_that_a_status_has_room_for_nothing_is_known()
    {
        PageDatabase cut = PageDatabases.OfStatus("shop", "7/shop/public", s_set.Names, new(5, 1, ["2_b", "3_c"], [], []));
        Assert.Equal(
            [AppliedState.Applied, AppliedState.NotApplied, AppliedState.NotApplied, AppliedState.NotKnown, AppliedState.NotKnown],
            s_set.Names.Select(name => cut.Of(name).State));
        PageDatabase whole = PageDatabases.OfStatus("shop", null, s_set.Names, new(5, 3, ["2_b", "3_c"], ["3_c"], ["5_e"]));
        Assert.Equal(
            [AppliedState.Applied, AppliedState.NotApplied, AppliedState.Unfinished, AppliedState.Applied, AppliedState.Edited],
            s_set.Names.Select(name => whole.Of(name).State));
    }

    private static Evidence<DatabaseState>.Found Found(MigrationHistory? history) => new(new(
        new("7", "shop", "public"), IsStandby: false, history, HasTables: true, RunInProgress: false, ServerVersion: 15));

    private static HistoryRow Row(string name) =>
        new(name, name, MigrationChecksum.Of($"SELECT '{name}';").Value, s_time, s_time.AddMinutes(1), null, 1, null);
}
