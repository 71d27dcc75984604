using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Oci;
using SchemaGate.Operator;
using SchemaGate.Operator.Pods;
using SchemaGate.Operator.Running;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Oci;
using SchemaGate.Tests.Postgres;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>One look at a gate, before an API server that keeps what it is written.</summary>
public sealed class GateReconcilerTests : IAsyncLifetime
{
    private const string WrongSpec = ",\"migrate\":{\"mode\":\"Sometimes\"}";

    private readonly ConcurrentQueue<(string Method, string Path, JsonNode? Body)> written = new();
    private readonly Dictionary<string, string> lists = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ending = new();
    private readonly ImageEvidence images = new(allowPlainHttp: true, TimeProvider.System);
    private readonly DatabaseEvidence databases = new(allowLocalFiles: false, TimeProvider.System);
    private readonly List<Task> running = [];
    private string? forbidden;
    private FakeApiServer server = null!;
    private KubernetesClient client = null!;
    private ClusterView view = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        for (int request = 0; request < 1000; request++)
        {
            server.List(AnswerAsync);
        }

        client = server.Client();
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(running);
        images.Dispose();
        databases.Dispose();
        client.Dispose();
        await server.DisposeAsync();
        ending.Dispose();
    }

    /// <summary>A gate that may not be seen is not gone: what names it is neither held for that nor let go.</summary>
    [Fact]
    public async Task In_a_namespace_that_may_not_be_seen_nothing_is_written_and_it_is_looked_at_again()
    {
        forbidden = "schemagates";
        lists["deployments"] = Cluster.Deployment().ToJsonString();
        GateReconciler reconciler = Reconciler();
        await Eventually.TrueAsync(() => view.Unserved("shop") is not null && view.Deployments.List("shop").Any());
        Assert.Equal(TimeSpan.FromSeconds(10), await ReconcileAsync(reconciler));
        Assert.DoesNotContain(written, write => !write.Path.EndsWith("/events", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgresql://u:p@127.0.0.1:1/other", true)]
    [InlineData("no URL at all", true)]
    [InlineData(null, false)]
    public async Task A_gate_whose_spec_is_wrong_forgets_its_database_where_its_Secret_names_another(string? url, bool isForgotten)
    {
        lists["schemagates"] = VerdictServer.Gate(spec: WrongSpec).Replace(
            "\"identity\":\"7/shop/public\"", "\"identity\":\"7/shop/public\",\"fingerprint\":\"one\"", StringComparison.Ordinal);
        lists["secrets"] = url is null ? "" : SecretOf(url);
        GateReconciler reconciler = Reconciler();
        await Eventually.TrueAsync(() => view.Synced);
        await ReconcileAsync(reconciler);
        JsonNode status = written.Last(write => write.Path.EndsWith("/shop/status", StringComparison.Ordinal)).Body!["status"]!;
        Assert.Equal(Reasons.SpecInvalid, status["reason"]!.ToString());
        Assert.Equal(isForgotten ? DatabaseStatus.Unread : "7/shop/public", status["database"]!["identity"]!.ToString());
    }

    /// <summary>
    /// Another password makes another URL, of which nothing is known until it was read. The memory of the gate is from before that: it was
    /// open for this database, and the database says that it is this one.
    /// </summary>
    [Fact]
    public async Task A_gate_whose_Secret_has_another_password_for_its_database_stays_open_while_the_registry_is_out()
    {
        using HostileServer database = new(async (own, stream) => await stream.WriteAsync(HostileServer.Row("m1"), own.Ended));
        lists["schemagates"] = VerdictServer.Gate()
            .Replace($"\"spec\":{{\"changelog\":{{\"image\":\"{VerdictServer.Image}\"",
                "\"spec\":{\"changelog\":{\"image\":\"127.0.0.1:1/shop/schema:1\"", StringComparison.Ordinal)
            .Replace("\"verdict\":\"Blocked\",\"reason\":\"MigrationsPending\"", "\"verdict\":\"Open\",\"reason\":\"Open\"",
                StringComparison.Ordinal)
            .Replace("\"identity\":\"7/shop/public\"", "\"identity\":\"7/d/public\",\"fingerprint\":\"one\"", StringComparison.Ordinal);
        lists["secrets"] = SecretOf(database.UrlText);
        GateReconciler reconciler = Reconciler();
        await Eventually.TrueAsync(() => view.Synced);
        await ReconcileAsync(reconciler);
        List<JsonNode> statuses = [.. written.Where(write => write.Path.EndsWith("/shop/status", StringComparison.Ordinal))
            .Select(write => write.Body!["status"]!)];
        Assert.Equal(DatabaseStatus.Unread, statuses[0]["database"]!["identity"]!.ToString());
        Assert.Equal(("Open", "7/d/public"), (statuses[^1]["verdict"]!.ToString(), statuses[^1]["database"]!["identity"]!.ToString()));
        Assert.Contains("does not accept connections", statuses[^1]["message"]!.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The gate's own image is signed or not, another one that a workload asks for never is.</summary>
    [Theory]
    [InlineData(false, false, "Blocked", Reasons.SecretNotFound, Reasons.SecretNotFound)]
    [InlineData(true, false, "Blocked", Reasons.ImageUnsigned, Reasons.ImageUnsigned)]
    [InlineData(true, true, "Open", Reasons.Open, Reasons.ImageUnsigned)]
    public async Task Images_that_no_key_of_the_gate_s_Secret_has_signed_open_nothing(
        bool hasKey, bool isSigned, string verdict, string reason, string asked)
    {
        using FakeRegistry fake = new();
        using Cosign cosign = new();
        Digest other = fake.Push(Image("SELECT 2;"));
        Digest digest = fake.Push(Image("SELECT 1;"));
        await using LoopbackRegistry registry = await LoopbackRegistry.StartAsync(fake);
        using HostileServer database = new(async (own, stream) => await stream.WriteAsync(HostileServer.Row("m1"), own.Ended));
        if (isSigned)
        {
            Cosign.Tag(fake, digest, cosign.Signed(digest, registry.Repository));
        }

        string at = $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}";
        lists["schemagates"] = $$"""
            {"metadata":{"name":"shop","namespace":"shop","uid":"g","generation":1,"resourceVersion":"2"},
             "spec":{"changelog":{"image":"{{registry.Repository}}:1","plainHttp":true,
               "verify":{"keysFrom":{"name":"shop-db","key":"cosign.pub"} } },
              "database":{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"} } },
             "status":{"asked":[{"requires":"{{registry.Repository}}@{{other}}","by":"job/a","at":"{{at}}"}]} }
            """;
        lists["secrets"] = SecretOf(database.UrlText, hasKey ? cosign.PublicPem : null);
        GateReconciler reconciler = Reconciler();
        await Eventually.TrueAsync(() => view.Synced);
        await ReconcileAsync(reconciler);
        JsonNode status = written.Last(write => write.Path.EndsWith("/shop/status", StringComparison.Ordinal)).Body!["status"]!;
        Assert.Equal((verdict, reason), (status["verdict"]!.ToString(), status["reason"]!.ToString()));
        Assert.Equal(asked, status["asked"]![0]!["reason"]!.ToString());
    }

    private static byte[] Image(string sql) => Archive.Tar(
        ("docs/DATABASE_SCHEMA_CHANGELOG.md", "## Pending\n\n## Migrated\n\n### m1\n- **Status:** MIGRATED\n\n## Deployed\n"),
        ("prisma/migrations/m1/migration.sql", sql));

    private static string SecretOf(string url, string? key = null) => $$"""
        {"metadata":{"name":"shop-db","namespace":"shop","uid":"s","resourceVersion":"1"},
         "data":{"DATABASE_URL":"{{Base64(url)}}"{{(key is null ? "" : $",\"cosign.pub\":\"{Base64(key)}\"")}}} }
        """;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private GateReconciler Reconciler()
    {
        SealKey key = new(new byte[32]);
        view = new(client, new(key), ["shop"], _ => { }, TimeProvider.System);
        running.Add(view.RunAsync(ending.Token));
        EventRecorder events = new(client, "schemagate.dev/operator", "test", _ => { }, TimeProvider.System);
        Announcer announcer = new(events, NullLogger<Announcer>.Instance);
        return new(
            view,
            new(new(client, (_, _) => { }, TimeProvider.System, ending.Token), images, databases, key, TimeProvider.System),
            new WorkloadActor(client, view, new(key), announcer, TimeProvider.System),
            new PodActor(client, view, new(key), new(key), announcer),
            new RunJobs(client, view, () => key.Claims, new("schemagate:1", null), TimeProvider.System),
            new(
                new(client, (_, _) => { }, TimeProvider.System, ending.Token), new([], TimeProvider.System), key, _ => { },
                TimeProvider.System, ending.Token)
            {
                Now = view.Gate,
            },
            new StatusWriter(client, announcer));
    }

    private static Task<TimeSpan?> ReconcileAsync(GateReconciler reconciler) =>
        reconciler.ReconcileAsync(new ObjectKey("shop", "shop"), TestContext.Current.CancellationToken);

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        string resource = path[(path.LastIndexOf('/') + 1)..];
        string body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        if (context.Request.Method != "GET")
        {
            written.Enqueue((context.Request.Method, path, JsonNode.Parse(body)));
            await FakeApiServer.Text(200, body)(context);
            return;
        }

        (int status, string answer) = resource == forbidden
            ? (403, """{"kind":"Status","status":"Failure","reason":"Forbidden","code":403}""")
            : (200, $$$"""{"metadata":{"resourceVersion":"1"},"items":[{{{lists.GetValueOrDefault(resource)}}}]}""");
        await FakeApiServer.Text(status, answer)(context);
    }
}
