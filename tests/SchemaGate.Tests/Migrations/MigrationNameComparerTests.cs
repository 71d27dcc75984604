using SchemaGate.Core.Migrations;

namespace SchemaGate.Tests.Migrations;

public sealed class MigrationNameComparerTests
{
    /// <summary>
    /// 2,000 printable ASCII names as Node.js 20 (ICU 78, en-US) sorts them with <c>localeCompare</c>; case-only ties do not occur.
    /// </summary>
    private static readonly string[] s_ordered =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Migrations", "corpus", "locale-order.txt"));

    [Fact]
    public void Names_sort_as_localeCompare_sorts_them()
    {
        Assert.Equal(2_000, s_ordered.Length);
        Assert.Equal(string.Join('\n', s_ordered), string.Join('\n', s_ordered.Reverse().Order(MigrationNameComparer.Instance)));
    }

    [Fact]
    public void Every_earlier_name_is_less_than_every_later_one()
    {
        for (int step = 1; step < s_ordered.Length; step += 7)
        {
            Assert.All(s_ordered.Zip(
                s_ordered.Skip(step)), pair => Assert.True(MigrationNameComparer.Instance.Compare(pair.First, pair.Second) < 0));
        }
    }

    [Fact]
    public void Punctuation_comes_before_digits_and_digits_before_letters() => Assert.Equal(
        "_under -dash .hidden 1_a 10_b 2_c 20240101_x a A b",
        string.Join(' ', "A b a 20240101_x 2_c 10_b 1_a .hidden -dash _under".Split(' ').Order(MigrationNameComparer.Instance)));

    [Theory]
    [InlineData("ab", "aB")]
    [InlineData("aB", "Ab")]
    [InlineData("Ab_", "ab_1")]
    [InlineData("z", "é")]
    [InlineData("a\u0001", "ab")]
    [InlineData("a", "a\u0001")]
    public void The_order_is_total(string less, string more)
    {
        Assert.True(MigrationNameComparer.Instance.Compare(less, more) < 0);
        Assert.True(MigrationNameComparer.Instance.Compare(more, less) > 0);
        Assert.Equal(0, MigrationNameComparer.Instance.Compare(less, less));
    }
}
