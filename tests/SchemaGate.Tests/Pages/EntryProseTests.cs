using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Pages;

namespace SchemaGate.Tests.Pages;

public sealed class EntryProseTests
{
    [Theory]
    [InlineData("[a](https://example.com/x?y=1&z=2)", "<p><a href=\"https://example.com/x?y=1&amp;z=2\" REL>a</a></p>\n")]
    [InlineData("<mailto:a@example.com>", "<p><a href=\"mailto:a@example.com\" REL>mailto:a@example.com</a></p>\n")]
    [InlineData("![a picture](https://example.com/x.png)", "<p><a href=\"https://example.com/x.png\" REL>a picture</a></p>\n")]
    [InlineData("[a](javascript:alert(1))", "<p><span>a</span></p>\n")]
    [InlineData("[a](&#106;avascript:alert)", "<p><span>a</span></p>\n")]
    [InlineData("[a](docs/other.md) [b](#c) [d](//e.test)", "<p><span>a</span> <span>b</span> <span>d</span></p>\n")]
    [InlineData("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n")]
    [InlineData("```x\" onload=y\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>\n")]
    [InlineData("> # a", "<blockquote>\n<h4>a</h4>\n</blockquote>\n")]
    [InlineData("a &#x202E; b", "<p>a \uFFFD b</p>\n")]
    [InlineData("a\n\n---", "<p>a</p>\n")]
    public void What_people_write_becomes_HTML_that_does_nothing(string markdown, string html) => Assert.Equal(
        html.Replace("REL", "rel=\"noopener noreferrer nofollow\"", StringComparison.Ordinal),
        EntryProse.Of(new(markdown, 1, 2, new HashSet<int>())).Html);

    [Fact]
    public void What_would_take_long_is_shown_as_it_is_written()
    {
        string html = EntryProse.Of(new(new string('[', 60_000), 1, 2, new HashSet<int>())).Html;
        Assert.Equal($"<pre>{new string('[', 60_000)}</pre>", html);
    }

    [Fact]
    public void An_entrys_text_ends_where_the_next_begins_whatever_a_fence_says()
    {
        const string document = """
            ## Migrated

            ### a
            - **Status:** MIGRATED
            - **Description:** first

            #### Changes
            ```
            ### not an entry
            ```

            A paragraph that was meant as one
            ---
            more

            ### b
            - **Description:** second

            ## Guidelines
            none of it
            """;
        IReadOnlyList<ChangelogEntry> entries = ChangelogParser.Parse(document).Entries;
        IReadOnlyDictionary<int, EntryText> texts = EntryTexts.Of(document, entries);
        Assert.Equal([3, 16], texts.Keys.Order());
        Assert.StartsWith("- **Status:**", texts[3].Markdown, StringComparison.Ordinal);
        Assert.EndsWith("more\n\n", texts[3].Markdown.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal("- **Description:** second\n\n", texts[16].Markdown.ReplaceLineEndings("\n"));
        Assert.DoesNotContain("MIGRATED", EntryProse.Of(texts[3]).Html, StringComparison.Ordinal);
        Assert.Contains("### not an entry", EntryProse.Of(texts[3]).Html, StringComparison.Ordinal);
    }
}
