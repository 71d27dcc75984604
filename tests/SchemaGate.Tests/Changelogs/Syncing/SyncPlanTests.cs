using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Changelogs.Syncing;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Tests.Changelogs.Syncing;

public sealed class SyncPlanTests
{
    private const string Document = """
        # Changelog

        ## Pending

        ### 5_pending
        - **Status:** `PENDING`

        ## Migrated

        ### 1_applied
        - **Status:** `MIGRATED`
        - **Date Added:** 2024-01-01

        ### 2_rolled_back
        - **Status:** `MIGRATED`

        ### 3_failed
        - **Status:** `MIGRATED`

        ### 4_edited
        - **Status:** `MIGRATED`

        ### 6_never_seen
        - **Status:** `MIGRATED`

        ## Deployed

        """;

    private static readonly DateTimeOffset s_day = new(2024, 12, 27, 23, 30, 0, TimeSpan.Zero);

    private static readonly MigrationSet s_set = new(
        [.. ((string[])["1_applied", "2_rolled_back", "3_failed", "4_edited", "5_pending", "6_never_seen"])
            .Select(name => new Migration(name, name, MigrationChecksum.Of(name)))],
        []);

    private static readonly MigrationHistory s_history = new(
    [
        Row("1_applied"), Row("2_rolled_back") with { RolledBackAt = s_day }, Row("3_failed") with { FinishedAt = null },
        Row("4_edited") with { Checksum = MigrationChecksum.Of("other").Value }, Row("5_pending"),
    ]);

    [Fact]
    public void Exactly_what_is_applied_with_the_file_as_it_is_moves_with_the_historys_day()
    {
        SyncPlan plan = Plan(Production(s_history));
        Assert.Equal([new SyncedEntry("1_applied", null, new(2024, 12, 27))], plan.Deployed);
        Changelog after = ChangelogParser.Parse(Edited(plan));
        Assert.Equal("1_applied", Assert.Single(after.Entries, entry => entry.Status == ChangelogStatus.Deployed).Name);
        Assert.Equal("2024-12-27", after.Entries.Single(entry => entry.Name == "1_applied").Field("Date Deployed")?.Text);
    }

    [Fact]
    public void What_stays_though_something_ran_is_told_with_its_reason() => Assert.Equal(
        [
            "'5_pending' stays: it is PENDING, though the database has it. First `schemagate changelog migrated 5_pending`.",
            "'2_rolled_back' stays: in the database it was rolled back.",
            "'3_failed' stays: in the database its run has failed, or is not over.",
            "'4_edited' stays: in the database it is applied, and its file has changed since.",
        ],
        Plan(Production(s_history)).Told);

    [Fact]
    public void A_document_that_is_told_twice_stays()
    {
        string once = Edited(Plan(Production(s_history)));
        SyncPlan again = SyncPlan.Of(ChangelogParser.Parse(once), s_set.Names, [Production(s_history)]);
        Assert.Empty(again.Edits);
    }

    [Fact]
    public void A_migration_that_was_rolled_back_and_ran_again_is_applied()
    {
        MigrationHistory again = new([.. s_history.Rows, Row("2_rolled_back")]);
        Assert.Equal("1_applied 2_rolled_back", string.Join(' ', Plan(Production(again)).Deployed.Select(entry => entry.Name)));
    }

    [Fact]
    public void Another_environment_gets_its_day_and_moves_nothing()
    {
        SyncPlan plan = Plan(new SyncEnvironment("staging", IsProduction: false, AppliedSet.Of(s_set, s_history)));
        Assert.Empty(plan.Deployed);
        Changelog after = ChangelogParser.Parse(Edited(plan));
        ChangelogEntry entry = after.Entries.Single(entry => entry.Name == "1_applied");
        Assert.Equal((ChangelogStatus.Migrated, "2024-12-27"), (entry.Status, entry.Field("Date Deployed (staging)")?.Text));
        Assert.DoesNotContain(after.Findings, finding => finding.Id is FindingIds.DateInvalid or FindingIds.StatusQualified);
    }

    [Fact]
    public void A_row_that_stands_for_earlier_ones_says_nothing_of_their_day()
    {
        MigrationHistory inferred = new([Row("1_applied") with { IsInferred = true, Checksum = MigrationChecksum.Of("1_applied").Value }]);
        SyncPlan plan = Plan(Production(inferred));
        Assert.Null(Assert.Single(plan.Deployed).Day);
        Assert.DoesNotContain("Date Deployed", Edited(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_later_version_seems_to_have_brought_may_never_have_run()
    {
        string document = Document.Replace("## Deployed\n", "## Deployed\n\n### 0_a\n- **Status:** `DEPLOYED`\n\n### 9_z\n"
            + "- **Status:** `DEPLOYED`\n", StringComparison.Ordinal);
        AppliedSet has = new(
            new Dictionary<string, DateOnly?>(StringComparer.Ordinal) { ["0_a"] = null, ["1_applied"] = null, ["9_z"] = null },
            new Dictionary<string, string>(StringComparer.Ordinal))
        {
            Inferred = new HashSet<string>(StringComparer.Ordinal) { "1_applied" },
        };
        SyncPlan plan = SyncPlan.Of(
            ChangelogParser.Parse(document), ["0_a", "1_applied", "9_z"], [new(null, IsProduction: true, has)]);
        Assert.Empty(plan.Deployed);
        Assert.Contains("nothing says that '1_applied' ever ran", Assert.Single(plan.Told), StringComparison.Ordinal);
    }

    private static SyncEnvironment Production(MigrationHistory history) => new(null, IsProduction: true, AppliedSet.Of(s_set, history));

    private static SyncPlan Plan(SyncEnvironment environment) =>
        SyncPlan.Of(ChangelogParser.Parse(Document), s_set.Names, [environment]);

    private static string Edited(SyncPlan plan) =>
        Assert.IsType<EditOutcome.Edited>(ChangelogEditor.Apply(Document, plan.Edits, new DateOnly(2025, 1, 1))).Text;

    private static HistoryRow Row(string name) =>
        new(name, name, MigrationChecksum.Of(name).Value, s_day, s_day, RolledBackAt: null, 1, Logs: null);
}
