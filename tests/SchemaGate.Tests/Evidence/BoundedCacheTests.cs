using SchemaGate.Evidence;

namespace SchemaGate.Tests.Evidence;

public sealed class BoundedCacheTests
{
    [Fact]
    public void What_was_used_longest_ago_goes_first()
    {
        BoundedCache<string, int> cache = new(entries: 2);
        cache.Set("a", 1);
        cache.Set("b", 2);
        Assert.True(cache.TryGet("a", out _));
        cache.Set("c", 3);
        Assert.Equal("a c", Keys(cache));
    }

    [Fact]
    public void The_weights_are_bounded_and_a_replaced_one_does_not_count()
    {
        BoundedCache<string, int> cache = new(entries: 10, weight: 5);
        cache.Set("a", 1, 3);
        cache.Set("a", 1, 2);
        cache.Set("b", 2, 3);
        Assert.Equal("a b", Keys(cache));
        cache.Set("c", 3, 1);
        Assert.Equal("b c", Keys(cache));
    }

    [Fact]
    public void What_weighs_too_much_is_not_kept_and_pushes_nothing_out()
    {
        BoundedCache<string, int> cache = new(entries: 10, weight: 5);
        cache.Set("a", 1, 2);
        cache.Set("b", 1, 2);
        cache.Set("a", 1, 6);
        Assert.Equal("b", Keys(cache));
    }

    private static string Keys(BoundedCache<string, int> cache) =>
        string.Join(' ', "abc".Select(letter => letter.ToString()).Where(key => cache.TryGet(key, out _)));
}
