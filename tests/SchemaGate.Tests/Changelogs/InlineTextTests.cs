using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Changelogs;

public sealed class InlineTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("20241224_add_sites", "20241224_add_sites")]
    [InlineData("_None currently_", "None currently")]
    [InlineData("**a** *b* __c__ _d_ ***e***", "a b c d e")]
    [InlineData("2 * 3 * 4 and a ** b", "2 * 3 * 4 and a ** b")]
    [InlineData("**open", "**open")]
    [InlineData("`a_b` ``c`d`` `` ` ``", "a_b c`d `")]
    [InlineData("`**not bold**` and `open", "**not bold** and `open")]
    [InlineData("[text](url \"title\") ![alt](img.png)", "text alt")]
    [InlineData("[a](b(c)d) [x] [y](no end", "a [x] [y](no end")]
    [InlineData("[ref][r] [r] [r][]", "ref r r")]
    [InlineData("\\*a\\* \\\\ \\a", "*a* \\ \\a")]
    [InlineData("&amp; &lt;b&gt; &#65;&#x42; &nope; & &#xFFFFFFFF;", "& <b> AB &nope; & &#xFFFFFFFF;")]
    [InlineData("a<br>b <kbd>c</kbd> <!-- no --> <https://example.com>", "ab c  https://example.com")]
    [InlineData("<migration_name> < 1 second <-", "<migration_name> < 1 second <-")]
    [InlineData("&#xD800;&#0;&#1234567890;", "\uFFFD\uFFFD&#1234567890;")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("", "")]
    public void Markup_is_reduced_to_what_a_reader_sees(string source, string text) =>
        Assert.Equal(text, new InlineReader(label => label == "r").Read(source).Text);

    [Theory]
    [InlineData("**Status:** x", 7)]
    [InlineData("🚦 **Status**: x", 9)]
    [InlineData("x **Status**", 0)]
    [InlineData("*Status:* x", 0)]
    [InlineData("**Status <!-- x -->**", 6)]
    [InlineData("**Status&#32;**", 6)]
    public void Leading_bold_text_is_measured(string source, int length) =>
        Assert.Equal(length, new InlineReader(_ => false).Read(source).StrongLength);

    [Fact]
    public void The_first_links_destination_is_kept() =>
        Assert.Equal("a/b", new InlineReader(_ => false).Read("![i](img) [x](<a/b>) [y](c)").Link);
}
