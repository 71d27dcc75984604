using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Changelogs;

public sealed class EntryTests
{
    private const string Complete = "- **Description:** a\n- **Rollback:** b\n";

    [Theory]
    [InlineData("DONE")]
    [InlineData("")]
    [InlineData("\n  - MIGRATED")]
    [InlineData("Not MIGRATED")]
    [InlineData("partially migrated")]
    [InlineData("MIGRATED, not DEPLOYED")]
    [InlineData("~~PENDING~~ MIGRATED")]
    [InlineData("![status](https://example.com/MIGRATED.svg)")]
    public void A_status_that_is_not_exactly_one_known_word_blocks(string status)
    {
        Changelog changelog = Document.Parse(migrated: $"### 2024_x\n- **Status:** {status}\n{Complete}");
        Assert.Equal(FindingIds.UnknownStatus, changelog.Blocking());
        Assert.Equal(10, changelog.Only(FindingIds.UnknownStatus).Span!.Value.Line);
        Assert.Equal(ChangelogStatus.Migrated, Assert.Single(changelog.Entries).Status);
    }

    [Fact]
    public void Two_different_statuses_block()
    {
        Changelog changelog = Document.Parse(deployed: "### 2024_x\n- **Status:** DEPLOYED\n- **Status:** MIGRATED");
        Assert.Equal(FindingIds.UnknownStatus, changelog.Blocking());
    }

    [Fact]
    public void The_same_status_twice_is_one_status() =>
        Assert.Empty(Document.Parse(deployed: "### 2024_x\n- **Status:** DEPLOYED\n- Status: `deployed`").Findings);

    [Theory]
    [InlineData("Deployed", "MIGRATED")]
    [InlineData("Migrated", "DEPLOYED")]
    public void A_status_of_another_section_blocks(string section, string status)
    {
        string entry = $"### 2024_x\n- **Status:** {status}\n{Complete}";
        Changelog changelog = section == "Deployed" ? Document.Parse(deployed: entry) : Document.Parse(migrated: entry);
        Assert.Equal(FindingIds.StatusSectionMismatch, changelog.Blocking());
    }

