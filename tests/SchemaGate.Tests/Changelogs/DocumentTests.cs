using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Changelogs;

public sealed class DocumentTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("# Readme\n\nPending, migrated and deployed changes.")]
    [InlineData("## Deployment\n## Deploy\n## Pre-Deployment Verification\n## Migrations\n## Schema Change Guidelines")]
    [InlineData("```\n## Pending\n## Migrated\n## Deployed\n```")]
    [InlineData("- ## Pending\n- ## Migrated\n\n> ## Deployed")]
    [InlineData("\0\u0001\uD800PK\u0003\u0004\r\u007F")]
    public void A_document_without_the_sections_is_no_changelog(string text) =>
        Assert.Equal(FindingIds.NotAChangelog, ChangelogParser.Parse(text).Blocking());

    [Fact]
    public void A_missing_section_is_named_in_a_warning()
    {
        Finding finding = Assert.Single(ChangelogParser.Parse("## Migrated\n\n## Guidelines").Findings);
        Assert.Equal((FindingIds.SectionMissing, FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Contains("no Pending and no Deployed", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("## Currently pending changes\n\n- Add foo\n\n## Migrated\n\n## Deployed")]
    [InlineData("## Migrated\n\n## Deployed\n\n## Schema changes, pending")]
    public void A_Pending_section_under_another_name_blocks(string text) =>
        Assert.Equal(FindingIds.SectionMissing, ChangelogParser.Parse(text).Blocking());

    [Theory]
    [InlineData("```sql\nALTER TABLE a;")]
    [InlineData("~~~")]
    [InlineData("<!-- old stuff")]
    [InlineData("<pre>")]
    [InlineData("<script>")]
    public void A_block_that_is_never_closed_blocks_at_its_line(string block)
    {
        string text = "## Pending\n\n## Migrated\n\n## Deployed\n\n" + block + "\n\n## Pending\n\n### x\n- **Status:** PENDING\n";
        Changelog changelog = ChangelogParser.Parse(text);
        Assert.Equal(FindingIds.UnreadableBlock, changelog.Blocking());
        Assert.Equal(7, changelog.Findings[0].Span!.Value.Line);
    }

    [Fact]
    public void A_heading_that_HTML_hides_blocks() => Assert.Equal(
        FindingIds.UnreadableBlock,
        ChangelogParser.Parse(Document.Seed + "\n\n<details>\n## Pending\n### x\n- **Status:** PENDING\n</details>\n").Blocking());

    [Fact]
    public void Entries_inside_HTML_with_blank_lines_are_read() => Assert.Equal(
        "2023_x",
        Assert.Single(Document.Parse(deployed: "<details>\n<summary>Old</summary>\n\n### 2023_x\n\n</details>").Entries).Name);

    [Fact]
    public void A_title_that_begins_with_a_status_word_swallows_no_section()
    {
        Changelog changelog = ChangelogParser.Parse("# Migrated schema\n\n" + Document.Of(pending: "### add_foo")[12..]);
        Assert.Equal(FindingIds.PendingChange, changelog.Blocking());
    }

    [Fact]
    public void Sections_below_a_common_heading_are_sections()
    {
        Changelog changelog = ChangelogParser.Parse("## Changes\n### Pending\n#### x\n### Migrated\n#### 2024_x\n### "
            + "Deployed\n#### 2023_x\n");
        Assert.Equal(
            [ChangelogStatus.Pending, ChangelogStatus.Migrated, ChangelogStatus.Deployed],
            changelog.Entries.Select(entry => entry.Section));
    }

    [Fact]
    public void Findings_come_in_the_order_of_lines()
    {
        Changelog changelog = Document.Parse(pending: "### x", migrated: "### x\n- Status: DONE\n- Date Added: soon");
        Assert.Equal(changelog.Findings.Select(finding => finding.Span!.Value.Line)
            .Order(), changelog.Findings.Select(finding => finding.Span!.Value.Line));
    }

    [Fact]
    public void An_underlined_Pending_section_ends_at_the_next_underlined_heading()
    {
        Changelog changelog = ChangelogParser.Parse("Pending\n-------\n\nNone\n\nMigrated\n--------\n\n### "
            + "2024_x\n\nGuidelines\n----------\n\n- Be careful\n");
        Assert.Equal("2024_x", Assert.Single(changelog.Entries).Name);
        Assert.Empty(changelog.Blocking());
    }
}
