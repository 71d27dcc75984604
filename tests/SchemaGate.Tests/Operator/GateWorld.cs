using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Controllers;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>The leader's loop over gates, before an API server that has them and remembers what is written to their status.</summary>
internal sealed class GateWorld : IAsyncDisposable
{
    private readonly FakeApiServer server;
    private readonly KubernetesClient client;
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<ObjectKey, (string Image, string Url)> gates = new();
    private readonly ConcurrentQueue<(ObjectKey Gate, JsonNode Status)> written = new();
    private readonly Channel<string> changes = Channel.CreateUnbounded<string>();
    private readonly DatabaseEvidence databases = new(allowLocalFiles: true, TimeProvider.System);
    private Task running = Task.CompletedTask;

    private GateWorld(FakeApiServer server, IEnumerable<(ObjectKey Gate, string Image, string Url)> gates)
    {
        this.server = server;
        client = server.Client();
        foreach ((ObjectKey gate, string image, string url) in gates)
        {
            this.gates[gate] = (image, url);
        }

        for (int request = 0; request < 20_000; request++)
        {
            server.List(AnswerAsync).Watch(WatchAsync);
        }

        Queue = Leader.Queue(Options, TimeProvider.System);
    }

    public static OperatorOptions Options { get; } =
        new("s", new(IPAddress.Loopback, 0), new WebhookEndpoint.Outside(new("https://127.0.0.1"))) { Identity = "test" };

    public WorkQueue<ObjectKey> Queue { get; }

    public ClusterView View { get; private set; } = null!;

    /// <summary>Whether a look is told that its gate has got another spec.</summary>
    public bool Hurries { get; set; } = true;

    /// <summary>What every gate is asked for besides its own image.</summary>
    private IReadOnlyList<string> Asked { get; init; } = [];

    /// <summary>Keys that every gate requires a signature of; null: none is required.</summary>
    private SignedBy? Signed { get; init; }

    /// <summary>Who is told of every gate; then each status that is written is one that the next look sees.</summary>
    private ToldTo? Told { get; init; }

    public ImageEvidence Images { get; } = new(allowPlainHttp: true, TimeProvider.System);

    /// <summary>The verdicts and reasons that were written of a gate, in their order.</summary>
    public IReadOnlyList<JsonNode> Written(ObjectKey gate) => [.. written.Where(one => one.Gate == gate).Select(one => one.Status)];

    /// <summary>Starts the loop; nothing is looked at before it is added to the queue.</summary>
    public static async Task<GateWorld> StartAsync(
        IEnumerable<(ObjectKey Gate, string Image, string Url)> gates, int mostBeside = 256, SignedBy? signed = null,
        ToldTo? told = null, params IReadOnlyList<string> asked)
    {
        GateWorld world = new(await FakeApiServer.StartAsync(), gates) { Asked = asked, Signed = signed, Told = told };
        SealKey key = new(new byte[32]);
        WorkloadReader reader = new(key);
        ClusterView view = world.View = new(world.client, reader, [], _ => { }, TimeProvider.System);
        _ = view.RunAsync(world.ending.Token);
        await Eventually.TrueAsync(() => view.Synced);
        view.Changed = world.Queue.Add;
        view.Respecified = world.Respecified;
        EventRecorder events = new(world.client, "schemagate.dev/operator", "test", _ => { }, TimeProvider.System);
        Announcer announcer = new(events, NullLogger<Announcer>.Instance);
        SecretWatch secrets = new(world.client, (_, _) => { }, TimeProvider.System, world.ending.Token);
        GateReconciler reconciler = new(
            view,
            new(secrets, world.Images, world.databases, key, TimeProvider.System) { Ended = world.Queue.Add },
            new(world.client, view, new(key), announcer, TimeProvider.System),
            new(world.client, view, reader, new(key), announcer),
            new(world.client, view, () => key.Claims, new(null, null), TimeProvider.System),
            new(secrets, new([], TimeProvider.System), key, world.Queue.Add, TimeProvider.System, world.ending.Token) { Now = view.Gate },
            new(world.client, announcer));
        Controller<ObjectKey> controller = new(world.Queue, reconciler.ReconcileAsync, (_, _) => { }, TimeProvider.System)
        {
            Workers = Options.Workers,
            MostBeside = mostBeside,
            Grace = TimeSpan.Zero,
        };
        world.running = controller.RunAsync(world.ending.Token);
        return world;
    }

