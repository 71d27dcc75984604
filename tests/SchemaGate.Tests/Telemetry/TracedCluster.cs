using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Operator;
using SchemaGate.Operator.Pods;
using SchemaGate.Operator.Running;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Oci;
using SchemaGate.Tests.Operators;
using SchemaGate.Tests.Postgres;

namespace SchemaGate.Tests.Telemetry;

/// <summary>
/// One gate, one Deployment and what becomes of them, before an API server that keeps what it is written, a registry and a database, each
/// with a secret that must be seen by nobody else.
/// </summary>
internal sealed class TracedCluster : IAsyncDisposable
{
    public const string Planted = "pl4nted-s3cret";

    private const string Document = "# Schema\n\n## Pending\n\n## Migrated\n\n### 1_a\n\n- **Status**: MIGRATED\n\n## Deployed\n";

    private readonly SealKey key = new(new byte[32]);
    private readonly FakeRegistry images = new();
    private readonly HostileServer database;
    private readonly ImageEvidence image = new(allowPlainHttp: true, TimeProvider.System);
    private readonly DatabaseEvidence histories = new(allowLocalFiles: true, TimeProvider.System);
    private readonly ILoggerFactory log;
    private FakeApiServer server = null!;
    private LoopbackRegistry registry = null!;
    private KubernetesClient client = null!;

    private TracedCluster(ILoggerFactory log)
    {
        this.log = log;
        database = new(async (own, stream) => await stream.WriteAsync(IsApplied ? HostileServer.Row("1_a") : [], own.Ended));
    }

    /// <summary>Whether the database has the one migration.</summary>
    public bool IsApplied { get; set; }

    /// <summary>What is stored, by its plural; one of each.</summary>
    public Dictionary<string, JsonObject> Stored { get; } = new(StringComparer.Ordinal);

    public static async Task<TracedCluster> StartAsync(ILoggerFactory log)
    {
        TracedCluster cluster = new(log) { server = await FakeApiServer.StartAsync() };
        cluster.images.Push(
            Archive.Tar(("docs/DATABASE_SCHEMA_CHANGELOG.md", Document), ("prisma/migrations/1_a/migration.sql", "SELECT 1;")));
        cluster.registry = await LoopbackRegistry.StartAsync(cluster.images);
        for (int request = 0; request < 1000; request++)
        {
            cluster.server.List(cluster.AnswerAsync);
        }

        cluster.client = cluster.server.Client();
        cluster.Stored["schemagates"] = JsonNode.Parse($$"""
            {"metadata":{"name":"shop","namespace":"shop","uid":"g","generation":1,"resourceVersion":"1"},
             "spec":{"changelog":{"image":"{{cluster.Image}}","plainHttp":true,"pullSecretRef":{"name":"login"} },
              "database":{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"} },"migrate":{"mode":"Job"},"policy":{"approval":"Never"} } }
            """)!.AsObject();
        return cluster;
    }

    private string Image => $"{registry.Repository}:1";

    /// <summary>The Deployment is created; its revision is not released.</summary>
    public async Task CreateDeploymentAsync()
    {
        JsonObject made = Cluster.Deployment(template: Cluster.Template.Replace("x:1", Image, StringComparison.Ordinal));
        AdmissionResponse response = await AdmitAsync("deployments", "Deployment", made, (view, judge, questions) =>
            new DeploymentAdmission(view, new(key), judge, questions, new(key), TimeProvider.System).ReviewAsync);
        Assert.True(response.Allowed, response.Status?.Message);
    }

    /// <summary>The Deployment's controller makes its ReplicaSet, as far as admission lets it.</summary>
    /// <returns>Whether it does.</returns>
    public async Task<bool> CreateReplicaSetAsync()
    {
        JsonObject deployment = Stored["deployments"];
        JsonObject made = Cluster.ReplicaSet(deployment["metadata"]!["annotations"]!.ToJsonString(), replicas: 2);
        made["spec"]!["template"] = deployment["spec"]!["template"]!.DeepClone();
        made["spec"]!["template"]!["metadata"]!["labels"]!["pod-template-hash"] = "5d";
        made["metadata"]!["labels"] = made["spec"]!["template"]!["metadata"]!["labels"]!.DeepClone();
        return (await AdmitAsync("replicasets", "ReplicaSet", made, (view, judge, questions) =>
            new ReplicaSetAdmission(client, view, new(key), judge, questions, TimeProvider.System).ReviewAsync)).Allowed;
    }

    /// <summary>The Job that the gate has made does its work.</summary>
    public void EndJob()
    {
        IsApplied = true;
        Stored["jobs"]["status"] = JsonNode.Parse("""
            {"startTime":"2026-01-02T03:04:05Z","completionTime":"2026-01-02T03:04:35Z",
             "conditions":[{"type":"Complete","status":"True","lastTransitionTime":"2026-01-02T03:04:36Z"}]}
            """);
    }

