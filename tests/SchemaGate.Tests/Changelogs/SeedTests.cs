using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Changelogs;

public sealed class SeedTests
{
    private static readonly Changelog s_seed = ChangelogParser.Parse(Document.Seed);

    [Fact]
    public void The_seed_has_nothing_pending_two_migrated_and_one_deployed()
    {
        Assert.Equal(0, s_seed.Count(ChangelogStatus.Pending));
        Assert.Equal(2, s_seed.Count(ChangelogStatus.Migrated));
        Assert.Equal(1, s_seed.Count(ChangelogStatus.Deployed));
    }

    [Fact]
    public void The_seed_has_no_finding_at_all() => Assert.Empty(s_seed.Findings);

    [Fact]
    public void Entries_keep_the_order_of_the_document() => Assert.Equal(
        "20241224000000_add_sites_model 20241224100000_add_cs_ai_usage_tables 00000000000000_init_baseline",
        string.Join(' ', s_seed.Entries.Select(entry => entry.Name)));

    [Fact]
    public void Every_label_of_an_entry_is_a_field_in_order() => Assert.Equal(
        "Status, Date Added, Date Migrated, Description, Changes, Migration File, Risk Level, Rollback, Production Notes",
        string.Join(", ", s_seed.Entries[0].Fields.Select(field => field.Label)));

    [Theory]
    [InlineData("Status", "MIGRATED")]
    [InlineData("date added", "December 2024")]
    [InlineData("Description", "New Site model for multiple storefronts per company")]
    [InlineData("Migration File", "prisma/migrations/20241224000000_add_sites_model/migration.sql")]
    [InlineData("Risk Level", "Low (additive changes only, no data migration needed)")]
    [InlineData("Rollback", "Drop foreign keys, drop columns, drop table")]
    public void A_field_has_its_text_without_markup(string label, string text) => Assert.Equal(text, s_seed.Entries[0].Field(label)!.Text);

    [Fact]
    public void Nested_bullets_are_the_items_of_their_field()
    {
        ChangelogField changes = s_seed.Entries[1].Field("Changes")!;
        Assert.Equal("", changes.Text);
        Assert.Equal(4, changes.Items.Count);
        Assert.Equal("New CSAIUsageType enum (VOICE_CALL, CHAT_SESSION, EMAIL_SUPPORT, SMS_SUPPORT)", changes.Items[0]);
        Assert.Equal("Estimated execution time: < 1 second", s_seed.Entries[0].Field("Production Notes")!.Items[^1]);
    }

    [Fact]
    public void A_deployed_entry_without_a_status_has_its_sections()
    {
        ChangelogEntry baseline = s_seed.Entries[2];
        Assert.Equal((ChangelogStatus.Deployed, ChangelogStatus.Deployed), (baseline.Status, baseline.Section));
        Assert.Equal("Date Deployed, Description", string.Join(", ", baseline.Fields.Select(field => field.Label)));
    }

    [Fact]
    public void Spans_are_the_headings_and_the_bullets_lines()
    {
        string[] lines = Document.Seed.Split('\n');
        ChangelogEntry entry = s_seed.Entries[0];
        Assert.Equal(("### 20241224000000_add_sites_model", 1), (lines[entry.Span.Line - 1], entry.Span.Column));
        Assert.Equal("### 20241224000000_add_sites_model".Length, entry.Span.Length);
        SourceSpan risk = entry.Field("Risk Level")!.Span;
        Assert.Equal("- **Risk Level:** Low (additive changes only, no data migration needed)", lines[risk.Line - 1].Substring(
            risk.Column - 1, risk.Length));
    }

    [Fact]
    public void Risk_and_migration_file_are_read()
    {
        Assert.Equal(RiskLevel.Low, s_seed.Entries[0].Risk);
        Assert.Null(s_seed.Entries[2].Risk);
        Assert.Equal("20241224000000_add_sites_model", Assert.Single(s_seed.Entries[0].MigrationFiles));
    }

    [Fact]
    public void One_entry_set_to_PENDING_blocks_at_its_line()
    {
        int at = Document.Seed.LastIndexOf("`MIGRATED`\n- **Date", StringComparison.Ordinal);
        Changelog changelog = ChangelogParser.Parse(Document.Seed.Remove(at, 10).Insert(at, "`PENDING`"));
        Finding pending = changelog.Only(FindingIds.PendingChange);
        Assert.Equal((FindingSeverity.Blocking, "20241224100000_add_cs_ai_usage_tables"), (pending.Severity, pending.Migration));
        Assert.Equal(new SourceSpan(Document.Seed[..at].Count('\n'.Equals) + 1, 1, "- **Status:** `PENDING`".Length), pending.Span);
    }

    [Fact]
    public void The_first_entry_moved_to_the_Pending_section_blocks_even_if_it_says_MIGRATED()
    {
        const string Heading = "## Migrated (Ready for Deployment)\n";
        string without = Document.Seed.Replace(Heading, "", StringComparison.Ordinal);
        string text = without.Insert(without.IndexOf("### 20241224100000", StringComparison.Ordinal), Heading + "\n");
        Changelog changelog = ChangelogParser.Parse(text);
        Assert.Equal("20241224000000_add_sites_model", changelog.Only(FindingIds.PendingChange).Migration);
        Assert.Equal("20241224000000_add_sites_model", changelog.Only(FindingIds.StatusSectionMismatch).Migration);
    }
}
