using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates;

public sealed class ReleasedListTests
{
    [Fact]
    public void The_newest_twenty_are_kept() =>
        Assert.Equal(
            Enumerable.Range(6, 20).Select(number => $"image:{number}"),
            ReleasedList.Of(Numbered(1, 25), []).Select(release => release.Requirement), StringComparer.Ordinal);

    [Fact]
    public void What_a_live_revision_rests_on_is_kept_however_old()
    {
        IReadOnlyList<Release> kept = ReleasedList.Of(Numbered(1, 25), [Numbered(1, 1)[0]]);
        Assert.Equal(21, kept.Count);
        Assert.Equal("image:1", kept[0].Requirement);
    }

    [Fact]
    public void A_fact_is_kept_once_by_its_first_time()
    {
        Release first = Numbered(1, 1)[0];
        Assert.Equal([first], ReleasedList.Of([first with { At = first.At.AddDays(1) }, first], [first with { At = first.At.AddDays(2) }]));
    }

    [Fact]
    public void Another_database_or_digest_or_last_migration_is_another_fact()
    {
        Release first = Numbered(1, 1)[0];
        Assert.Equal(4, ReleasedList.Of(
            [first, first with { Identity = "9/shop/public" }, first with { Digest = "sha256:2" }, first with { Through = "m9" }],
            []).Count);
    }

    [Fact]
    public void The_list_of_its_own_result_is_the_same()
    {
        List<Release> live = Numbered(1, 3);
        IReadOnlyList<Release> once = ReleasedList.Of(Numbered(1, 30), live);
        Assert.Equal(once, ReleasedList.Of(once, live));
    }

    private static List<Release> Numbered(int first, int last) => [.. Enumerable.Range(first, last - first + 1)
        .Select(number => Given.Release($"image:{number}") with { At = Given.Now.AddMinutes(number) })];
}
