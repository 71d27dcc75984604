using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Tests.Changelogs;

public sealed class ChangelogConsistencyTests
{
    private static readonly ChangelogPolicy s_policy = new(PolicyMode.Block, RecordsThisDatabase: false);
    private static readonly string[] s_seedNames =
        ["00000000000000_init_baseline", "20241224000000_add_sites_model", "20241224100000_add_cs_ai_usage_tables"];

    [Fact]
    public void The_seed_agrees_with_its_migrations()
    {
        Changelog seed = ChangelogParser.Parse(Document.Seed);
        Assert.Empty(Check(seed, Set(s_seedNames), null));
        Assert.Empty(Check(seed, Set(s_seedNames), [s_seedNames[0]]));
    }

    [Fact]
    public void A_migrated_entry_without_its_migration_blocks()
    {
        Finding finding = Assert.Single(Check(Migrated("2024_x"), Set(), null));
        Assert.Equal(
            (FindingIds.MigrationFileMissing, FindingSeverity.Blocking, "2024_x"), (finding.Id, finding.Severity, finding.Migration));
        Assert.Equal(9, finding.Span!.Value.Line);
    }

    [Theory]
    [InlineData("2023_x", FindingSeverity.Information)]
    [InlineData("2025_x", FindingSeverity.Warning)]
    public void A_deployed_entry_without_its_migration_was_squashed_if_it_is_older_than_all(string name, FindingSeverity severity)
    {
        Changelog changelog = Document.Parse(deployed: $"### {name}\n### 2024_x");
        Assert.Equal([(FindingIds.MigrationFileMissing, severity)], Verdicts(Check(changelog, Set("2024_x"), null)));
    }

    [Theory]
    [InlineData(PolicyMode.Block, false, FindingSeverity.Blocking)]
    [InlineData(PolicyMode.Warn, false, FindingSeverity.Warning)]
    [InlineData(PolicyMode.Ignore, false, null)]
    [InlineData(PolicyMode.Block, true, FindingSeverity.Information)]
    public void An_undocumented_migration_is_judged_by_policy_while_it_is_pending(PolicyMode mode, bool applied, FindingSeverity? severity)
    {
        var findings = Check(Document.Parse(), Set("2024_x"), applied ? ["2024_x"] : [], new(mode, false));
        Assert.Equal(severity, findings.SingleOrDefault()?.Severity);
    }

    [Fact]
    public void Without_a_database_every_undocumented_migration_counts_as_pending() =>
        Assert.Equal(
            [(FindingIds.UndocumentedMigration, FindingSeverity.Blocking)], Verdicts(Check(Document.Parse(), Set("2024_x"), null)));

    [Fact]
    public void A_free_title_names_the_migration_of_its_file()
    {
        Changelog changelog = Migrated("Add sites", "- **Migration File:** `prisma/migrations/2024_x/migration.sql`");
        Assert.Empty(Check(changelog, Set("2024_x"), null));
        Assert.Equal("2024_x", Assert.Single(Check(changelog, Set(), null)).Migration);
    }