    [Fact]
    public void A_name_twice_blocks_at_the_second_and_names_the_firsts_line()
    {
        Changelog changelog = Document.Parse(migrated: "### 2024_x\n" + Complete, deployed: "### 2024_X\n### `2024_x`\n");
        Finding finding = changelog.Only(FindingIds.DuplicateEntry);
        Assert.Equal(("2024_x", 17), (finding.Migration, finding.Span!.Value.Line));
        Assert.Contains("line 9", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("###")]
    [InlineData("### ✅")]
    [InlineData("### <!-- x -->")]
    public void A_heading_without_a_name_blocks(string heading) =>
        Assert.Equal(FindingIds.EmptyEntry, Document.Parse(migrated: heading + "\n" + Complete).Blocking());

    [Fact]
    public void An_entry_that_is_only_a_name_says_enough_to_be_read()
    {
        Changelog changelog = Document.Parse(migrated: "### 2024_x", deployed: "### 2023_x");
        Assert.Empty(changelog.Blocking());
        Assert.Equal("description-missing rollback-missing", changelog.Ids(FindingSeverity.Information));
    }

    [Fact]
    public void A_paragraph_is_a_description() =>
        Assert.Equal(FindingIds.RollbackMissing, Document.Parse(migrated: "### 2024_x\nAdds sites.").Ids(FindingSeverity.Information));

    [Theory]
    [InlineData("- **Rollback:**\n  ```sql\n  DROP TABLE box;\n  ```")]
    [InlineData("- **Rollback:**\n\n      DROP TABLE box;")]
    [InlineData("**Rollback:**\n\n```sql\nDROP TABLE box;\n```")]
    [InlineData("**Rollback plan**\n\n~~~sql\nDROP TABLE box;\n~~~")]
    [InlineData("#### Rollback\n```sql\nDROP TABLE box;\n```")]
    [InlineData("#### Rollback Plan\nDrop the table.")]
    [InlineData("#### Roll back (SQL)\n- DROP TABLE box")]
    [InlineData("- **Rolling back:** drop the table")]
    public void A_rollback_counts_however_it_is_called_and_written(string rollback) =>
        Assert.Empty(Document.Parse(migrated: $"### 2024_x\n- **Description:** a\n\n{rollback}").Findings);

    [Theory]
    [InlineData("#### Rollback Plan")]
    [InlineData("**Rollback:**\n\n- **Risk:** Low")]
    [InlineData("- **Rollback:**")]
    public void A_label_with_nothing_below_it_is_no_rollback(string rollback) => Assert.Equal(
        FindingIds.RollbackMissing,
        Document.Parse(migrated: $"### 2024_x\n- **Description:** a\n\n{rollback}").Ids(FindingSeverity.Information));

    [Theory]
    [InlineData("DEPLOYED to staging only", true)]
    [InlineData("`DEPLOYED` (QA)", true)]
    [InlineData("DEPLOYED on our staging", true)]
    [InlineData("DEPLOYED in the QA environment", true)]
    [InlineData("DEPLOYED, not yet in production", true)]
    [InlineData("DEPLOYED (not in production)", true)]
    [InlineData("DEPLOYED (tested on staging first)", false)]
    [InlineData("DEPLOYED – zero downtime, not reversible", false)]
    [InlineData("DEPLOYED to production, after a test on dev", false)]
    [InlineData("DEPLOYED (2024-12-24)", false)]
    [InlineData("DEPLOYED to production", false)]
    public void DEPLOYED_elsewhere_than_in_production_is_told(string status, bool isTold)
    {
        Changelog changelog = Document.Parse(deployed: $"### 2024_x\n- **Status:** {status}");
        Assert.Equal(isTold ? FindingIds.StatusQualified : "", changelog.Ids(FindingSeverity.Warning));
        Assert.Empty(changelog.Blocking());
    }

    [Theory]
    [InlineData("2024-12-24", true)]
    [InlineData("not yet", false)]
    public void MIGRATED_with_a_date_of_deployment_is_told(string date, bool isTold) => Assert.Equal(
        isTold ? FindingIds.StatusQualified : "",
        Document.Parse(migrated: $"### 2024_x\n- **Date Deployed:** {date}\n{Complete}").Ids(FindingSeverity.Warning));

    [Fact]
    public void A_month_above_entries_is_a_group_and_no_entry()
    {
        Changelog changelog = Document.Parse(deployed: "### December 2024\n#### 2024_x\n#### 2024_y\n### November 2024\n#### Old one\n- "
            + "Status: DEPLOYED");
        Assert.Equal("2024_x, 2024_y, Old one", string.Join(", ", changelog.Entries.Select(entry => entry.Name)));
    }

    [Fact]
    public void Labelled_sub_headings_are_fields_of_their_entry()
    {
        ChangelogEntry entry = Assert.Single(Document.Parse(
            migrated: "### 2024_x\n#### Description\nAdds sites.\n#### Changes\n- one\n- two\n#### Rollback\nDrop.").Entries);
        Assert.Equal("Adds sites.", entry.Field("Description")!.Text);
        Assert.Equal("one, two", string.Join(", ", entry.Field("Changes")!.Items));
    }

    [Fact]
    public void A_bullet_without_a_label_keeps_its_text()
    {
        ChangelogEntry entry = Assert.Single(Document.Parse(migrated: "### 2024_x\n- see https://example.com/a:b for more").Entries);
        Assert.Equal(("", "see https://example.com/a:b for more"), (entry.Fields[0].Label, entry.Fields[0].Text));
    }

    [Fact]
    public void A_free_title_may_begin_with_a_status_word()
    {
        Changelog changelog = Document.Parse(migrated: "### Deployed flag on orders\n" + Complete, deployed: "### Migrated users table");
        Assert.Equal([ChangelogStatus.Migrated, ChangelogStatus.Deployed], changelog.Entries.Select(entry => entry.Status));
        Assert.Empty(changelog.Findings);
    }

    [Fact]
    public void A_heading_that_reads_like_a_nested_Pending_section_blocks() =>
        Assert.Contains(
            FindingIds.StatusSectionMismatch, Document.Parse(migrated: "### Pending\n#### Add foo").Blocking(), StringComparison.Ordinal);

    [Fact]
    public void A_bullet_in_the_Migrated_section_itself_is_reported_as_no_entry()
    {
        Changelog changelog = Document.Parse(migrated: "Ready to go:\n\n- 2024_x: adds sites");
        Assert.Equal(FindingSeverity.Warning, Assert.Single(changelog.Findings, finding => finding.Id == FindingIds.LooseContent).Severity);
        Assert.Empty(changelog.Blocking());
    }

    [Fact]
    public void A_status_without_an_entry_above_it_blocks() =>
        Assert.Contains(FindingIds.UnknownStatus, Document.Parse(deployed: "- **Status:** DEPLOYED").Blocking(), StringComparison.Ordinal);

    [Fact]
    public void A_status_that_indentation_turns_into_code_blocks() =>
        Assert.Equal(FindingIds.UnreadableBlock, Document.Parse(deployed: "### 2024_x\n\n    - **Status:** PENDING\n").Blocking());

    [Theory]
    [InlineData("Low", RiskLevel.Low)]
    [InlineData("**MEDIUM** - locks", RiskLevel.Medium)]
    [InlineData("🔴 High", RiskLevel.High)]
    [InlineData("critical!", RiskLevel.Critical)]
    [InlineData("none", null)]
    [InlineData("", null)]
    public void The_first_word_states_the_risk(string text, RiskLevel? risk) =>
        Assert.Equal(risk, Document.Parse(migrated: $"### 2024_x\n- **Risk Level:** {text}").Entries[0].Risk);

    [Theory]
    [InlineData("`prisma/migrations/2024_y/migration.sql`", "2024_y")]
    [InlineData("[the file](../prisma/migrations/2024_y/migration.sql)", "2024_y")]
    [InlineData("see `prisma\\migrations\\2024_y\\migration.sql` (new)", "2024_y")]
    [InlineData("2024_y/migration.sql", "2024_y")]
    [InlineData("packages/db/prisma/migrations/init/", "init")]
    [InlineData("`2024_y`", "2024_y")]
    [InlineData("\n  - `prisma/migrations/2024_y/migration.sql`\n  - `prisma/migrations/2024_z/migration.sql`", "2024_y 2024_z")]
    [InlineData("N/A", "")]
    [InlineData("to be created", "")]
    public void The_migration_file_names_its_migrations(string text, string names) => Assert.Equal(
        names,
        string.Join(' ', Document.Parse(migrated: $"### Sites\n- **Migration File:** {text}").Entries[0].MigrationFiles));

    [Theory]
    [InlineData("2024-12-24")]
    [InlineData("December 2024")]
    [InlineData("December 24, 2024")]
    [InlineData("24.12.2024")]
    [InlineData("24 Dec 2024")]
    [InlineData("Dec. 24th, 2024 (staging first)")]
    [InlineData("Tue, 24 December 2024")]
    [InlineData("12/24/2024")]
    [InlineData("2024-12-24 14:30 UTC")]
    [InlineData("2024-12-24T14:30:00Z")]
    [InlineData("Sept 2024")]
    [InlineData("2024")]
    public void Dates_as_people_write_them_are_dates(string date) =>
        Assert.Empty(Document.Parse(deployed: $"### 2024_x\n- **Date Deployed:** {date}").Findings);

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("February 30, 2024")]
    [InlineData("2024-13-01")]
    public void What_is_no_date_is_hygiene(string date) => Assert.Equal(
        FindingSeverity.Information,
        Document.Parse(deployed: $"### 2024_x\n- **Date Deployed:** {date}").Only(FindingIds.DateInvalid).Severity);
}
