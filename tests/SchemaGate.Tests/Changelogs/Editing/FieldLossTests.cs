using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Tests.Changelogs.Editing;

/// <summary>Edits of a field or a date leave what somebody wrote around it, or are refused.</summary>
public sealed class FieldLossTests
{
    private const string Usual = "`DEPLOYED`";

    private static readonly DateOnly s_day = new(2026, 11, 30);

    private static string Edited(string text, params ChangelogEdit[] edits) =>
        Assert.IsType<EditOutcome.Edited>(ChangelogEditor.Apply(text, edits)).Text;

    private static string Refused(string text, params ChangelogEdit[] edits) =>
        Assert.IsType<EditOutcome.Refused>(ChangelogEditor.Apply(text, edits)).Reason;

    [Theory]
    [InlineData(
        "*Last Updated: December 24, 2025 by @maria (see [runbook](https://x/y))*",
        "*Last Updated: November 30, 2026 by @maria (see [runbook](https://x/y))*")]
    [InlineData("**Last Updated:** 2025-12-24 | v3", "**Last Updated:** 2026-11-30 | v3")]
    [InlineData("Last Updated: `24.12.2025`<br>", "Last Updated: `30.11.2026`<br>")]
    [InlineData("_Last Updated: 2025-12-24 (UTC)_", "_Last Updated: 2026-11-30 (UTC)_")]
    [InlineData("Last updated the backfill script: rerun it", "Last updated the backfill script: rerun it")]
    [InlineData("Last Updated: whenever somebody remembers", "Last Updated: whenever somebody remembers")]
    [InlineData("Last Updated: 2025 was a busy year", "Last Updated: 2025 was a busy year")]
    public void Only_the_day_of_the_documents_date_is_replaced(string before, string after)
    {
        ChangelogEdit set = new ChangelogEdit.SetLastUpdated(s_day);
        Assert.Equal(Document.Of() + "\n---\n\n" + after + "\n", Edited(Document.Of() + "\n---\n\n" + before + "\n", set));
        Assert.Equal(Document.Of($"### x\n- y\n\n{after}"), Edited(Document.Of($"### x\n- y\n\n{before}"), set));
    }

    [Fact]
    public void The_documents_date_is_no_field_of_the_entry_above_it()
    {
        string text = Document.Of(migrated: "### 2_b\n- x", deployed: "### 1_a\n- y") + "\n---\n\n**Last Updated:** 2025-12-24\n";
        string moved = Edited(text, new ChangelogEdit.MoveEntry("2_b", ChangelogStatus.Deployed));
        Assert.Contains("### 1_a\n- y\n\n### 2_b\n- x\n", moved, StringComparison.Ordinal);
        Assert.EndsWith("\n\n---\n\n**Last Updated:** 2025-12-24\n", moved, StringComparison.Ordinal);
        Assert.Equal("Owner", ChangelogParser.Parse(
            Document.Of("### x\n**Owner:** me")).Entries[0].Fields[0].Label);
        Assert.Equal(ChangelogStatus.Pending, ChangelogParser.Parse(
            Document.Of(deployed: "### x\n**Last Updated:** 2025\n**Status:** PENDING")).Entries[0].Status);
    }

    [Fact]
    public void A_day_that_two_styles_fit_is_written_as_the_documents_others()
    {
        string text = Document.Of(deployed: "### 1_a\n- **Date Deployed:** 24/12/2025\n\n### 2_b\n- **Date Deployed:** 05/11/2026")
            + "\nLast updated: 05/11/2026\n";
        Assert.EndsWith("Last updated: 30/11/2026\n", Edited(text, new ChangelogEdit.SetLastUpdated(s_day)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MIGRATED (DBA approved, ticket OPS-7) <!-- by Bob -->", "DEPLOYED (DBA approved, ticket OPS-7) <!-- by Bob -->")]
    [InlineData("🟡 MIGRATED<br>", "🟡 DEPLOYED<br>")]
    [InlineData("`MIGRATED`\\", "`DEPLOYED`\\")]
    [InlineData("**Migrated** – by hand", "**Deployed** – by hand")]
    [InlineData("", Usual)]
    [InlineData("soon", Usual)]
    public void What_stands_around_a_status_stays(string before, string after) => Assert.Equal(
        Document.Of($"### x\n- **Status:** {after}"),
        Edited(Document.Of($"### x\n- **Status:** {before}".TrimEnd()), new ChangelogEdit.SetStatus("x", ChangelogStatus.Deployed)));

    [Theory]
    [InlineData("MIGRATED (staging only)", "(staging only)")]
    [InlineData("MIGRATED, then PENDING", ", then PENDING")]
    [InlineData("Ready when the DBA says so", "Ready when the DBA says so")]
    [InlineData("MIGRATED\n  and a line more", "several lines")]
    public void A_remark_that_would_say_something_else_is_refused(string status, string named) => Assert.Contains(
        named,
        Refused(Document.Of($"### x\n- **Status:** {status}"), new ChangelogEdit.SetStatus("x", ChangelogStatus.Deployed)),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Rollback", "old <!-- kept -->", "new <!-- kept -->")]
    [InlineData("Rollback", "old<br />", "new<br />")]
    [InlineData("Migration File", "TBD", "new")]
    public void What_ends_a_fields_line_stays(string label, string before, string after) => Assert.Equal(
        Document.Of($"### x\n- **{label}:** {after}"),
        Edited(Document.Of($"### x\n- **{label}:** {before}"), new ChangelogEdit.SetField("x", new(label, "new"))));

    [Theory]
    [InlineData("Migration File", "`prisma/migrations/1_old/migration.sql` (first part)", "1_old")]
    [InlineData("Rollback", "old\n  and a second line", "several lines")]
    public void What_a_field_would_lose_is_refused(string label, string text, string named) => Assert.Contains(
        named,
        Refused(
            Document.Of($"### x\n- **{label}:** {text}"),
            new ChangelogEdit.SetField("x", new(label, "`prisma/migrations/2_new/migration.sql`"))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("TBD", "November 30, 2026")]
    [InlineData("—", "November 30, 2026")]
    [InlineData("_not yet_", "November 30, 2026")]
    [InlineData("N/A", "November 30, 2026")]
    [InlineData("December 24, 2025", "December 24, 2025")]
    [InlineData("Q1 2026, by Bob", "Q1 2026, by Bob")]
    public void A_word_in_a_dates_place_gives_way_to_the_date(string before, string after)
    {
        string text = Document.Of(migrated: $"### x\n- **Status:** MIGRATED\n- **Date Deployed:** {before}");
        ChangelogEntry entry = ChangelogParser.Parse(text).Entries[0];
        IReadOnlyList<ChangelogEdit> steps = ChangelogSteps.Deployed(entry, new("November 30, 2026", IsGiven: false));
        Assert.EndsWith($"- **Date Deployed:** {after}", Edited(text, [.. steps]).TrimEnd(), StringComparison.Ordinal);
    }
}
