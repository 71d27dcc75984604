using SchemaGate.Oci.Registries;

namespace SchemaGate.Tests.Oci;

/// <summary>WWW-Authenticate by RFC 9110, 11.2 to 11.6.1, and by what servers send.</summary>
public sealed class ChallengeTests
{
    [Theory]
    [InlineData("""Bearer realm="https://a/token",service="a",scope="repository:x:pull" """, "Bearer realm=https://a/token service=a "
        + "scope=repository:x:pull")]
    [InlineData("""Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple" """, "Newauth realm=apps type=1 "
        + "title=Login to \"apps\"; Basic realm=simple")]
    [InlineData("""Basic realm = "a" , charset="UTF-8" """, "Basic realm=a charset=UTF-8")]
    [InlineData("""Negotiate, Bearer realm="a,b=c" """, "Negotiate; Bearer realm=a,b=c")]
    [InlineData("""Negotiate YII+/==, Basic realm=a""", "Negotiate; Basic realm=a")]
    [InlineData("""NTLM abc""", "NTLM")]
    [InlineData(""", ,bearer REALM=a,, ,service=b""", "bearer REALM=a service=b")]
    [InlineData("""Bearer realm="a", realm="b" """, "Bearer realm=a")]
    [InlineData("""Bearer realm="never ends""", "Bearer")]
    [InlineData("""Bearer realm=, Basic""", "Bearer; Basic")]
    [InlineData("""Bearer realm=a, ("Basic" """, "Bearer realm=a")]
    [InlineData("""="a" """, "")]
    [InlineData("", "")]
    public void A_header_is_read_as_far_as_it_makes_sense(string header, string read) => Assert.Equal(read, Text(header));

    [Fact]
    public void Challenges_of_several_headers_are_all_read()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("WWW-Authenticate", ["Basic realm=a", "Bearer realm=b"]);
        Assert.Equal("Basic Bearer", string.Join(' ', Challenge.Read(response).Select(challenge => challenge.Scheme)));
    }

    [Fact]
    public void A_header_of_many_commas_is_read_once() =>
        Assert.Equal("", Text(string.Concat(Enumerable.Repeat(", ", 1_000_000))));

    private static string Text(string header) => string.Join("; ", ChallengeReader.Read(header).Select(challenge =>
        string.Join(' ', challenge.Parameters.Select(one => $"{one.Key}={one.Value}").Prepend(challenge.Scheme))));
}
