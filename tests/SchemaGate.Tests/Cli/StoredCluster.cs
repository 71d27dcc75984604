using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Operators;

namespace SchemaGate.Tests.Cli;

/// <summary>An API server that keeps what it is given: it lists by page and label, patches, deletes; with a kubeconfig.</summary>
internal sealed class StoredCluster : IAsyncDisposable
{
    public const string Deployments = "apis/apps/v1/namespaces/shop/deployments";
    public const string ReplicaSets = "apis/apps/v1/namespaces/shop/replicasets";
    public const string StatefulSets = "apis/apps/v1/namespaces/shop/statefulsets";
    public const string DaemonSets = "apis/apps/v1/namespaces/shop/daemonsets";
    public const string ControllerRevisions = "apis/apps/v1/namespaces/shop/controllerrevisions";
    public const string Jobs = "apis/batch/v1/namespaces/shop/jobs";
    public const string Pods = "api/v1/namespaces/shop/pods";
    public const string Gates = "apis/schemagate.dev/v1alpha1/namespaces/shop/schemagates";

    private const int MostRequests = 2000;

    private readonly SortedDictionary<string, JsonObject> objects = new(StringComparer.Ordinal);
    private readonly FakeApiServer server;

    private StoredCluster(FakeApiServer server) => this.server = server;

    public string Kubeconfig { get; } = Path.GetTempFileName();

    /// <summary>Every request that was not a reading one: <c>PATCH deployments/shop</c>.</summary>
    public List<string> Writes { get; } = [];

    /// <summary>Another answer than its own to a request, told as in <see cref="Writes"/>; null for its own.</summary>
    public Func<string, int?> Fault { get; set; } = _ => null;

    /// <summary>What admission makes of an object that is written.</summary>
    public Action<JsonObject> Admission { get; set; } = _ => { };

    /// <summary>By its path's end: <c>deployments/shop</c>.</summary>
    public JsonObject this[string end] => objects.Single(pair => pair.Key.EndsWith($"/{end}", StringComparison.Ordinal)).Value;

    public static async Task<StoredCluster> StartAsync()
    {
        StoredCluster cluster = new(await FakeApiServer.StartAsync());
        for (int request = 0; request < MostRequests; request++)
        {
            cluster.server.List(cluster.AnswerAsync);
        }

        await File.WriteAllTextAsync(cluster.Kubeconfig, $$"""
            {"current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u","namespace":"shop"} }],
             "clusters":[{"name":"c","cluster":{"server":"{{cluster.server.Url}}"} }],"users":[{"name":"u","user":{} }]}
            """);
        return cluster;
    }

    /// <param name="collection">A path, such as <see cref="Deployments"/>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">The object; name and resourceVersion are written into it.</param>
    public JsonObject Add(string collection, string name, JsonObject value)
    {
        JsonObject metadata = (value["metadata"] ??= new JsonObject()).AsObject();
        metadata["name"] = name;
        metadata["resourceVersion"] = "1";
        objects[$"{collection}/{name}"] = value;
        return value;
    }

    /// <summary>Somebody deletes it: <c>schemagates/shop</c>.</summary>
    public void Remove(string end) =>
        objects.Remove(objects.Keys.Single(path => path.EndsWith($"/{end}", StringComparison.Ordinal)));

    public KubernetesClient Client() => server.Client();

    /// <summary>A watch that brings these events, and stays open.</summary>
    public void Watch(params string[] events) => Watch(Task.CompletedTask, events);

    /// <summary>The same, when something has happened.</summary>
    public void Watch(Task before, params string[] events) => server.Watch(async context =>
    {
        await before.WaitAsync(context.RequestAborted);
        foreach (string line in events)
        {
            await context.Response.WriteAsync(line);
        }

        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    });

    public Task<Outcome> RunAsync(params string[] args) => RunAsync(new Schemagate { Time = new HastyTime() }, args);

    public Task<Outcome> RunAsync(Schemagate schemagate, params string[] args) =>
        schemagate.InvokeAsync([.. args, "--kubeconfig", Kubeconfig], TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        File.Delete(Kubeconfig);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!.TrimStart('/');
        string request = $"{context.Request.Method} {string.Join('/', path.Split('/')[^2..])}";
        if (context.Request.Method != "GET")
        {
            Writes.Add(request);
        }

        using StreamReader reader = new(context.Request.Body);
        byte[] body = System.Text.Encoding.UTF8.GetBytes(await reader.ReadToEndAsync());
        (int status, JsonNode answer) = Fault(request) is { } fault ? Status(fault) : Answer(context.Request, path, body);
        await FakeApiServer.Text(status, answer.ToJsonString())(context);
    }

