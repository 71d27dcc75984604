using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using k8s.Models;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>The operator's own server with TLS, before an API server with one gate, shop/shop, and the Deployments that name it.</summary>
internal sealed class VerdictServer : IAsyncDisposable
{
    public const string Image = "registry.test/shop:1";
    public const string Released =
        """
        {"requirement":"registry.test/shop:1","digest":"sha256:1","through":"m2","identity":"7/shop/public",
         "at":"2026-01-02T03:04:05Z","reason":"Satisfied"}
        """;

    /// <summary>The one token whose holder exists.</summary>
    public const string Token = "a-known-token";

    public static readonly KeyPair Authority = KeyPair.NewAuthority(DateTimeOffset.UtcNow, TimeSpan.FromDays(1));

    private readonly CancellationTokenSource ending = new();
    private readonly FakeApiServer api;
    private readonly KubernetesClient client;
    private readonly WebApplication app;
    private readonly GateReaders readers;
    private readonly RolloutEndpoint rollouts;
    private readonly ImageEvidence images;
    private readonly TaskCompletionSource<string> changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string gate;
    private readonly string deployments;

    private VerdictServer(FakeApiServer api, string gate, string deployments, IPEndPoint listen, string? instead)
    {
        (this.api, this.gate, this.deployments) = (api, gate, deployments);
        client = api.Client();
        ServedCertificate certificate = new();
        KeyPair serving = Authority.NewServing(new(["127.0.0.1"]), DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        V1Secret stored = new CertificateSet([Authority.CertificatePem], Authority, serving)
        {
            Paths = new([new(Secret, DateTimeOffset.UtcNow, null)]),
        }.ToSecret("s", null);
        certificate.Follow(stored);
        OperatorOptions options = new("s", listen, new WebhookEndpoint.Outside(new("https://127.0.0.1"))) { Identity = "test" };
        app = WebhookServer.Create(options, certificate, Time);
        SealKey key = new(new byte[32]);
        readers = new(new(client), TimeProvider.System);
        View = new(client, new(key), ["shop"], _ => { }, TimeProvider.System);
        images = new(allowPlainHttp: true, TimeProvider.System);
        WorkloadReader reader = new(key);
        HoldJudge judge = new(View, new(View, images, client, TimeProvider.System), TimeProvider.System);
        Dictionary<string, Review> reviews = new(StringComparer.Ordinal)
        {
            [WebhookRegistration.DeploymentPath] =
                ReviewTrace.Of(new DeploymentAdmission(
                    View, reader, judge, new(client, View, judge, TimeProvider.System), new(key), TimeProvider.System).ReviewAsync),
            [WebhookRegistration.ClaimPath] = new ClaimAdmission(View, new(client), () => key.Claims, TimeProvider.System).ReviewAsync,
        };
        Readiness ready = new(View, certificate, () => TimeSpan.Zero, () => null, CancellationToken.None);
        AdmissionDoor door = new(TimeProvider.System);
        door.Follow(stored);
        Strangers = app.Services.GetRequiredService<StrangerConnections>();
        ReviewEndpoint endpoint = new(
            ready, reviews, door, app.Services.GetRequiredService<ReviewConnections>(), Strangers, TimeProvider.System);
        rollouts = new(client, View, readers, TimeProvider.System);
        WebhookServer.Map(app, ready, endpoint, new(View, readers, key, TimeProvider.System), rollouts);
        app.Use(async (context, next) =>
        {
            Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
            await (instead is null ? next(context) : context.Response.WriteAsync(instead));
        });
    }

    /// <summary>The part of the webhooks' paths that the API server knows.</summary>
    public static string Secret { get; } = new('5', 64);

    /// <summary>The path of the Deployments' webhook.</summary>
    public static string DeploymentPath => $"/admission/{Secret}/deployments";

    public ClusterView View { get; }

    /// <summary>The connections of whoever has not named the secret.</summary>
    public StrangerConnections Strangers { get; }

    /// <summary>The time of reviews' connections.</summary>
    public ManualTime Time { get; } = new();

    /// <summary>What callers have sent.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Authorizations { get; } = new();

    public string Url => app.Urls.Single();

    /// <summary>What the API server has under the one name that a test asks for; <c>null</c> for nothing.</summary>
    public string Workload { get; set; } = "null";

    /// <summary>The reviews that the API server was asked for.</summary>
    public IReadOnlyList<string> Reviews => [.. api.Requests.Where(request => request.Contains("review", StringComparison.Ordinal))];

    /// <param name="gate">The gate's JSON.</param>
    /// <param name="deployments">The Deployments', separated by commas.</param>
    /// <param name="port">Where to listen; 0 is any.</param>
    /// <param name="synced">Whether the caches are ever complete.</param>
    /// <param name="instead">What to answer in the operator's place.</param>
    public static async Task<VerdictServer> StartAsync(
        string gate,
        string deployments = "",
        int port = 0,
        bool synced = true,
        string? instead = null)
    {
        VerdictServer server = new(await FakeApiServer.StartAsync(), gate, deployments, new(IPAddress.Loopback, port), instead);
        server.api.Group("rollouts");
        for (int request = 0; request < 300; request++)
        {
            server.api.List(server.AnswerAsync).Watch(server.WatchAsync);
        }

        await server.app.StartAsync();
        if (synced)
        {
            _ = server.View.RunAsync(server.ending.Token);
            using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
            while (!server.View.Synced)
            {
                await Task.Delay(10, patience.Token);
            }
        }

        return server;
    }

    /// <summary>A client of this server.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { SslOptions = Trusting() }) { BaseAddress = new(Url) };

    /// <summary>What trusts the server's certificate.</summary>
    public static SslClientAuthenticationOptions Trusting() => new()
    {
        TargetHost = "127.0.0.1",
        CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { Authority.Certificate },
        },
    };

