using System.Text;
using SchemaGate.Notifying;

namespace SchemaGate.Tests.Notifying;

public sealed class SigningKeysTests
{
    private const string Known = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>The example of Standard Webhooks' own libraries.</summary>
    [Fact]
    public void A_known_message_has_its_known_signature()
    {
        byte[] body = Encoding.UTF8.GetBytes("{\"test\": 2432232314}");
        DateTimeOffset at = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            SigningKeys.Parse(Known, out _)!.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body));
    }

    [Fact]
    public void Each_key_signs()
    {
        SigningKeys keys = SigningKeys.Parse($"\n{Known}\r\n {HookReceiver.NewKey()}\n", out _)!;
        Assert.Equal(2, keys.Sign("a", DateTimeOffset.UnixEpoch, [1]).Split(' ').Length);
    }

    [Theory]
    [InlineData("", "holds no key")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "write whsec_")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILA==", "24 to 64 bytes")]
    [InlineData("whsec_?", "in base64")]
    [InlineData(Known + "\n" + Known + "\n" + Known + "\n" + Known + "\n" + Known, "more than 4")]
    public void What_is_no_key_is_told_without_being_quoted(string text, string words)
    {
        Assert.Null(SigningKeys.Parse(text, out string problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("MfKQ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_too_long_is_none() =>
        Assert.Null(SigningKeys.Parse($"whsec_{Convert.ToBase64String(new byte[65])}", out _));
}
