using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SchemaGate.EndToEnd.Support;
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
        using var credentials = CredentialSource.Of(configuration, TimeProvider.System);
        using var connection = ApiConnection.Open(configuration, "schemagate-tests", credentials, configuration.CertificateAuthorities,
            new(configuration.ClientCertificate!, configuration.ClientCertificateChain), TimeProvider.System);
        using var request = new ApiRequest(HttpMethod.Get, "version").ToMessage(configuration.Server);
        using var response = await connection.SendAsync(request, Cancellation);
        Assert.Equal(HttpVersion.Version20, response.Version);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_spoken_to()
    {
        using var client = Client([Stranger()], null);
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
        Assert.Equal(
            StatusReason.Unreachable,
            (await Assert.ThrowsAsync<KubernetesException>(() => wrong.GetVersionAsync(Cancellation))).Reason);
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_refused_token_is_read_again_at_once_and_a_working_one_kept()
    {
        await using var server = OwnApiServer.Start();
        using var first = await server.ClientAsync();
        var token = await File.ReadAllTextAsync(server.TokenFile, Cancellation);
        await File.WriteAllTextAsync(server.TokenFile, "out-of-date", Cancellation);
        await first.GetVersionAsync(Cancellation);
        using var second = new KubernetesClient(server.Configuration(), "schemagate-tests");
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => second.GetVersionAsync(Cancellation));
        Assert.Equal(StatusReason.Unauthorized, refused.Reason);
        Assert.Contains("does not know who asks", refused.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(server.TokenFile, token, Cancellation);
        await second.GetVersionAsync(Cancellation);
    }

    [Fact(DisableParallelization = true), Trait("needs", "packages")]
    public async Task A_thousand_watches_share_few_connections()
    {
        await using var server = OwnApiServer.Start();
        using var client = await server.ClientAsync();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var open = 0;
        var watches = Enumerable.Range(0, 1000)
            .Select(i => WatchAsync(client, $"none-{i}!=x", () => Interlocked.Increment(ref open), ending.Token))
            .ToList();
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref open) == 1000), () => $"1000 watches run; {open} do");
        await client.GetVersionAsync(Cancellation);
        Assert.InRange(server.Connections(), 2, 25);
        await ending.CancelAsync();
        await Task.WhenAll(watches);
    }

    [Fact]
    public async Task A_replaced_authority_counts_for_new_connections()
    {
        var directory = Directory.CreateTempSubdirectory("authority").FullName;
        var file = Path.Join(directory, "ca.crt");
        await File.WriteAllTextAsync(file, Stranger().ExportCertificatePem(), Cancellation);
        var time = new LeapingTime();
        using var client = new KubernetesClient(new()
        {
            Server = configuration.Server,
            CertificateAuthorityFile = file,
            ClientCertificate = configuration.ClientCertificate,
            Token = configuration.Token,
        }, "schemagate-tests", time: time);
        Assert.Equal(
            StatusReason.Unreachable,
            (await Assert.ThrowsAsync<KubernetesException>(() => client.GetVersionAsync(Cancellation))).Reason);
        await File.WriteAllTextAsync(file, configuration.CertificateAuthorities[0].ExportCertificatePem(), Cancellation);
        time.Leap(TimeSpan.FromSeconds(10));
        await client.GetVersionAsync(Cancellation);
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_nobody_vouches_for_is_asked_only_where_the_configuration_says_so(bool isSkipped)
    {
        using var client = new KubernetesClient(new()
        {
            Server = configuration.Server,
            CertificateAuthorities = [Stranger()],
            ClientCertificate = configuration.ClientCertificate,
            InsecureSkipTlsVerify = isSkipped,
        }, "schemagate-tests");

        var refused = await Record.ExceptionAsync(() => client.GetVersionAsync(Cancellation));

        Assert.Equal(isSkipped ? null : StatusReason.Unreachable, (refused as KubernetesException)?.Reason);
        Assert.Equal(isSkipped, refused is null);
    }

    [Fact]
    public void A_token_that_is_none_is_refused_without_its_text()
    {
        var refused = Assert.Throws<KubernetesException>(() =>
            new KubernetesClient(new() { Server = configuration.Server, Token = "s3cret\r\nX-Other: 1" }, "schemagate-tests"));
        Assert.Equal(StatusReason.InvalidConfiguration, refused.Reason);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }

    private static X509Certificate2 Stranger()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    // Starts with what is there, so that the first event shows that the watch runs.
    private static async Task WatchAsync(KubernetesClient client, string selector, Action opened, CancellationToken cancellation)
    {
        try
        {
            await foreach (var _ in client.WatchAsync(
                ScratchNamespace.Namespaces,
                null,
                new() { ResourceVersion = "0", LabelSelector = selector },
                cancellation))
            {
                opened();
                await Task.Delay(Timeout.Infinite, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private sealed class LeapingTime : TimeProvider
    {
        private long ahead;

        public void Leap(TimeSpan by) => ahead += (long)(by.TotalSeconds * TimestampFrequency);

        public override long GetTimestamp() => base.GetTimestamp() + ahead;
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
