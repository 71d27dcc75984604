using System.Diagnostics;
using System.Text;

namespace SchemaGate.Browser.Tests;

/// <summary>Whatever stands in a document, the page that shows it runs nothing and asks nobody.</summary>
public sealed class HostilePageTests(Chromium chromium)
{
    private static readonly string[] s_markup =
    [
        "<script>alert(1)</script>", "<SCRIPT SRC=//evil.test/x.js></SCRIPT>", "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<body onload=alert(1)>", "<details open ontoggle=alert(1)>x</details>", "<input autofocus onfocus=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>", "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "</li></ol></main><script>alert(1)</script>", "</style><script>alert(1)</script>", "</script><script>alert(1)</script>",
        "<meta http-equiv=refresh content=\"0;url=https://evil.test/\">", "<base href=\"https://evil.test/\">",
        "<link rel=stylesheet href=https://evil.test/x.css>", "<style>@import url(https://evil.test/x.css);</style>",
        "<object data=\"data:text/html,<script>alert(1)</script>\"></object>", "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<script>alert(1)</script>]]>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<form action=https://evil.test/><button>x</button></form>", "<template><script>alert(1)</script></template>",
        "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;img src=x onerror=alert(1)&#62;", "\u0000<scr\u0000ipt>alert(1)</scr\u0000ipt>",
        "```\" onload=\"alert(1)\nx\n```", "`` <img src=x onerror=alert(1)> ``", "~~~ <script>\nalert(1)\n",
        "\u202E<script>\u2066alert(1)</script>", "<ſcript>alert(1)</ſcript>", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    ];

