using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Http;

namespace SchemaGate.EndToEnd.Kubernetes;

public sealed class ConnectionTests
{
    private readonly KubernetesConfiguration configuration = ScratchNamespace.Configuration();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_connection_is_http_2()
    {
        using var invoker = new HttpMessageInvoker(ConnectionHandler.Create(configuration));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(configuration.Server, "version"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        using var response = await invoker.SendAsync(request, Cancellation);
        Assert.Equal(HttpVersion.Version20, response.Version);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_spoken_to()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var stranger = new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var client = Client([stranger], null);
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => client.GetVersionAsync(Cancellation));
        Assert.Equal(StatusReason.Unreachable, refused.Reason);
        Assert.Contains("certificate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_certificate_is_checked_against_the_name_that_is_given()
    {
        using var right = Client(configuration.CertificateAuthorities, "kubernetes.default");
        Assert.Equal("1", (await right.GetVersionAsync(Cancellation)).Major);
        using var wrong = Client(configuration.CertificateAuthorities, "elsewhere.example.com");
        Assert.Equal(StatusReason.Unreachable, (await Assert.ThrowsAsync<KubernetesException>(() => wrong.GetVersionAsync(Cancellation))).Reason);
    }

    [Fact]
    public async Task A_rotated_token_is_read_for_the_next_request()
    {
        await using var server = OwnApiServer.Start();
        using var client = await server.ClientAsync();
        var token = await File.ReadAllTextAsync(server.TokenFile, Cancellation);
        await File.WriteAllTextAsync(server.TokenFile, "out-of-date", Cancellation);
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => client.GetVersionAsync(Cancellation));
        Assert.Equal(StatusReason.Unauthorized, refused.Reason);
        await File.WriteAllTextAsync(server.TokenFile, token, Cancellation);
        await client.GetVersionAsync(Cancellation);
    }

    [Fact]
    public async Task A_token_that_is_none_is_refused_without_its_text()
    {
        using var client = new KubernetesClient(new() { Server = configuration.Server, Token = "s3cret\r\nX-Other: 1" }, "schemagate-tests");
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => client.GetVersionAsync(Cancellation));
        Assert.Equal(StatusReason.InvalidConfiguration, refused.Reason);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }

    private KubernetesClient Client(X509Certificate2Collection authorities, string? name) => new(new()
    {
        Server = configuration.Server,
        CertificateAuthorities = authorities,
        ClientCertificate = configuration.ClientCertificate,
        Token = configuration.Token,
        TlsServerName = name,
    }, "schemagate-tests");
}
