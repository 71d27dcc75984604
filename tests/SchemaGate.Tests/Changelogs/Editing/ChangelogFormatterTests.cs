using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Tests.Changelogs.Editing;

public sealed class ChangelogFormatterTests
{
    private static string Formatted(string text) => Assert.IsType<EditOutcome.Edited>(ChangelogFormatter.Format(text)).Text;

    [Fact]
    public void The_seed_is_formatted() => Assert.Equal(Document.Seed, Formatted(Document.Seed));

    [Theory]
    [InlineData(
        "* status: pending \n*   __Changes__:\n    + One\t\n    + Two",
        "- **Status:** `PENDING`\n- **Changes:**\n  - One\n  - Two")]
    [InlineData("- **STATUS** - **Migrated**\n- **Owner**: me", "- **Status:** `MIGRATED`\n- **Owner**: me")]
    [InlineData("* **Date Deployed**: —\n* Status: pending", "- **Date Deployed:** —\n- **Status:** `PENDING`")]
    [InlineData("- 📅 **Date Added:** x\n- Status: pending", "- 📅 **Date Added:** x\n- **Status:** `PENDING`")]
    [InlineData("- **Status:** `MIGRATED` (soon)", "- **Status:** `MIGRATED` (soon)")]
    [InlineData("- **Status:** DEPLOYED\n\n- **Rollback**: none", "- **Status:** `DEPLOYED`\n\n- **Rollback:** none")]
    public void Plain_fields_are_written_as_the_seed_writes_them(string before, string after) => Assert.Equal(
        Document.Of($"### x\n{after}").Trim(), Formatted(Document.Of($"### x\n{before}")).Trim());

    [Theory]
    [InlineData("1. status: pending")]
    [InlineData("* status: pending\n  and more of it")]
    [InlineData("* changes:\n  ```sql\n  SELECT 1; \n  ```")]
    [InlineData("* changes:\n  * a\n    * b")]
    [InlineData("one line,  \nand another")]
    [InlineData("**A:** x  \n**B:** y")]
    [InlineData("**A:** x  \n*B:* y  \n\\# c")]
    [InlineData("a\n\n\u00A0\n\nb\u3000")]
    [InlineData("- 📅 **Owner:** me\n- ~~**Rollback:** x~~\n- 📅 **Date Added:** x")]
    [InlineData("```\ncode  \n\t\n```\n\n<!-- a  \nb -->")]
    public void What_is_not_plain_stays_as_it_is(string body) =>
        Assert.Contains($"### x\n{body}\n", Formatted(Document.Of($"### x\n{body}")), StringComparison.Ordinal);

    [Fact]
    public void An_entry_that_would_read_differently_keeps_no_other_from_being_formatted() => Assert.Equal(
        Document.Of("### x\n- **Rollback** = drop it\n\n### z\n- **Status:** `PENDING`").Trim(),
        Formatted(Document.Of("### x\n- **Rollback** = drop it\n\n### z\n* status: pending")).Trim());

    [Theory]
    [InlineData("### a\n- b\n### c\n- d\n\n\n\n### e  \n\n- f", "### a\n- b\n\n### c\n- d\n\n### e\n\n- f")]
    [InlineData("### a\n- b\n\n---\n\n### c\n- d", "### a\n- b\n\n---\n\n### c\n- d")]
    public void One_blank_line_stands_between_entries(string before, string after) =>
        Assert.Equal(Document.Of(migrated: after).Trim(), Formatted(Document.Of(migrated: before)).Trim());

    [Theory]
    [InlineData("# A\r\n\r\n## Pending \r\n\r\n", "# A\r\n\r\n## Pending\r\n")]
    [InlineData("\uFEFF## Pending", "\uFEFF## Pending\n")]
    [InlineData("## Pending\r### x\r* status: pending", "## Pending\r### x\r- **Status:** `PENDING`\r")]
    public void Line_ends_stay_and_one_is_the_last(string before, string after) => Assert.Equal(after, Formatted(before));

    [Fact]
    public void What_is_no_changelog_is_refused() => Assert.Contains(
        "it is no changelog", Assert.IsType<EditOutcome.Refused>(ChangelogFormatter.Format("# Notes\n")).Reason, StringComparison.Ordinal);
}
