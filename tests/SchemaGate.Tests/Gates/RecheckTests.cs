using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates;

public sealed class RecheckTests
{
    private static readonly TimeSpan s_usual = TimeSpan.FromSeconds(30);
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(60, 6)]
    [InlineData(240, 24)]
    [InlineData(36000, 30)]
    [InlineData(-3600, 2)] // Another machine's clock is ahead.
    public void A_young_wait_is_looked_at_often_and_an_old_one_as_the_spec_says(int waited, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Recheck.After(s_usual, s_now.AddSeconds(-waited), s_now, 0));

    [Fact]
    public void Nobody_waiting_is_looked_at_as_the_spec_says() => Assert.Equal(s_usual, Recheck.After(s_usual, null, s_now, 0));

    [Fact]
    public void A_spec_that_asks_for_more_is_followed() =>
        Assert.Equal(TimeSpan.FromSeconds(1), Recheck.After(TimeSpan.FromSeconds(1), s_now, s_now, 0));

    [Fact]
    public void Chance_spreads_the_looks() => Assert.Equal(TimeSpan.FromSeconds(24), Recheck.After(s_usual, null, s_now, 1));
}