    /// <summary>A look of a leader that has just begun: it knows what is stored, and nothing else.</summary>
    public Task LookAsync() => WithViewAsync(async (view, ending) =>
    {
        Announcer announcer = new(
            new EventRecorder(client, "schemagate.dev/operator", "test", _ => { }, TimeProvider.System), log.CreateLogger<Announcer>());
        GateReconciler reconciler = new(
            view,
            new(new(client, (_, _) => { }, TimeProvider.System, ending), image, histories, key, TimeProvider.System),
            new WorkloadActor(client, view, new(key), announcer, TimeProvider.System),
            new PodActor(client, view, new(key), new(key), announcer),
            new RunJobs(client, view, () => key.Claims, new("schemagate:1", null), TimeProvider.System),
            new(
                new(client, (_, _) => { }, TimeProvider.System, ending), new([], TimeProvider.System), key, _ => { },
                TimeProvider.System, ending)
            {
                Now = view.Gate,
            },
            new StatusWriter(client, announcer));
        return await reconciler.ReconcileAsync(new("shop", "shop"), TestContext.Current.CancellationToken);
    });

    /// <summary>So many looks of one leader at the gate, which find nothing.</summary>
    public Task LookAsync(int looks) => WithViewAsync(async (view, _) =>
    {
        RolloutLooks rollouts = new(view);
        for (int look = 0; look < looks; look++)
        {
            await rollouts.LookAsync(new("shop", "shop"), () => Task.FromResult(look));
        }

        return looks;
    });

    public async ValueTask DisposeAsync()
    {
        image.Dispose();
        histories.Dispose();
        client.Dispose();
        await server.DisposeAsync();
        await registry.DisposeAsync();
        images.Dispose();
        database.Dispose();
    }

    private Task<AdmissionResponse> AdmitAsync(
        string plural, string kind, JsonObject made, Func<ClusterView, HoldJudge, Questions, Review> review) =>
        WithViewAsync(async (view, _) =>
        {
            (made["apiVersion"], made["kind"]) = ("apps/v1", kind);
            HoldJudge judge = new(view, new(view, image, client, TimeProvider.System), TimeProvider.System);
            Questions questions = new(client, view, judge, TimeProvider.System);
            AdmissionRequest request = new()
            {
                Uid = "u",
                Operation = AdmissionOperation.Create,
                Kind = new("apps", "v1", kind),
                Resource = new("apps", "v1", plural),
                Namespace = "shop",
                Name = (string?)made["metadata"]!["name"],
                Object = JsonSerializer.SerializeToElement(made),
            };
            AdmissionResponse response = await ReviewTrace.Of(review(view, judge, questions))(
                request, TestContext.Current.CancellationToken);
            if (response.Allowed)
            {
                Stored[plural] = response.Patch is { } patch ? Cluster.Apply(patch, made)! : made;
            }

            return response;
        });

    private async Task<T> WithViewAsync<T>(Func<ClusterView, CancellationToken, Task<T>> act)
    {
        using CancellationTokenSource ending = new();
        ClusterView view = new(client, new(key), ["shop"], _ => { }, TimeProvider.System);
        Task running = view.RunAsync(ending.Token);
        try
        {
            await Eventually.TrueAsync(() => view.Synced);
            return await act(view, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await running;
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Split('/');
        string body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        string answer = (context.Request.Method, path[^1]) switch
        {
            ("GET", "secrets") => List(Secret(context.Request.Query["fieldSelector"].ToString().Split('=')[1])),
            ("GET", var plural) => List(Stored.GetValueOrDefault(plural)?.ToJsonString() ?? ""),
            ("PUT", "status") => Store("schemagates", JsonNode.Parse(body)!.AsObject()),
            ("PATCH", "shop") => Store("deployments", Cluster.Apply(Encoding.UTF8.GetBytes(body), Stored["deployments"])!),
            ("POST", "jobs") => Store("jobs", Job(body)),
            _ => body,
        };
        await FakeApiServer.Text(200, answer)(context);
    }

    private string Store(string plural, JsonObject value) => (Stored[plural] = value).ToJsonString();

    private static JsonObject Job(string body)
    {
        JsonObject job = JsonNode.Parse(body)!.AsObject();
        job["metadata"]!["uid"] = "j";
        job["metadata"]!["creationTimestamp"] = "2026-01-02T03:04:04Z";
        return job;
    }

    private string Secret(string name)
    {
        string login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{Planted}"));
        (string of, string value) = name == "login"
            ? (".dockerconfigjson", $$$"""{"auths":{"{{{Image.Split('/')[0]}}}":{"auth":"{{{login}}}"} } }""")
            : ("DATABASE_URL", database.UrlText.Replace(":p@", $":{Planted}@", StringComparison.Ordinal));
        return $$"""
            {"metadata":{"name":"{{name}}","namespace":"shop","uid":"{{name}}","resourceVersion":"1"},
             "data":{"{{of}}":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}}"} }
            """;
    }

    private static string List(string items) => $$$"""{"metadata":{"resourceVersion":"1"},"items":[{{{items}}}]}""";
}
