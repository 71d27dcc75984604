using SchemaGate.Postgres.Connections;
using SchemaGate.Tests.Kubernetes;

namespace SchemaGate.Tests.Postgres;

public sealed class ServerSharesTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Ten_thousand_servers_that_are_each_read_once_are_not_all_remembered()
    {
        ServerShares shares = new(time);
        List<string> forgotten = [];
        for (int number = 0; number < 10_000; number++)
        {
            shares.Enter($"host{number}", out IReadOnlyList<string> now);
            forgotten.AddRange(now);
            time.Advance(TimeSpan.FromMilliseconds(1));
            shares.Leave($"host{number}");
        }

        Assert.InRange(shares.Count, 1, ServerShares.Most);
        Assert.Equal("host0", forgotten[0]);
        Assert.Equal(10_000, forgotten.Count + shares.Count);
    }

    [Fact]
    public void Who_is_read_is_not_forgotten_and_who_was_lately_is_the_same()
    {
        ServerShares shares = new(time);
        ServerShare used = shares.Enter("used", out _);
        ServerShare left = shares.Enter("left", out _);
        shares.Leave("left");
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Same(left, shares.Enter("left", out _));
        shares.Leave("left");
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Same(used, shares.Enter("used", out IReadOnlyList<string> forgotten));
        Assert.Equal("left", Assert.Single(forgotten));
    }
}