    private static readonly string[] s_addresses =
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&colon;alert(1)", "&#106;avascript:alert(1)",
        "&#x6A;&#x61;vascript:alert(1)", "java\tscript:alert(1)", "java&Tab;script:alert(1)", "java&NewLine;script:alert(1)",
        "\u0001javascript:alert(1)", " javascript:alert(1)", "javascript\\:alert(1)", "%6Aavascript:alert(1)",
        "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "vbscript:msgbox(1)", "file:///etc/passwd", "blob:https://evil.test/1", "about:blank", "//evil.test/x", "view-source:x",
        "x\" onmouseover=\"alert(1)", "https://evil.test/\" onmouseover=\"alert(1)", "https://evil.test/'><script>alert(1)</script>",
    ];

    [Fact]
    public async Task Markup_in_any_place_of_a_document_is_text()
    {
        StringBuilder document = new("# Database Schema Changelog\n\n## Pending\n\n");
        foreach ((int index, string markup) in s_markup.Index())
        {
            document.Append($"""
                ### {markup.Split('\n')[0]} {index}
                - **Status:** `PENDING`
                - **Date Added:** {markup.Split('\n')[0]}
                - **Description:** {markup}
                - **Risk Level:** Low {markup.Split('\n')[0]}

                {markup}

                > {markup}

                1. {markup}


                """);
        }

        await AssertHarmlessAsync(document.Append("\n## Migrated\n\n## Deployed\n").ToString());
    }

    [Fact]
    public async Task An_address_is_a_link_to_the_web_or_none_however_it_is_spelt()
    {
        StringBuilder document = new("## Pending\n\n### links\n- **Status:** PENDING\n\n");
        foreach (string address in s_addresses)
        {
            document.Append($"[a]({address}) [b](<{address}>) ![c]({address}) <{address}> [d]: {address}\n\n[e][{address.Length}]\n\n")
                .Append($"[{address.Length}]: <{address}> \"title\"\n\n");
        }

        string[] links = await AssertHarmlessAsync(document.Append("## Migrated\n\n## Deployed\n").ToString());
        Assert.All(links, link => Assert.StartsWith("https://evil.test/", link, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_and_SQL_of_migrations_are_text()
    {
        Dictionary<string, string> migrations = s_markup.Index().ToDictionary(
            markup => $"2025010100{markup.Index:0000}_{markup.Item.Replace('/', '_').Replace('\n', ' ')}",
            markup => $"-- {markup.Item}\nALTER TABLE \"{markup.Item.Replace("\"", "\"\"", StringComparison.Ordinal)}\" "
                + "DROP COLUMN \"<b>\";\n",
            StringComparer.Ordinal);
        await AssertHarmlessAsync("## Pending\n\n## Migrated\n\n## Deployed\n", migrations);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_document_of_an_unusual_shape_is_shown(string shape)
    {
        string entry = shape switch
        {
            "table" => string.Concat(Enumerable.Repeat($"|{string.Concat(Enumerable.Repeat(" <b>x</b> |", 60))}\n", 2000)),
            "nesting" => string.Concat(Enumerable.Range(0, 60).Select(depth => $"{new string(' ', 2 * depth)}- <i>x</i>\n")),
            "brackets" => new string('[', 60_000),
            "emphasis" => string.Concat(Enumerable.Repeat("*_`", 20_000)),
            "fence" => "```\n<script>alert(1)</script>\n",
            "comment" => "<!-- <script>alert(1)</script>\n",
            "bidi" => "\u202Ereversed\u2066 &#x202E;&#8238; \u200F",
            "nul" => "a\u0000b&#0;c\u0007\u001B[31m",
            "word" => new string('x', 200_000),
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        };
        Stopwatch watch = Stopwatch.StartNew();
        await AssertHarmlessAsync($"## Pending\n\n### odd\n- **Status:** PENDING\n\n{entry}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{shape} took {watch.Elapsed}");
    }

    public static TheoryData<string> Shapes => ["table", "nesting", "brackets", "emphasis", "fence", "comment", "bidi", "nul", "word"];

    [Fact]
    public async Task Ten_thousand_entries_can_be_read_and_searched()
    {
        StringBuilder document = new("## Pending\n\n## Migrated\n\n## Deployed\n\n");
        for (int index = 0; index < 10_000; index++)
        {
            document.Append($"### {20000101000000L + index}_change_{index}\n")
                .Append($"- **Date Deployed:** 2024\n- **Description:** column {index}\n\n");
        }

        Stopwatch watch = Stopwatch.StartNew();
        string html = Sample.Of(document.ToString());
        await using OpenPage open = await chromium.OpenAsync(html);
        TimeSpan opened = watch.Elapsed;
        await open.Page.Locator("#words").FillAsync("change_7777");
        // Not by an assertion of Playwright's, which walks through the whole page.
        string told = "";
        while (told.Length == 0 && watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            told = await open.Page.EvaluateAsync<string>("document.querySelector('output').textContent");
        }

        Assert.Equal("1 of 10005", told);
        Assert.Empty(open.Tried);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"opened after {opened}, searched after {watch.Elapsed}: {html.Length}");
    }

    [Fact]
    public async Task What_a_page_would_do_without_its_policy_and_its_encoding_is_seen_here()
    {
        await using OpenPage open = await chromium.OpenAsync(
            "<img src=x onerror=\"alert(1)\"><script src=https://evil.test/x.js></script>");
        await open.Page.WaitForTimeoutAsync(200);
        Assert.Contains("dialog 1", open.Tried, StringComparer.Ordinal);
        Assert.Contains("request https://evil.test/x.js", open.Tried, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Markup_that_got_into_a_page_would_still_run_nothing()
    {
        string html = Sample.Shop.Replace(
            "<footer", "<script>alert(1)</script><img src=https://evil.test/x onerror=alert(1)><footer", StringComparison.Ordinal);
        await using OpenPage open = await chromium.OpenAsync(html);
        await open.Page.WaitForTimeoutAsync(200);
        Assert.NotEmpty(open.Tried);
        Assert.All(open.Tried, tried => Assert.Contains("Content Security Policy", tried, StringComparison.Ordinal));
    }

    /// <returns>The links of the page's prose.</returns>
    private async Task<string[]> AssertHarmlessAsync(string document, IReadOnlyDictionary<string, string>? migrations = null)
    {
        await using OpenPage open = await chromium.OpenAsync(Sample.Of(document, migrations));
        await open.Page.EvaluateAsync("""
            document.querySelectorAll('details').forEach(one => one.open = true);
            document.querySelectorAll('.prose a').forEach(one => one.dispatchEvent(new MouseEvent('mouseover', { bubbles: true })));
            """);
        await open.Page.WaitForTimeoutAsync(100);
        Assert.Empty(open.Tried);
        // Ours alone: nothing of the document has become an element that could do anything.
        Assert.Equal(1, await open.Page.Locator("script").CountAsync());
        Assert.Equal(0, await open.Page.Locator(
            "img, svg, iframe, object, embed, form, base, link, style:not(head > style), template, noscript, math").CountAsync());
        Assert.Equal(0, await open.Page.EvaluateAsync<int>(
            "[...document.querySelectorAll('*')].filter(one => one.getAttributeNames().some(name => /^on|^style$/.test(name))).length"));
        Assert.Equal(0, await open.Page.EvaluateAsync<int>(
            @"(document.body.textContent.match(/[\u0000\u0007\u001b\u202a-\u202e\u2066-\u2069]/g) ?? []).length"));
        return await open.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.prose a')].map(one => one.href)");
    }
}
