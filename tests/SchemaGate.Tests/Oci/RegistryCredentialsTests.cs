using System.Text;
using System.Text.Json;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

/// <summary>The matching rules that Kubernetes documents for image pull secrets, and those that its kubelet has.</summary>
public sealed class RegistryCredentialsTests
{
    [Theory]
    [InlineData("registry.test", "registry.test/a/b", true)]
    [InlineData("https://registry.test", "registry.test/a/b", true)]
    [InlineData("http://Registry.Test/v2/", "registry.test/a/b", true)]
    [InlineData("registry.test/v1", "registry.test/a/b", true)]
    [InlineData("registry.test:5000", "registry.test:5000/a", true)]
    [InlineData("registry.test:5000", "registry.test/a", false)]
    [InlineData("registry.test", "registry.test:5000/a", false)]
    [InlineData("registry.test", "registry.test.evil.test/a", false)]
    [InlineData("[::1]:5000", "[::1]:5000/a", true)]
    [InlineData("registry.test/a", "registry.test/a/b", true)]
    [InlineData("registry.test/a/b", "registry.test/a", false)]
    [InlineData("registry.test/b", "registry.test/a/b", false)]
    [InlineData("*.kubernetes.io", "abc.kubernetes.io/a", true)]
    [InlineData("*.kubernetes.io", "kubernetes.io/a", false)]
    [InlineData("*.kubernetes.io", "a.b.kubernetes.io/a", false)]
    [InlineData("*.*.kubernetes.io", "a.b.kubernetes.io/a", true)]
    [InlineData("prefix.*.io", "prefix.kubernetes.io/a", true)]
    [InlineData("*-good.kubernetes.io", "prefix-good.kubernetes.io/a", true)]
    [InlineData("*", "registry.test/a", false)]
    [InlineData("https://index.docker.io/v1/", "shop", true)]
    [InlineData("https://index.docker.io/v1/", "docker.io/shop/schema", true)]
    [InlineData("docker.io", "shop/schema", true)]
    [InlineData("registry-1.docker.io", "shop", true)]
    [InlineData("docker.io", "registry.test/docker.io", false)]
    public void A_key_matches_images(string key, string image, bool matches) =>
        Assert.Equal(matches ? ["user"] : [], Users(Parse(Config((key, "user"))), image));

    [Fact]
    public void The_longest_path_comes_first_and_a_plain_host_before_a_pattern()
    {
        var config = Config(("*.test", "pattern"), ("registry.test/a", "a"), ("registry.test", "host"), ("registry.test/a/b", "ab"));
        Assert.Equal(["ab", "a", "host", "pattern"], Users(Parse(config), "registry.test/a/b"));
    }

    [Fact]
    public void Only_so_many_are_tried_for_one_image() => Assert.Equal(4,
        Users(Parse(Config([.. Enumerable.Range(0, 100).Select(number => ("https://registry.test/" + new string('a', number), "u"))])),
            "registry.test/" + new string('a', 200)).Length);

    [Theory]
    [InlineData("""{"auth":"dTpwOnE="}""", "Basic dTpwOnE=")]
    [InlineData("""{"auth":"dTpwOnE"}""", "Basic dTpwOnE=")]
    [InlineData("""{"username":"u","password":"p:q"}""", "Basic dTpwOnE=")]
    [InlineData("""{"username":"x","password":"y","auth":"dTpwOnE=","email":"e@x.test"}""", "Basic dTpwOnE=")]
    [InlineData("""{"registrytoken":"abc"}""", "Bearer abc")]
    [InlineData("""{"RegistryToken":"abc"}""", "Bearer abc")]
    [InlineData("""{}""", null)]
    [InlineData("""null""", null)]
    [InlineData("""{"auth":""}""", null)]
    public void An_entry_is_a_password_or_a_token_or_nothing(string entry, string? authorization)
    {
        var credential = Parse($$"""{"auths":{"registry.test":{{entry}}},"credsStore":"desktop"}""").For(Image("registry.test/a"))
            .SingleOrDefault();
        Assert.Equal(authorization, (credential?.Bearer ?? credential?.Basic)?.ToString());
    }

    [Theory]
    [InlineData("", "not the JSON of a docker config")]
    [InlineData("secret", "not the JSON of a docker config")]
    [InlineData("[]", "not the JSON of a docker config")]
    [InlineData("""{"auths":{"a":{"auth":5}},"x":"secret"}""", "not the JSON of a docker config")]
    [InlineData("""{"auths":["secret"]}""", "not the JSON of a docker config")]
    [InlineData("null", "no \"auths\"")]
    [InlineData("""{"registry.test":{"auth":"secret"}}""", "no \"auths\"")]
    [InlineData("""{"auths":{"a":{},"secret":{"auth":"secret!"}}}""", "entry 2 of the registry credentials has an \"auth\" that is not")]
    [InlineData("""{"auths":{"secret":{"auth":"c2VjcmV0"}}}""", "entry 1")]
    [InlineData("""{"auths":{"secret":{"registrytoken":"secret\r\nHost: evil"}}}""", "characters that no token has")]
    public void What_is_no_docker_config_is_refused_without_quoting_it(string text, string words)
    {
        Assert.False(RegistryCredentials.TryParse(text, out _, out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_text_of_more_than_a_mebibyte_is_not_read()
    {
        Assert.False(RegistryCredentials.TryParse(new string(' ', (1 << 20) + 1), out _, out var problem));
        Assert.Contains("at most 1048576", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_prints_a_secret()
    {
        var credentials = Parse(Config(("registry.test", "user")));
        Assert.Equal("registry credentials", credentials.ToString());
        Assert.DoesNotContain("password", new RegistryAccess(false, credentials).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Identities_are_equal_for_equal_logins_of_one_client_only()
    {
        using RegistryClient client = new(TimeProvider.System), other = new(TimeProvider.System);
        string Identity(RegistryClient asked, string user, string image = "registry.test/a") =>
            asked.IdentityOf(Image(image), new(Credentials: Parse(Config(("registry.test", user), ("other.test", "z")))));
        Assert.Equal(Identity(client, "u"), Identity(client, "u", "registry.test/b"));
        Assert.NotEqual(Identity(client, "u"), Identity(client, "v"), StringComparer.Ordinal);
        Assert.NotEqual(Identity(client, "u"), Identity(other, "u"), StringComparer.Ordinal);
        Assert.Equal("", Identity(client, "u", "third.test/a"));
        Assert.Equal("", client.IdentityOf(Image("registry.test/a"), new()));
    }

    internal static string Config(params (string Key, string User)[] entries) => JsonSerializer.Serialize(new
    {
        auths = entries.ToDictionary(
            entry => entry.Key, entry => new { auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{entry.User}:password")) },
            StringComparer.Ordinal),
    });

    internal static RegistryCredentials Parse(string text) =>
        RegistryCredentials.TryParse(text, out var credentials, out var problem)
        ? credentials
        : throw new ArgumentException(problem, nameof(text));

    private static ImageReference Image(string text) => FakeRegistry.Parse(text);

    private static string[] Users(RegistryCredentials credentials, string image) =>
        [.. credentials.For(Image(image))
            .Select(one => Encoding.UTF8.GetString(Convert.FromBase64String(one.Basic!.Parameter!)).Split(':')[0])];
}
