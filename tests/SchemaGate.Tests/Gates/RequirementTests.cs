using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates;

public sealed class RequirementTests
{
    [Theory]
    [InlineData("shop=registry.example.com/shop/schema:1.42.0", "shop|registry.example.com/shop/schema:1.42.0|image")]
    [InlineData("shop=registry:5000/a@sha256:0123", "shop|registry:5000/a@sha256:0123|image")]
    [InlineData("shop=20241224000000_add_sites_model", "shop|20241224000000_add_sites_model|migration")]
    [InlineData("shop", "shop||migration")]
    [InlineData(" shop = x:1 , billing=b_1 ", "shop|x:1|image billing|b_1|migration")]
    [InlineData("a.b-c=x=y:1", "a.b-c|x=y:1|image")]
    public void A_list_of_requirements_is_read(string annotation, string expected)
    {
        IReadOnlyList<Requirement> requirements = Requirement.Parse(annotation, out string? problem);
        Assert.Null(problem);
        Assert.Equal(
            expected, string.Join(' ', requirements.Select(part => $"{part.Gate}|{part.Value}|{(part.IsImage ? "image" : "migration")}")));
    }

    [Theory]
    [InlineData(null, "no annotation")]
    [InlineData("  ", "no annotation")]
    [InlineData("shop=", "'shop='")]
    [InlineData("=x:1", "'=x:1'")]
    [InlineData("shop=x:1,", "''")]
    [InlineData("Shop=x:1", "'Shop=x:1'")]
    [InlineData("shop=a b", "'shop=a b'")]
    [InlineData("-shop=x:1", "'-shop=x:1'")]
    [InlineData("shop.=x:1", "'shop.=x:1'")]
    [InlineData("shöp=x:1", "'shöp=x:1'")]
    [InlineData("shop=x:1,shop=x:2", "'shop' twice")]
    public void What_is_not_a_list_of_requirements_is_told(string? annotation, string part)
    {
        Assert.Empty(Requirement.Parse(annotation, out string? problem));
        Assert.Contains(part, problem, StringComparison.Ordinal);
        Assert.Contains(Names.Requires, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_is_too_long_is_not_read()
    {
        Assert.Empty(Requirement.Parse("shop=" + new string('x', 5000), out string? problem));
        Assert.Contains("longer than 4096", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_written_is_read_or_told_and_reads_back_the_same() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3_000),
        Prop.ForAll(Gen.Elements("shop", "b", "=", ",", " ", "x:1", "@", "m_1", "-", ".", "\t", "\0", "ü", "\ud83d").ListOf()
            .Select(string.Concat).ToArbitrary(), text =>
        {
            IReadOnlyList<Requirement> requirements = Requirement.Parse(text, out string? problem);
            return problem is null
                ? requirements.Count > 0 && Requirement.Parse(string.Join(',', requirements), out _).SequenceEqual(requirements)
                : requirements.Count == 0;
        }));
}
