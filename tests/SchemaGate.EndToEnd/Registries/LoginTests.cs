using System.Text;
using SchemaGate.Oci;

namespace SchemaGate.EndToEnd.Registries;

/// <summary>A real registry, with and without TLS, passwords and tokens.</summary>
public sealed class LoginTests : IDisposable
{
    private const string Repository = "shop/schema";

    private readonly PrivateAuthority authority = new();

    public void Dispose() => authority.Dispose();

    [Theory, Trait("needs", "packages")]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_registry_is_read_with_what_it_demands_and_not_with_less(bool hasTls, bool hasPassword)
    {
        await using var registry = await OwnRegistry.StartAsync(hasTls ? authority : null, hasPassword);
        using var image = await SampleImage.MakeAsync();
        await image.PushAsync($"{registry.Address}/{Repository}:1", hasPassword ? ["--dest-creds", "user:password"] : []);

        Assert.Equal(SampleImage.Content, await ReadAsync(registry, Repository, !hasTls, "user:password"));
        foreach (var login in hasPassword ? [null, "user:wrong"] : Array.Empty<string?>())
        {
            var fault = await Assert.ThrowsAsync<OciException>(() => ReadAsync(registry, Repository, !hasTls, login));
            Assert.Equal(OciFailure.Denied, fault.Kind);
        }

        if (hasTls)
        {
            using var client = new RegistryClient(TimeProvider.System);
            var fault = await Assert.ThrowsAsync<OciException>(
                () => client.ResolveAsync(Parse(registry, Repository), new(), CancellationToken.None));
            Assert.Contains("trust its certificate's authority", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_registry_with_tokens_is_read_by_whom_its_token_service_lets()
    {
        await using var tokens = await TokenServer.StartAsync(authority);
        await using var registry = await OwnRegistry.StartAsync(authority, tokens: tokens);
        using var image = await SampleImage.MakeAsync();
        foreach (var repository in new[] { Repository, "public/schema" })
        {
            await image.PushAsync($"{registry.Address}/{repository}:1", "--dest-creds", "writer:password");
        }

        Assert.Equal(SampleImage.Content, await ReadAsync(registry, Repository, false, "reader:password"));
        Assert.Equal(SampleImage.Content, await ReadAsync(registry, "public/schema", false, null));
        Assert.Equal(SampleImage.Content, await ReadAsync(registry, Repository, false, null, identityToken: "identity"));
        foreach (var login in new[] { null, "reader:wrong" })
        {
            var fault = await Assert.ThrowsAsync<OciException>(() => ReadAsync(registry, Repository, false, login));
            Assert.Equal(OciFailure.Denied, fault.Kind);
            Assert.DoesNotContain("wrong", fault.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_certificate_for_another_name_is_not_trusted_whoever_issued_it()
    {
        await using var registry = await OwnRegistry.StartAsync(authority);
        var address = registry.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Assert.True(ImageReference.TryParse($"{address}/{Repository}:1", out var reference, out _));
        using var client = Client();
        var fault = await Assert.ThrowsAsync<OciException>(() => client.ResolveAsync(reference, new(), CancellationToken.None));
        Assert.Contains("trusted TLS", fault.Message, StringComparison.Ordinal);
    }

    private RegistryClient Client() => new(TimeProvider.System, new RegistryOptions(null, authority.Certificate.ExportCertificatePem()));

    private async Task<string> ReadAsync(
        OwnRegistry registry,
        string repository,
        bool plainHttp,
        string? login,
        string? identityToken = null)
    {
        var entry = identityToken is null ? $$"""{"auth":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(login ?? ""))}}"}"""
            : $$"""{"identitytoken":"{{identityToken}}"}""";
        RegistryCredentials? credentials = null;
        Assert.True((login ?? identityToken) is null
            || RegistryCredentials.TryParse($$$"""{"auths":{"{{{registry.Address}}}":{{{entry}}} } }""", out credentials, out _));
        using var client = Client();
        var (reference, access) = (Parse(registry, repository), new RegistryAccess(plainHttp, credentials));
        var digest = await client.ResolveAsync(reference, access, TestContext.Current.CancellationToken);
        var image = await client.ReadFilesAsync(
            reference, digest, path => path.StartsWith("docs/", StringComparison.Ordinal), access, TestContext.Current.CancellationToken);
        return string.Join(' ', image.Files.OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => $"{file.Key}={Encoding.UTF8.GetString(file.Value.Span)}"));
    }

    private static ImageReference Parse(OwnRegistry registry, string repository) =>
        ImageReference.TryParse($"{registry.Address}/{repository}:1", out var reference, out var problem)
            ? reference : throw new ArgumentException(problem, nameof(repository));
}
