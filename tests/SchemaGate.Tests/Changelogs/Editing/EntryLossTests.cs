using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Tests.Changelogs.Editing;

/// <summary>An entry that is moved or added leaves what stands around it where it is.</summary>
public sealed class EntryLossTests
{
    private static string Moved(string text, string name, ChangelogStatus section = ChangelogStatus.Deployed) =>
        ChangelogEditor.Apply(text, new ChangelogEdit.MoveEntry(name, section)) switch
        {
            EditOutcome.Edited { Text: var moved } => moved,
            var outcome => throw new Xunit.Sdk.XunitException(outcome.ToString()),
        };

    private static string Refused(string text, ChangelogEdit edit) =>
        Assert.IsType<EditOutcome.Refused>(ChangelogEditor.Apply(text, edit)).Reason;

    [Theory]
    [InlineData("</details>")]
    [InlineData("<!-- new entries go above -->")]
    [InlineData("---\n\nWhat is here runs on Fridays.")]
    [InlineData("</details>\n\n<!-- one\n\ntwo -->")]
    public void What_stands_below_the_last_entry_is_the_sections(string below)
    {
        const string First = "### 1_a\n- **Description:** x";
        const string Second = "### 2_b\n- **Description:** y";
        string moved = Moved(Document.Of(migrated: $"{First}\n\n{Second}\n\n{below}"), "2_b");
        Assert.Equal(Document.Of(migrated: $"{First}\n\n{below}", deployed: Second).Trim(), moved.Trim());
        moved = Moved(Document.Of("### 3_c\n- z", $"{Second}\n\n{below}"), "3_c", ChangelogStatus.Migrated);
        Assert.Contains($"{Second}\n\n### 3_c\n- z\n\n{below}\n", moved, StringComparison.Ordinal);
    }

    [Fact]
    public void An_anchor_above_the_next_heading_is_that_ones()
    {
        string moved = Moved(Document.Of(migrated: "### 1_a\n- x\n\n<a id=\"b\"></a>\n### 2_b\n- y"), "1_a");
        Assert.Contains("<a id=\"b\"></a>\n### 2_b\n- y\n", moved, StringComparison.Ordinal);
        Assert.EndsWith("## Deployed\n\n### 1_a\n- x\n", moved.TrimEnd() + "\n", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- y\n\n<details>\n\nSQL\n\n</details>")]
    [InlineData("---\n\nProse alone.")]
    [InlineData("- y\n\n---\n\n- z")]
    public void What_is_the_entrys_own_moves_with_it(string body) => Assert.Equal(
        Document.Of(migrated: "### 1_a\n- x", deployed: $"### 2_b\n{body}").Trim(),
        Moved(Document.Of(migrated: $"### 1_a\n- x\n\n### 2_b\n{body}"), "2_b").Trim());

    [Fact]
    public void What_stands_below_the_heading_of_a_month_is_not_taken_out_with_it()
    {
        const string Note = "<!-- frozen: ask Bob -->";
        string text = Document.Of(
            migrated: $"### December 2024\n\n{Note}\n\n#### 20241224_a\n- x\n\n### January 2025\n\n#### 20250101_b\n- y");
        ChangelogEdit move = new ChangelogEdit.MoveEntry("20241224_a", ChangelogStatus.Deployed);
        Assert.Contains("would not read as meant", Refused(text, move), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20241230000000_z", "December 2024:20241224_a,20241230000000_z January 2025:20250101_b")]
    [InlineData("20241201000000_z", "December 2024:20241201000000_z,20241224_a January 2025:20250101_b")]
    [InlineData("20250131000000_z", "December 2024:20241224_a January 2025:20250101_b,20250131000000_z")]
    [InlineData("20250205000000_z", "December 2024:20241224_a January 2025:20250101_b February 2025:20250205000000_z")]
    [InlineData("20241101000000_z", "November 2024:20241101000000_z December 2024:20241224_a January 2025:20250101_b")]
    public void A_migration_is_put_below_the_heading_of_its_month(string name, string expected)
    {
        const string Deployed = "### December 2024\n\n#### 20241224_a\n- x\n\n### January 2025\n\n#### 20250101_b\n- y";
        string moved = Moved(Document.Of(migrated: $"### {name}\n- z", deployed: Deployed), name);
        Assert.Equal(expected, Months(moved));
        const string Newest = "### 2025-01\n\n#### 20250101_b\n- y\n\n### 2024-12\n\n#### 20241224_a\n- x";
        moved = Moved(Document.Of(migrated: $"### {name}\n- z", deployed: Newest), name);
        string[] months = expected.Replace("November 2024", "2024-11", StringComparison.Ordinal)
            .Replace("December 2024", "2024-12", StringComparison.Ordinal)
            .Replace("January 2025", "2025-01", StringComparison.Ordinal)
            .Replace("February 2025", "2025-02", StringComparison.Ordinal).Split(' ');
        Assert.Equal(
            string.Join(' ', months.Reverse().Select(month => month[..8] + string.Join(',', month[8..].Split(',').Reverse()))),
            Months(moved));
    }

    [Fact]
    public void What_is_deployed_goes_to_the_section_of_production()
    {
        string text = Document.Of(migrated: "### 1_a\n- x").Replace(
            "## Deployed\n", "## Deployed to Staging\n\n### 0_s\n- x\n\n## Deployed to Production\n", StringComparison.Ordinal);
        Assert.EndsWith("## Deployed to Production\n\n### 1_a\n- x", Moved(text, "1_a").TrimEnd(), StringComparison.Ordinal);
        ChangelogEdit move = new ChangelogEdit.MoveEntry("1_a", ChangelogStatus.Deployed);
        Assert.Contains("Deployed to Staging", Refused(
            text.Replace("## Deployed to Production", "### More", StringComparison.Ordinal), move), StringComparison.Ordinal);
        Assert.Contains("several Deployed sections", Refused(
            text.Replace("to Staging", "in 2024", StringComparison.Ordinal), move), StringComparison.Ordinal);
    }

    [Fact]
    public void An_emptied_section_does_not_say_what_another_one_is_empty_of()
    {
        string moved = Moved(Document.Of("No pending changes.", "### 1_a\n- x"), "1_a");
        Assert.Equal(Document.Of("No pending changes.", "_None currently_", "### 1_a\n- x").Trim(), moved.Trim());
    }

    [Fact]
    public void What_stands_behind_a_written_entry_is_not_dropped()
    {
        const string Written = "### add_x\n- **Status:** PENDING\n- See [the ticket]\n\n[the ticket]: https://x/y\n";
        Assert.Contains("behind", Refused(
            Document.Of(), new ChangelogEdit.AddWritten(ChangelogStatus.Pending, Written)), StringComparison.Ordinal);
    }

    /// <summary>The Deployed section's headings with the names below them.</summary>
    private static string Months(string text) => string.Join(' ', text[text.IndexOf("## Deployed", StringComparison.Ordinal)..]
        .Split("\n### ").Skip(1)
        .Select(month => month.Split('\n')[0] + ":" + string.Join(',', month.Split('\n')
            .Where(line => line.StartsWith("####", StringComparison.Ordinal)).Select(line => line[5..]))));
}