    /// <summary>The gate; its own image is not released, and a hold explains another.</summary>
    public static string Gate(string released = "", string spec = "", string annotations = "") => $$"""
        {"metadata":{"name":"shop","namespace":"shop","uid":"g","generation":1,"resourceVersion":"2","annotations":{{{annotations}}} },
         "spec":{"changelog":{"image":"{{Image}}"},"database":{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"} }{{spec}} },
         "status":{"observedGeneration":1,"verdict":"Blocked","reason":"MigrationsPending","message":"m2 is not applied.",
          "changelog":{"image":"{{Image}}","digest":"sha256:1"},"database":{"source":"shop-db/DATABASE_URL","identity":"7/shop/public"},
          "migrations":{"required":2,"applied":1,"progress":"1/2","pending":["m2"],"through":"m2"},"released":[{{released}}]} }
        """;

    public void Change(string now)
        => changed.TrySetResult(now.Replace("\"resourceVersion\":\"2\"", "\"resourceVersion\":\"3\"", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await app.DisposeAsync();
        readers.Dispose();
        rollouts.Dispose();
        images.Dispose();
        client.Dispose();
        await api.DisposeAsync();
        ending.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        string resource = path[(path.LastIndexOf('/') + 1)..];
        string body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        string items = resource switch { "schemagates" => gate, "deployments" => deployments, _ => "" };
        bool isMissing = resource is "db" or "agent" && Workload == "null";
        await FakeApiServer.Text(isMissing ? 404 : 200, resource switch
        {
            "tokenreviews" => Reviewed(new()
            {
                ["authenticated"] = JsonNode.Parse(body)!["spec"]!["token"]!.ToString() == Token,
                ["user"] = new JsonObject { ["username"] = "u" },
            }),
            "subjectaccessreviews" => Reviewed(new()
            {
                ["allowed"] = body.Contains("\"verb\":\"get\"", StringComparison.Ordinal),
            }),
            "db" or "agent" => isMissing ? """{"kind":"Status","status":"Failure","reason":"NotFound","code":404}""" : Workload,
            _ => $$$"""{"metadata":{"resourceVersion":"1"},"items":[{{{items}}}]}""",
        })(context);
    }

    private static string Reviewed(JsonObject status) =>
        new JsonObject { ["spec"] = new JsonObject(), ["status"] = status }.ToJsonString();

    private async Task WatchAsync(HttpContext context)
    {
        await context.Response.Body.FlushAsync();
        if (context.Request.Path.Value!.EndsWith("/schemagates", StringComparison.Ordinal))
        {
            await context.Response
                .WriteAsync(FakeApiServer.Event("MODIFIED", await changed.Task.WaitAsync(context.RequestAborted)), context.RequestAborted);
            await context.Response.Body.FlushAsync();
        }

        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
