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
            new ChangelogEdit.SetField(Sites, new("Date Deployed", "January 2, 2025")), new ChangelogEdit.SetLastUpdated("January 2, 2025"),
        ];
        Assert.Equal(expected, Edited(Document.Seed, edits));
        Assert.Equal(expected, Edited(expected, edits));
    }
}
