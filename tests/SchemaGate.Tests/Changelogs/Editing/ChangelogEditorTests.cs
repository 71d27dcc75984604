using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Tests.Changelogs.Editing;

public sealed class ChangelogEditorTests
{
    private const string Sites = "20241224000000_add_sites_model";
    private const string Usage = "20241224100000_add_cs_ai_usage_tables";
    private const string Baseline = "00000000000000_init_baseline";

    private static readonly ChangelogEdit s_add = new ChangelogEdit.AddEntry(
        ChangelogStatus.Pending, "add_coupons",
        [FieldValue.Status(ChangelogStatus.Pending), new("Description", "Coupons"), new("Changes", "", ["New `coupons` table", "# 1"])]);

    private static string Edited(string text, params ChangelogEdit[] edits) =>
        Assert.IsType<EditOutcome.Edited>(ChangelogEditor.Apply(text, edits)).Text;

    private static string Refused(string text, params ChangelogEdit[] edits) =>
        Assert.IsType<EditOutcome.Refused>(ChangelogEditor.Apply(text, edits)).Reason;

    [Fact]
    public void The_first_entry_takes_the_placeholder_s_place()
    {
        string expected = Document.Seed.Replace("_None currently_", """
            ### add_coupons
            - **Status:** `PENDING`
            - **Description:** Coupons
            - **Changes:**
              - New `coupons` table
              - \# 1
            """, StringComparison.Ordinal);
        Assert.Equal(expected, Edited(Document.Seed, s_add));
        Assert.Equal(expected, Edited(expected, s_add));
    }

    [Fact]
    public void A_deployed_entry_is_moved_whole_and_takes_its_dates()
    {
        int start = Document.Seed.IndexOf($"### {Sites}", StringComparison.Ordinal);
        string block = Document.Seed[start..Document.Seed.IndexOf($"### {Usage}", StringComparison.Ordinal)];
        string moved = block.TrimEnd().Replace("MIGRATED", "DEPLOYED", StringComparison.Ordinal)
            .Replace("24, 2024\n", "24, 2024\n- **Date Deployed:** January 2, 2025\n", StringComparison.Ordinal);
        string expected = Document.Seed.Replace(block, "", StringComparison.Ordinal)
            .Replace("(177 tables)", "(177 tables)\n\n" + moved, StringComparison.Ordinal)
            .Replace("December 24, 2025", "January 2, 2025", StringComparison.Ordinal);
        ChangelogEdit[] edits =
        [
            new ChangelogEdit.MoveEntry(Sites, ChangelogStatus.Deployed), new ChangelogEdit.SetStatus(Sites, ChangelogStatus.Deployed),
            new ChangelogEdit.SetField(Sites, new("Date Deployed", "January 2, 2025")), new ChangelogEdit.SetLastUpdated(new(2025, 1, 2)),
        ];
        Assert.Equal(expected, Edited(Document.Seed, edits));
        Assert.Equal(expected, Edited(expected, edits));
    }

    [Fact]
    public void The_heading_of_a_month_goes_with_its_last_entry()
    {
        const string Months = "### January\n\n#### 1_a\n- x\n\n### February\n\n#### 2_b\n- x\n\n#### 3_c\n- x";
        string text = Document.Of("_None currently_", Months);
        string moved = Edited(text, new ChangelogEdit.MoveEntry("1_a", ChangelogStatus.Deployed));
        string february = Months[Months.IndexOf("### F", StringComparison.Ordinal)..];
        Assert.Equal(Document.Of("_None currently_", february, deployed: "#### 1_a\n- x").Trim(), moved.Trim());
        moved = Edited(
            text, new ChangelogEdit.MoveEntry("3_c", ChangelogStatus.Deployed),
            new ChangelogEdit.MoveEntry("2_b", ChangelogStatus.Deployed));
        Assert.Equal(
            Document.Of("_None currently_", "### January\n\n#### 1_a\n- x", "#### 2_b\n- x\n\n#### 3_c\n- x").Trim(), moved.Trim());
        moved = Edited(moved, new ChangelogEdit.MoveEntry("1_a", ChangelogStatus.Pending));
        Assert.Equal(Document.Of("#### 1_a\n- x", "_None currently_", "#### 2_b\n- x\n\n#### 3_c\n- x").Trim(), moved.Trim());
    }

