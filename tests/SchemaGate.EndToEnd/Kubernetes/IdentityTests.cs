using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.EndToEnd.Kubernetes;

public sealed class IdentityTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("identity").FullName;
    private ScratchNamespace scratch = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => scratch = await ScratchNamespace.CreateAsync();

    [Fact]
    public async Task A_pod_asks_as_its_account_and_as_the_other_once_the_token_is_another()
    {
        var (first, second) = (await scratch.AddAccountAsync("first"), await scratch.AddAccountAsync("second"));
        await scratch.AddAsync("wanted");
        await scratch.AllowSecretAsync("second", "wanted");
        first.Mount(directory);
        using var client = new KubernetesClient(Pod(), "schemagate-tests", time: TimeProvider.System);
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => GetAsync(client));
        Assert.Equal(StatusReason.Forbidden, refused.Reason);
        Assert.Contains($"system:serviceaccount:{scratch.Name}:first", refused.Message, StringComparison.Ordinal);
        second.Mount(directory);
        await Task.Delay(TimeSpan.FromSeconds(11), Cancellation);
        Assert.NotNull(await GetAsync(client));
    }

    [Fact]
    public async Task A_token_that_the_server_refuses_is_read_again_at_once()
    {
        var (gone, next) = (await scratch.AddAccountAsync("gone"), await scratch.AddAccountAsync("next"));
        gone.Mount(directory);
        using var client = new KubernetesClient(Pod(), "schemagate-tests");
        await client.GetVersionAsync(Cancellation);
        await scratch.Client.DeleteAsync(Kinds.Secret, scratch.Name, gone.Metadata.Name!, cancellation: Cancellation);
        await File.WriteAllTextAsync(Path.Join(directory, "token"), next.Token(), Cancellation);
        await client.GetVersionAsync(Cancellation);
    }

    [Fact]
    public async Task A_pod_knows_its_namespace_and_trusts_its_clusters_authority()
    {
        (await scratch.AddAccountAsync("first")).Mount(directory);
        Assert.Equal(scratch.Name, Pod().Namespace);
        using var client = new KubernetesClient(Pod(), "schemagate-tests");
        Assert.Equal("1", (await client.GetVersionAsync(Cancellation)).Major);
    }

    [Fact]
    public async Task Who_holds_a_token_and_what_they_may_is_asked_of_the_server()
    {
        var account = await scratch.AddAccountAsync("reader");
        await scratch.AllowSecretAsync("reader", "wanted");
        var reviews = new AccessReviews(scratch.Client);
        var who = await reviews.WhoAsync(account.Token(), cancellation: Cancellation);
        Assert.Equal($"system:serviceaccount:{scratch.Name}:reader", who.User?.Username);
        Assert.Contains($"system:serviceaccounts:{scratch.Name}", who.User!.Groups, StringComparer.Ordinal);
        Assert.True((await reviews.MayAsync(who.User, Get("wanted"), Cancellation)).Allowed);
        Assert.False((await reviews.MayAsync(who.User, Get("another"), Cancellation)).Allowed);
        Assert.False((await reviews.MayAsync(who.User, Get("wanted") with { NamespaceProperty = "default" }, Cancellation)).Allowed);
        var approve = Get("shop") with { Verb = "approve", Group = "schemagate.dev", Resource = "schemagates" };
        Assert.False((await reviews.MayAsync(who.User, approve, Cancellation)).Allowed);
        Assert.True((await reviews.MayAsync(new() { Username = "me", Groups = ["system:masters"] }, approve, Cancellation)).Allowed);
        Assert.Null((await reviews.WhoAsync("nobody's", cancellation: Cancellation)).User);
    }

    [Fact]
    public async Task An_administrator_asks_in_anothers_name()
    {
        var admin = ScratchNamespace.Configuration();
        using var client = new KubernetesClient(new()
        {
            Server = admin.Server,
            CertificateAuthorities = admin.CertificateAuthorities,
            ClientCertificate = admin.ClientCertificate,
            Token = admin.Token,
            Impersonated = new() { Username = "jane", Groups = ["dev"] },
        }, "schemagate-tests");
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => GetAsync(client));
        Assert.Contains("\"jane\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugins_token_is_asked_for_again_when_the_server_refuses_it()
    {
        var account = await scratch.AddAccountAsync("reader");
        account.Mount(directory);
        var admin = ScratchNamespace.Configuration();
        var head = """{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":""";
        var script
            = $"cd {directory}; echo x >> runs; [ $(wc -l < runs) = 1 ] && t=out-of-date || t=$(cat token); echo '{head}\"'$t'\"}}}}'";
        using var client = new KubernetesClient(new()
        {
            Server = admin.Server,
            CertificateAuthorities = admin.CertificateAuthorities,
            Exec = new("client.authentication.k8s.io/v1beta1", "sh", ["-c", script], [], "{}", null),
        }, "schemagate-tests", time: new HastyTime());
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => GetAsync(client));
        Assert.Contains("serviceaccount", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Join(directory, "runs"), Cancellation)).Length);
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(directory, recursive: true);
        await scratch.DisposeAsync();
    }

    private Task<V1Secret> GetAsync(KubernetesClient client) => client.GetAsync(Kinds.Secret, scratch.Name, "wanted", Cancellation);

    private V1ResourceAttributes Get(string secret) =>
        new() { Verb = "get", Resource = "secrets", Name = secret, NamespaceProperty = scratch.Name };

    private KubernetesConfiguration Pod()
    {
        var server = ScratchNamespace.Configuration().Server;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["KUBERNETES_SERVICE_HOST"] = server.Host,
            ["KUBERNETES_SERVICE_PORT"] = $"{server.Port}",
        };
        return new ConfigurationPlaces(variables.GetValueOrDefault, "/nowhere", directory).Load(null, null);
    }

    /// <summary>Each look at the clock is a minute after the last; timers run as always.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private int minutes;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddMinutes(Interlocked.Increment(ref minutes));
    }
}