    [Theory]
    [InlineData("20240101000000_add_box — adds the box")]
    [InlineData("20240101000000_add_box.sql")]
    [InlineData("20240101000000_add_box/migration.sql")]
    [InlineData("20240101000000_add_box (2024-01-01)")]
    [InlineData("2024-01-01: 20240101000000_add_box")]
    [InlineData("20240101000000_ADD_BOX")]
    public void A_heading_with_more_than_the_name_is_one_finding_that_names_what_was_meant(string heading)
    {
        Finding finding = Assert.Single(Check(Migrated(heading), Set("20240101000000_add_box", "20240102000000_add_boxes"), [
            "20240102000000_add_boxes"]), finding => finding.Severity == FindingSeverity.Blocking);
        Assert.Equal(FindingIds.MigrationFileMissing, finding.Id);
        Assert.Contains("did you mean '20240101000000_add_box'?", finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("commit its", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Adds the box", MigrationTool.Prisma, "make the migration's name the heading")]
    [InlineData("20240101000000_add_box", MigrationTool.Prisma, "commit its 20240101000000_add_box/migration.sql")]
    [InlineData("20240101000000_add_box", MigrationTool.Goose, "commit its file")]
    public void What_to_commit_is_a_path_only_where_the_heading_is_a_name(string heading, MigrationTool tool, string words) =>
        Assert.Contains(words, Assert.Single(Check(Migrated(heading), Set() with { Tool = tool }, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_document_that_is_no_changelog_is_said_once() => Assert.Empty(
        Check(ChangelogParser.Parse("# Readme"), Set("2024_x", "2024_y"), null));

    [Fact]
    public void One_entry_may_name_several_migrations()
    {
        Changelog changelog = Migrated("Add sites", "- **Migration Files:**\n  - `2024_x/migration.sql`\n  - `2024_y/migration.sql`");
        Assert.Empty(Check(changelog, Set("2024_x", "2024_y"), null));
        Assert.Equal("2024_y", Assert.Single(Check(changelog, Set("2024_x"), null)).Migration);
    }

    [Theory]
    [InlineData(null, FindingSeverity.Blocking)]
    [InlineData("2023_a", FindingSeverity.Blocking)]
    [InlineData("2024_x", FindingSeverity.Warning)]
    public void A_file_of_another_migration_blocks_until_one_of_them_is_applied(string? applied, FindingSeverity severity)
    {
        Changelog changelog = Migrated("2024_x", "- **Migration File:** `prisma/migrations/2024_y/migration.sql`");
        Finding finding = Assert.Single(Check(changelog, Set("2024_x", "2024_y"), applied is null ? null : [applied]));
        Assert.Equal((FindingIds.MigrationFileMismatch, severity, 12), (finding.Id, finding.Severity, finding.Span!.Value.Line));
    }

    [Theory]
    [InlineData(false, FindingSeverity.Information)]
    [InlineData(true, FindingSeverity.Blocking)]
    public void A_deployed_entry_that_is_not_applied_blocks_only_where_the_document_records_this_database(
        bool records, FindingSeverity severity)
    {
        Changelog changelog = Document.Parse(deployed: "### 2024_x");
        var findings = Check(changelog, Set("2024_x"), [], new(PolicyMode.Block, records));
        Assert.Equal([(FindingIds.DeployedNotApplied, severity)], Verdicts(findings));
    }

    [Fact]
    public void A_migrated_entry_that_is_applied_is_information() => Assert.Equal(
        [(FindingIds.AppliedNotDeployed, FindingSeverity.Information)],
        Verdicts(Check(Migrated("2024_x"), Set("2024_x"), ["2024_x"])));

    [Fact]
    public void A_pending_entry_whose_migration_exists_is_told_to_become_MIGRATED()
    {
        Finding finding = Assert.Single(Check(Document.Parse(pending: "### 2024_x"), Set("2024_x"), []));
        Assert.Equal((FindingIds.MigrationFileExists, FindingSeverity.Information), (finding.Id, finding.Severity));
        Assert.Contains("MIGRATED", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_begins_late_only_informs_about_what_is_applied()
    {
        string[] names = [.. Enumerable.Range(1, 12).Select(number => $"{number:D2}_x")];
        Changelog changelog = Document.Parse(deployed: "### 11_x\n### 12_x");
        var findings = Check(changelog, Set(names), names);
        Assert.Equal(10, findings.Count);
        Assert.All(findings, finding => Assert.Equal(FindingSeverity.Information, finding.Severity));
    }

    private static Changelog Migrated(string name, string fields = "") =>
        Document.Parse(migrated: $"### {name}\n- **Description:** a\n- **Rollback:** b\n{fields}");

    private static MigrationSet Set(params IEnumerable<string> names) =>
        new(names.Select(name => new Migration(name, "", MigrationChecksum.Of(""))).ToList(), []);

    private static IReadOnlyList<Finding> Check(Changelog changelog, MigrationSet set, string[]? applied, ChangelogPolicy? policy = null) =>
        ChangelogConsistency.Check(changelog, set, applied?.ToHashSet(StringComparer.Ordinal), policy ?? s_policy);

    private static IEnumerable<(string Id, FindingSeverity Severity)> Verdicts(IEnumerable<Finding> findings) =>
        findings.Select(finding => (finding.Id, finding.Severity));
}