    [Theory]
    [InlineData("January 2, 2026", "December 2024")]
    [InlineData("2026-01-02", "2024-12-24", "2024-12-25", "December 24, 2024")]
    [InlineData("2 January 2026", "24 December 2024")]
    [InlineData("02.01.2026", "24.12.2024")]
    [InlineData("01/02/2026", "12/24/2024")]
    [InlineData("1/2/2026", "7/24/2024")]
    [InlineData("02/01/2026", "24/12/2024")]
    public void A_day_is_written_as_most_of_the_documents_are(string expected, params string[] dates)
    {
        string entries = string.Join("\n\n", dates.Select((date, number) => $"### {number}_x\n- **Date Added:** {date}"));
        Assert.Equal(expected, DateStyle.Write(new(2026, 1, 2), Document.Parse(migrated: entries)));
        string text = Document.Of(migrated: entries) + "\n---\n\n**Last Updated:** 2025-11-30  \n";
        Assert.EndsWith(
            "**Last Updated:** 2026-01-02  \n", Edited(text, new ChangelogEdit.SetLastUpdated(new(2026, 1, 2))), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_between_entries_stay_between_entries()
    {
        string text = Document.Of(migrated: "### 1_a\n- x\n\n---\n\n### 2_b\n- x\n\n---\n\n### 3_c\n- x\n\n---");
        string[] names = ["1_a", "2_b", "3_c"];
        foreach (string name in names)
        {
            string moved = Edited(text, new ChangelogEdit.MoveEntry(name, ChangelogStatus.Deployed));
            string left = string.Join(
                "\n\n---\n\n", names.Where(other => other != name).Select(other => $"### {other}\n- x"));
            Assert.Equal(Document.Of(migrated: left + "\n\n---", deployed: $"### {name}\n- x").Trim(), moved.Trim());
        }
    }

    [Fact]
    public void A_document_that_is_written_newest_first_stays_so()
    {
        string text = Document.Of(migrated: "### 3_c\n- x", deployed: "### 2_b\n- x\n\n### 1_a\n- x");
        string moved = Edited(text, new ChangelogEdit.MoveEntry("3_c", ChangelogStatus.Deployed));
        Assert.Equal(Document.Of(migrated: "_None currently_", deployed: "### 3_c\n- x\n\n### 2_b\n- x\n\n### 1_a\n- x"), moved);
    }

    [Theory]
    [InlineData("## Pending\n\n### x\n- y\n", "## Pending\n\nNONE\n\n## MIGRATED\n\n### x\n- y\n")]
    [InlineData("# Deployed\n\n# Pending\n\n### x\n", "# Deployed\n\n# Pending\n\nNONE\n\n# MIGRATED\n\n### x\n")]
    [InlineData(
        "Pending\n---\n\n### x\n- y", "Pending\n---\n\nNONE\n\nMIGRATED\n-------------------------------\n\n### x\n- y")]
    public void A_section_that_is_missing_is_written(string text, string expected) => Assert.Equal(
        expected.Replace("NONE", "_None currently_", StringComparison.Ordinal)
            .Replace("MIGRATED", "Migrated (Ready for Deployment)", StringComparison.Ordinal),
        Edited(text, new ChangelogEdit.MoveEntry("x", ChangelogStatus.Migrated)));

    [Theory]
    [InlineData("* __Status__: PENDING  \n* __Changes__:\n    * One", "* __Status__: DEPLOYED  \n* __Changes__:\n    * Two\n    * Three")]
    [InlineData("Status: pending\nChanges: One", "Status: deployed\nChanges: Two; Three")]
    [InlineData("1. **Status** - Pending", "1. **Status** - Deployed\n1. **Changes** -\n   - Two\n   - Three")]
    [InlineData(
        "- **Status:** ✅ `PENDING` (soon)\n- **Risk Level:** Low",
        "- **Status:** ✅ `DEPLOYED` (soon)\n- **Changes:**\n  - Two\n  - Three\n- **Risk Level:** Low")]
    [InlineData("\t\n- Status: PENDING\n\n  <!-- kept -->", "\t\n- Status: DEPLOYED\n\n  <!-- kept -->\n- Changes:\n  - Two\n  - Three")]
    public void Fields_are_written_as_the_document_writes_its_own(string before, string after) => Assert.Equal(
        Document.Of($"### x\n{after}"), Edited(
            Document.Of($"### x\n{before}"), new ChangelogEdit.SetStatus("x", ChangelogStatus.Deployed),
            new ChangelogEdit.SetField("x", new("Changes", "", ["Two", "Three"]))));

    [Theory]
    [InlineData("### x\n- a\n\n### x\n- b", "'x' stands in line 5 and in line 8")]
    [InlineData("### y\n- a", "has no entry 'x'")]
    [InlineData("### x\n- Status: PENDING\n- Status: MIGRATED", "states several statuses")]
    [InlineData("### x\n#### Status\nPENDING", "not written as a plain bullet")]
    [InlineData("### x\n- a\n\n```\nopen", "never closed")]
    public void What_is_not_plain_is_refused_in_words(string pending, string expected) => Assert.Contains(
        expected, Refused(Document.Of(pending), new ChangelogEdit.SetStatus("x", ChangelogStatus.Deployed)), StringComparison.Ordinal);

    [Fact]
    public void What_would_read_as_something_else_is_not_written() => Assert.Contains(
        "would not read as meant at 'x'", Refused(
            Document.Of("### x\n- y"), new ChangelogEdit.SetField("x", new("Changes", "", ["<!-- open"]))), StringComparison.Ordinal);

    [Fact]
    public void An_edit_of_ten_thousand_entries_takes_ten_times_that_of_a_thousand()
    {
        int start = Document.Seed.IndexOf($"### {Sites}", StringComparison.Ordinal);
        string entry = Document.Seed[start..Document.Seed.IndexOf($"### {Usage}", StringComparison.Ordinal)];
        long Allocated(int count)
        {
            string text = Document.Of(migrated: string.Concat(Enumerable.Range(0, count).Select(
                number => entry.Replace("20241224000000", $"2024{number:D10}", StringComparison.Ordinal))));
            string name = $"2024{count / 2:D10}_add_sites_model";
            long before = GC.GetAllocatedBytesForCurrentThread();
            Edited(
                text, new ChangelogEdit.MoveEntry(name, ChangelogStatus.Deployed),
                new ChangelogEdit.SetStatus(name, ChangelogStatus.Deployed));
            Assert.IsType<EditOutcome.Edited>(ChangelogFormatter.Format(text));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(10);
        Assert.InRange(Allocated(10_000), 1, 15 * Allocated(1_000));
    }
}