    /// <summary>The gate gets another image, and with it another generation.</summary>
    public void Change(ObjectKey gate, string image) =>
        changes.Writer.TryWrite(FakeApiServer.Event("MODIFIED", Gate(gate, image, generation: 2)));

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        Images.Dispose();
        databases.Dispose();
        Queue.Dispose();
        client.Dispose();
        await server.DisposeAsync();
        ending.Dispose();
    }

    private void Respecified(ObjectKey gate)
    {
        if (Hurries)
        {
            Images.Hurry(gate.Namespace, gate.Name);
        }
    }

    private string Gate(ObjectKey gate, string image, int generation = 1) => $$"""
        {"metadata":{"name":"{{gate.Name}}","namespace":"{{gate.Namespace}}","uid":"{{gate}}","generation":{{generation}},
          "resourceVersion":"{{generation + 1}}"},
         "spec":{"changelog":{"image":"{{image}}","plainHttp":true{{Verify(gate)}}},
          {{Told?.Spec(gate.Name)}}"database":{"urlFrom":{"name":"{{gate.Name}}","key":"DATABASE_URL"} } },
         "status":{{Told?.Status ?? $$"""{"asked":[{{string.Join(',', Asked.Select(Question))}}]}"""}} }
        """;

    private string Verify(ObjectKey gate) => Signed is null ? "" : $$"""
        ,"verify":{"keys":[{{JsonValue.Create(Signed.Inline).ToJsonString()}}],"keysFrom":{"name":"{{gate.Name}}","key":"cosign.pub"} }
        """;

    private static string Question(string requires, int number) =>
        $$"""{"requires":"{{requires}}","by":"statefulset/{{number}}","at":"{{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}}"}""";

    private async Task AnswerAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Split('/');
        if (Told?.IllSecret is { } ill && context.Request.QueryString.Value!.Contains(ill, StringComparison.Ordinal))
        {
            await FakeApiServer.Text(500, """{"kind":"Status","reason":"InternalError","code":500}""")(context);
            return;
        }

        string items = path[^1] switch
        {
            "schemagates" => string.Join(',', gates.Select(entry => Gate(entry.Key, entry.Value.Image))),
            "secrets" => Secret(new(path[^2], context.Request.Query["fieldSelector"].ToString().Split('=')[1])),
            _ => "",
        };
        string answer = $$$"""{"metadata":{"resourceVersion":"1"},"items":[{{{items}}}]}""";
        if (path[^1] == "status")
        {
            answer = await new StreamReader(context.Request.Body).ReadToEndAsync();
            JsonNode stored = JsonNode.Parse(answer)!;
            written.Enqueue((new(path[^4], path[^2]), stored["status"]!));
            if (Told is not null)
            {
                stored["metadata"]!["resourceVersion"] = $"{100 + written.Count}";
                changes.Writer.TryWrite(FakeApiServer.Event("MODIFIED", stored.ToJsonString()));
            }
        }

        await FakeApiServer.Text(200, answer)(context);
    }

    private string Secret(ObjectKey name) => $$"""
        {"metadata":{"name":"{{name.Name}}","namespace":"{{name.Namespace}}","uid":"{{name}}","resourceVersion":"1"},
         "data":{"DATABASE_URL":"{{Base64(gates[name].Url)}}"{{Signed?.Data}}{{Told?.Data}}} }
        """;

    internal static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task WatchAsync(HttpContext context)
    {
        await context.Response.Body.FlushAsync();
        if (context.Request.Path.Value!.EndsWith("/schemagates", StringComparison.Ordinal))
        {
            while (!ending.IsCancellationRequested)
            {
                await context.Response.WriteAsync(await changes.Reader.ReadAsync(ending.Token));
                await context.Response.Body.FlushAsync();
            }
        }

        await Task.Delay(Timeout.Infinite, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A receiver, and what signs.</summary>
    internal sealed record ToldTo(string Url, string Keys, string AuthoritiesPem)
    {
        /// <summary>What the gate's status says already; null: nothing.</summary>
        public string? Status { get; init; }

        /// <summary>A Secret that cannot be listed, which holds the keys; null: they are in the gate's own.</summary>
        public string? IllSecret { get; init; }

        public string Data => $",\"keys\":\"{Base64(Keys)}\",\"ca.crt\":\"{Base64(AuthoritiesPem)}\"";

        public string Spec(string secret) => $$"""
            "notify":{"url":"{{Url}}","environment":"test","signingKeysFrom":{"name":"{{IllSecret ?? secret}}","key":"keys"},
              "authoritiesFrom":{"name":"{{secret}}","key":"ca.crt"} },
            """;
    }

    /// <summary>Public keys, PEM.</summary>
    /// <param name="Inline">In the gate's spec.</param>
    /// <param name="Secret">In the Secret that the gate names; null: it holds none.</param>
    internal sealed record SignedBy(string Inline, string? Secret)
    {
        public string Data => Secret is null ? "" : $",\"cosign.pub\":\"{Base64(Secret)}\"";
    }
}
