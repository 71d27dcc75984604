using SchemaGate.Api;

namespace SchemaGate.Tests.Api;

public sealed class GateDurationTests
{
    [Theory]
    [InlineData("1s", 1)]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("1500ms", 1.5)]
    [InlineData("24h", 86400)]
    public void A_duration_is_read_as_Go_would(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), GateDuration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("0s")]
    [InlineData("999ms")]
    [InlineData("25h")]
    [InlineData("1d")]
    [InlineData("1.5h")]
    [InlineData("-5m")]
    [InlineData("5 m")]
    [InlineData("5m\n")]
    [InlineData("٥m")]
    [InlineData("99999999999999999999h")]
    public void Anything_else_is_none(string text) => Assert.Null(GateDuration.Parse(text));
}
