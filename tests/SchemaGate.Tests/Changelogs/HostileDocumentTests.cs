using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Changelogs;

/// <summary>Every text is answered, and in bounded time: the limit is generous, a quadratic parser needs minutes.</summary>
public sealed class HostileDocumentTests
{
    private const int Many = 100_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Pieces =>
    [
        ">", "> ", "[", "[a](", "![", "](a", "[a](<", "[a](b \"", "[a][", "*", "*a ", "**a _b", "_a* ", "`", "` ", "``a`", "<", "<!--",
        "<!-- ", "<a ", "<a href='", "<?", "- ", "1. ", "(", "[]", "][", "&", "&#1;", "\\", "http://", "\n", "\r", "\t", "#", "# a\n",
        "## Pending\n", "### a\n", "- a\n", "> a\n", "- a\n\n", "a\n", "a\n---\n", "```\n", "~", "\0", "\ud800", "[x]: /u\n", "[x]: /u\n\n",
        "[x\n]: /u\n\n", "- [x]: /u\n", "> a\n> -\n", "- **Status:** X\n", "|a|\n", "<b>\n",
    ];

    [Theory]
    [MemberData(nameof(Pieces))]
    public async Task A_hundred_thousand_of_anything_are_answered(string piece)
    {
        string many = string.Concat(Enumerable.Repeat(piece, Many));
        Assert.NotEmpty((await Parse(many)).Findings);
        await Parse("## Pending\n\n## Migrated\n\n### 2024_x\n- **Status:** " + many);
    }

    [Fact]
    public async Task Deep_lists_are_refused_in_words()
    {
        string deep = string.Concat(Enumerable.Range(0, 2_000).Select(depth => new string(' ', 2 * depth) + "- a\n"));
        Finding finding = (await Parse(deep)).Only(FindingIds.NotAChangelog);
        Assert.Contains("line 129 is nested or indented too deeply", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nesting_that_the_parser_refuses_is_a_finding()
    {
        Changelog changelog = await Parse(Document.Seed + "\n" + new string('>', 200) + " a\n");
        Assert.Equal(FindingIds.NotAChangelog, changelog.Blocking());
        Assert.Empty(changelog.Entries);
    }

    [Fact]
    public async Task Backtick_runs_of_every_length_are_answered() => Assert.NotEmpty(
        (await Parse(
            "- **Status:** " + string.Concat(Enumerable.Range(1, 1_000).Select(length => new string('`', length) + "a")))).Blocking());

    [Fact]
    public async Task A_text_beyond_the_limit_is_refused_unread()
    {
        Changelog changelog = await Parse(Document.Seed + new string(' ', ChangelogParser.MaxLength));
        Assert.Equal(FindingIds.NotAChangelog, changelog.Blocking());
        Assert.Contains("8388608 characters", changelog.Findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_entries_are_read()
    {
        string entry = Document.Seed[Document.Seed.IndexOf(
            "### 20241224000000", StringComparison.Ordinal)..Document.Seed.IndexOf("### 20241224100000", StringComparison.Ordinal)];
        string entries = string.Concat(
            Enumerable.Range(0, 10_000).Select(number => entry.Replace("20241224000000", $"2024{number:D10}", StringComparison.Ordinal)));
        Changelog changelog = await Parse(Document.Of(migrated: entries));
        Assert.Equal(10_000, changelog.Count(ChangelogStatus.Migrated));
        Assert.Empty(changelog.Findings);
    }

    private static async Task<Changelog> Parse(string text) =>
        await Task.Run(() => ChangelogParser.Parse(text)).WaitAsync(s_patience, TestContext.Current.CancellationToken);
}