    private (int Status, JsonNode Answer) Answer(HttpRequest request, string path, byte[] body)
    {
        if (!objects.TryGetValue(path, out JsonObject? found))
        {
            return request.Method == "GET" && path.EndsWith('s') && List(request, path) is { } list ? (200, list) : Status(404);
        }

        if (request.Method == "DELETE")
        {
            objects.Remove(path);
            return Status(200);
        }

        if (request.Method == "PATCH")
        {
            if (Cluster.Apply(body, found) is not { } patched)
            {
                return Status(422);
            }

            JsonNode metadata = patched["metadata"]!;
            metadata["resourceVersion"] = (int.Parse((string)metadata["resourceVersion"]!, CultureInfo.InvariantCulture) + 1)
                .ToString(CultureInfo.InvariantCulture);
            Admission(patched);
            objects[path] = found = patched;
        }

        return (200, found.DeepClone());
    }

    /// <summary>Null for a path that is an object's.</summary>
    private JsonObject? List(HttpRequest request, string path)
    {
        string[] parts = path.Split('/');
        string plural = parts[^1];
        string prefix = parts is [.., "namespaces", _, _] ? path : string.Join('/', parts[..^1]);
        List<JsonObject> items = [.. objects
            .Where(pair => pair.Key.StartsWith($"{prefix}/", StringComparison.Ordinal) && pair.Key.Split('/')[^2] == plural)
            .Select(pair => pair.Value)
            .Where(value => Matches(value, request.Query["labelSelector"].ToString()))];
        if (items.Count == 0 && parts is [.., "namespaces", _, var kind, _] && !kind.EndsWith("sets", StringComparison.Ordinal)
            && kind is not ("deployments" or "schemagates" or "pods" or "controllerrevisions"))
        {
            return null;
        }

        int begin = int.TryParse(request.Query["continue"], CultureInfo.InvariantCulture, out int given) ? given : 0;
        int limit = int.TryParse(request.Query["limit"], CultureInfo.InvariantCulture, out int asked) ? asked : items.Count;
        string next = begin + limit < items.Count ? (begin + limit).ToString(CultureInfo.InvariantCulture) : "";
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = "1", ["continue"] = next },
            ["items"] = new JsonArray([.. items.Skip(begin).Take(limit).Select(item => item.DeepClone())]),
        };
    }

    private static bool Matches(JsonObject value, string selector) => selector.Split(',', StringSplitOptions.RemoveEmptyEntries).All(term =>
    {
        string[] parts = term.Split('=');
        JsonNode? label = value["metadata"]!["labels"]?[parts[0]];
        return label is not null && (parts.Length == 1 || (string?)label == parts[1]);
    });

    private static (int Status, JsonNode Answer) Status(int code) => (code, new JsonObject
    {
        ["kind"] = "Status",
        ["message"] = code == 403 ? "u may not" : $"{code}",
        ["reason"] = code switch { 404 => "NotFound", 403 => "Forbidden", 422 => "Invalid", 500 => "InternalError", _ => null },
        ["code"] = code,
    });

    /// <summary>Time in which no short pause takes long; deadlines stay what they are.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime <= TimeSpan.FromSeconds(2) ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }
}

/// <summary>Deployments and ReplicaSets for <see cref="StoredCluster"/>.</summary>
internal static class Stored
{
    public static string Template(int version) =>
        Cluster.Template.Replace("shop=x:1", $"shop=x:{version.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal);

    /// <param name="version">Of its pod template.</param>
    /// <param name="hold">Null where it is not held.</param>
    /// <param name="paused"><c>spec.paused</c>; null where it is not there.</param>
    public static JsonObject Deployment(int version, Hold? hold = null, bool? paused = null)
    {
        JsonObject value = Cluster.Deployment("""{"deployment.kubernetes.io/revision":"1","team":"a"}""", paused, Template(version));
        if (hold is not null)
        {
            value["metadata"]!["annotations"]![Names.Hold] = hold.ToJson();
        }

        return value;
    }

    /// <summary>What the Deployment controller writes of a birth that was refused.</summary>
    public static JsonObject Refused(this JsonObject deployment, string message)
    {
        deployment["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Progressing",
                ["status"] = "False",
                ["reason"] = "ReplicaSetCreateError",
                ["message"] = message,
            }),
        };
        return deployment;
    }

    /// <summary>The Deployment's revision with this number, of that version.</summary>
    public static JsonObject ReplicaSet(int revision, int version, int pods, string annotations = "")
    {
        string number = revision.ToString(CultureInfo.InvariantCulture);
        JsonObject value = Cluster.ReplicaSet(
            $$"""{"deployment.kubernetes.io/revision":"{{number}}"{{annotations}}}""", pods, pods,
            """[{"apiVersion":"apps/v1","kind":"Deployment","name":"shop","uid":"d-1","controller":true}]""");
        JsonObject template = JsonNode.Parse(Template(version))!.AsObject();
        template["metadata"]!["labels"]!["pod-template-hash"] = "5d";
        value["spec"]!["template"] = template;
        value["metadata"]!["labels"] = template["metadata"]!["labels"]!.DeepClone();
        return value;
    }

    public static Hold Hold(bool? paused, string template = "t") =>
        new(paused, template, DateTimeOffset.UnixEpoch, Reasons.MigrationsPending, "shop: m2 is not applied.");
}
