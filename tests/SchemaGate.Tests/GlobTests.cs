using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core;

namespace SchemaGate.Tests;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*_billing_*", "2024_billing_x", true)]
    [InlineData("*_billing_*", "2024_Billing_x", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("**", "", true)]
    [InlineData("[a]", "a", false)]
    public void A_pattern_is_matched_whole(string pattern, string text, bool matches) => Assert.Equal(matches, Glob.Matches(pattern, text));

    [Fact]
    public void It_agrees_with_the_regular_expression_of_the_same_meaning() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(10_000),
        Prop.ForAll(Of("a", "b", "*", "?", ".").Zip(Of("a", "b", ".", "*", "?")).ToArbitrary(), pair =>
        {
            string regex = "^" + Regex.Escape(pair.Item1).Replace("\\*", ".*", StringComparison.Ordinal)
                .Replace("\\?", ".", StringComparison.Ordinal) + "\\z";
            return Glob.Matches(
                pair.Item1, pair.Item2) == Regex.IsMatch(pair.Item2, regex, RegexOptions.Singleline | RegexOptions.NonBacktracking);
        }));

    [Fact]
    public void Many_stars_do_not_take_exponential_time() =>
        Assert.False(Glob.Matches(string.Concat(Enumerable.Repeat("*a", 100)) + "b", new string('a', 100_000)));

    private static Gen<string> Of(params string[] pieces) => Gen.Elements(pieces).ListOf().Select(string.Concat);
}
