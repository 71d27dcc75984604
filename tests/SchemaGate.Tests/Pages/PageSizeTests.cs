using System.Globalization;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Pages;

namespace SchemaGate.Tests.Pages;

/// <summary>A page has a bound, whatever the document is made of.</summary>
public sealed class PageSizeTests
{
    [Fact]
    public void Long_names_dates_and_findings_are_cut()
    {
        string quotes = new('"', 1580);
        string page = PageDocument.Of(Page(string.Concat(Enumerable.Range(0, 5000).Select(number => string.Create(
            CultureInfo.InvariantCulture,
            $"### {number}_{quotes[99..]}\n- **Status:** `MIGRATED`\n- **Date Added:** {new string('"', 99)}\n\n")))));
        Assert.Contains("0_&quot;&quot;", page, StringComparison.Ordinal);
        Assert.Contains("…", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 1 << 20, 16 << 20);
    }

    [Fact]
    public void A_page_that_would_be_too_long_says_so()
    {
        ChangelogPage page = Page("### 1_x\n- **Status:** `MIGRATED`\n- **Description:** It is there\n");
        string whole = PageDocument.Of(page);
        Assert.Contains("It is there", whole, StringComparison.Ordinal);
        Assert.Equal(whole, PageDocument.Of(page, whole.Length));
        string none = PageDocument.Of(page, whole.Length - 1);
        Assert.Contains("Too large", none, StringComparison.Ordinal);
        Assert.DoesNotContain("It is there", none, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", none, StringComparison.Ordinal);
    }

    private static ChangelogPage Page(string entries)
    {
        string text = $"## Pending\n\n## Migrated\n\n{entries}\n## Deployed\n";
        Changelog document = ChangelogParser.Parse(text);
        MigrationSet none = MigrationSet.Read(new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal));
        return ChangelogPages.Of(
            "shop", new(document, text, none, null), document.Findings, [], DateTimeOffset.UnixEpoch, PageLimits.Served);
    }
}
