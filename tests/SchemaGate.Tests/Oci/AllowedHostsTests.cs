using SchemaGate.Oci;
using SchemaGate.Oci.Registries;

namespace SchemaGate.Tests.Oci;

public sealed class AllowedHostsTests : IDisposable
{
    private readonly FakeRegistry registry = new();

    public void Dispose() => registry.Dispose();

    [Theory]
    [InlineData("registry.test", "https://registry.test/", true)]
    [InlineData("Registry.Test", "http://registry.test/", true)]
    [InlineData("registry.test", "https://registry.test:5000/", false)]
    [InlineData("registry.test", "https://evil.registry.test/", false)]
    [InlineData("registry.test", "https://registry.test.evil.test/", false)]
    [InlineData("registry.test:5000", "https://registry.test:5000/", true)]
    [InlineData("registry.test:5000", "https://registry.test/", false)]
    [InlineData("*.example.com", "https://a.example.com/", true)]
    [InlineData("*.example.com", "https://a.b.example.com/", true)]
    [InlineData("*.example.com", "https://example.com/", false)]
    [InlineData("*.example.com", "https://evilexample.com/", false)]
    [InlineData("*.example.com:5000", "https://a.example.com:5000/", true)]
    [InlineData("[::1]:5000", "https://[::1]:5000/", true)]
    [InlineData("docker.io", "https://registry-1.docker.io/", true)]
    [InlineData("docker.io", "https://auth.docker.io/", false)]
    [InlineData("10.0.0.1", "https://10.0.0.1/", true)]
    public void A_pattern_allows_hosts(string pattern, string address, bool allowed) =>
        Assert.Equal(allowed, AllowedHosts.Parse([pattern]).Allows(new Uri(address)));

    [Fact]
    public void Without_patterns_every_host_is_allowed() => Assert.True(AllowedHosts.Parse([]).Allows(new Uri("https://any.test:1/")));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("a.*.test")]
    [InlineData("https://registry.test")]
    [InlineData("registry.test/shop")]
    [InlineData("registry.test:0")]
    [InlineData("registry.test:x")]
    public void What_is_no_pattern_is_said_at_the_start(string pattern)
    {
        var fault = Assert.Throws<OciException>(() => new RegistryOptions([pattern]));
        Assert.Contains("no pattern for hosts", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "hold no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read")]
    public void What_is_no_authority_is_said_at_the_start(string pem, string words) =>
        Assert.Contains(words, Assert.Throws<OciException>(() => new RegistryOptions(null, pem)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_registry_that_is_not_allowed_is_not_asked()
    {
        var fault = await FailAsync("other.test");
        Assert.Contains(
            "registry.test, its registry, is not among the allowed hosts; allow registry.test", fault.Message, StringComparison.Ordinal);
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task A_redirect_to_a_host_that_is_not_allowed_is_not_followed()
    {
        registry.Fault = _ => FakeRegistry.Redirect("https://storage.test/?sig=secret");
        var fault = await FailAsync("registry.test");
        Assert.Contains("storage.test, its storage, is not", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task A_token_service_that_is_not_allowed_is_not_asked()
    {
        registry.Fault = _ =>
        {
            var answer = FakeRegistry.Answer(System.Net.HttpStatusCode.Unauthorized);
            answer.Headers.TryAddWithoutValidation("WWW-Authenticate", "Bearer realm=\"https://auth.test/token\"");
            return answer;
        };
        Assert.Contains("auth.test, its token service, is not", (await FailAsync("registry.test")).Message, StringComparison.Ordinal);
        Assert.Single(registry.Requests);
    }

    private async Task<OciException> FailAsync(string allowed)
    {
        using var client = registry.Client(null, allowed);
        var fault = await Assert.ThrowsAsync<OciException>(
            () => client.CheckAsync(FakeRegistry.Image, Digest.Of([1]), new(), TestContext.Current.CancellationToken));
        Assert.Equal(OciFailure.Denied, fault.Kind);
        return fault;
    }
}
