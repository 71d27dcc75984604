using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Oci;
using SchemaGate.Operator;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Oci;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>
/// The operator's own server with the port for pages, before an API server with the gates shop/shop, shop/billing and tools/search, and a
/// registry with the image of the first.
/// </summary>
internal sealed class PagesServer : IAsyncDisposable
{
    /// <summary>The one token whose holder exists.</summary>
    public const string Token = "a-known-token";

    private readonly CancellationTokenSource ending = new();
    private readonly FakeRegistry content = new();
    private readonly FakeApiServer api;
    private readonly LoopbackRegistry registry;
    private readonly KubernetesClient client;
    private readonly WebApplication app;
    private readonly GateReaders readers;
    private readonly PagesEndpoint pages;
    private readonly ClusterView view;
    private readonly ImageEvidence images = new(allowPlainHttp: true, TimeProvider.System);
    private readonly Digest digest;
    private readonly Readiness ready;

    private PagesServer(
        FakeApiServer api, LoopbackRegistry registry, FakeRegistry content, Digest digest, bool isPlain, TimeProvider time)
    {
        (this.api, this.registry, this.content, this.digest, client) = (api, registry, content, digest, api.Client());
        for (int request = 0; request < 300; request++)
        {
            api.List(AnswerAsync).Watch(context => Task.Delay(Timeout.Infinite, context.RequestAborted)
                .ContinueWith(_ => { }, TaskScheduler.Default));
        }

        KeyPair serving = VerdictServer.Authority.NewServing(new(["127.0.0.1"]), DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        ServedCertificate certificate = new();
        certificate.Follow(new CertificateSet([VerdictServer.Authority.CertificatePem], VerdictServer.Authority, serving)
            .ToSecret("s", null));
        OperatorOptions options = new("s", new(IPAddress.Loopback, FreePort.Next()), new WebhookEndpoint.Outside(new("https://127.0.0.1")))
        {
            Identity = "test",
            PagesListen = new(IPAddress.Loopback, FreePort.Next()),
            ArePagesPlain = isPlain,
        };
        Webhooks = new($"https://{options.Listen}");
        Address = new($"{(isPlain ? "http" : "https")}://{options.PagesListen}");
        app = WebhookServer.Create(options, certificate, TimeProvider.System);
        view = new(client, new(new(new byte[32])), [], _ => { }, TimeProvider.System);
        readers = new(new(client), TimeProvider.System);
        pages = new(view, readers, images, () => Leader, time);
        ready = new(view, certificate, () => TimeSpan.Zero, () => null, CancellationToken.None);
        WebhookServer.MapPages(app, options.PagesListen, ready, pages);
        app.MapGet("/healthz", context => context.Response.WriteAsync("ok"));
    }

    public Uri Address { get; }

    public Uri Webhooks { get; }

    /// <summary>Null where this replica leads.</summary>
    public string? Leader { get; set; }

    /// <summary>What the token's holder may do: <c>list schemagates /</c>, <c>get schemagates shop/shop</c>.</summary>
    public HashSet<string> Rights { get; } = new(StringComparer.Ordinal);

    /// <summary>Questions that the API server fails on.</summary>
    public HashSet<string> Broken { get; } = new(StringComparer.Ordinal);

    /// <summary>What was asked about them.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>How often a registry was asked.</summary>
    public int RegistryRequests => content.Requests.Count;

    public static async Task<PagesServer> StartAsync(string document, string sql, bool isPlain = false, TimeProvider? time = null)
    {
        FakeRegistry pushedTo = new();
        Digest pushed = pushedTo.Push(Archive.Tar(
            ("docs/DATABASE_SCHEMA_CHANGELOG.md", document), ("prisma/migrations/20250101000000_drop/migration.sql", sql)));
        PagesServer server = new(
            await FakeApiServer.StartAsync(), await LoopbackRegistry.StartAsync(pushedTo), pushedTo, pushed, isPlain,
            time ?? TimeProvider.System);
        _ = server.view.RunAsync(server.ending.Token);
        await Eventually.TrueAsync(() => server.view.Synced);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Without a connection.</summary>
    public Task AnswerAsync(HttpContext context, string path)
    {
        (context.Request.Method, context.Request.Path) = ("GET", path);
        return pages.AnswerAsync(context, ready);
    }

    /// <summary>As the leader looks at shop/shop.</summary>
    public async Task LookAsync()
    {
        SchemaGateResource gate = view.Gate(new("shop", "shop"))!;
        ChangelogSource source = SpecReader.Read(gate.Spec).Spec.Changelog;
        Look look = images.Begin("shop", "shop", () => { });
        await images.ReadAsync(
            source, TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken, major: Task.FromResult<int?>(15), look: look);
    }

    public async Task<HttpResponseMessage> AskAsync(string path, string? authorization = $"Bearer {Token}", HttpMethod? method = null)
    {
        using SocketsHttpHandler handler = new() { SslOptions = VerdictServer.Trusting(), AllowAutoRedirect = false };
        using HttpClient asker = new(handler) { BaseAddress = Address };
        using HttpRequestMessage request = new(method ?? HttpMethod.Get, path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await asker.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await app.DisposeAsync();
        pages.Dispose();
        readers.Dispose();
        images.Dispose();
        client.Dispose();
        await registry.DisposeAsync();
        content.Dispose();
        await api.DisposeAsync();
        ending.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string resource = context.Request.Path.Value!.Split('/')[^1];
        JsonNode? body = context.Request.Method == "POST" ? await JsonNode.ParseAsync(context.Request.Body) : null;
        bool isBroken = resource == "subjectaccessreviews" && Broken.Contains(Question(body!["spec"]!["resourceAttributes"]!));
        await FakeApiServer.Text(isBroken ? 500 : 200, resource switch
        {
            "tokenreviews" => Who(body!["spec"]!["token"]!.ToString()),
            "subjectaccessreviews" => May(body!["spec"]!["resourceAttributes"]!),
            "schemagates" => List(Gate("shop", "shop"), Gate("shop", "billing"), Gate("tools", "search")),
            _ => List(),
        })(context);
    }

    private string Who(string token)
    {
        Asked.Enqueue("who");
        return $$$"""{"spec":{},"status":{"authenticated":{{{(token == Token ? "true" : "false")}}},"user":{"username":"u"} } }""";
    }

    private string May(JsonNode what)
    {
        string question = Question(what);
        Asked.Enqueue(question);
        return $$$"""{"spec":{},"status":{"allowed":{{{(Rights.Contains(question) ? "true" : "false")}}} } }""";
    }

    private static string Question(JsonNode what) => $"{what["verb"]} {what["resource"]} {what["namespace"]}/{what["name"]}";

    private string Gate(string ns, string name) => $$"""
        {"metadata":{"name":"{{name}}","namespace":"{{ns}}","uid":"{{name}}","generation":1,"resourceVersion":"2"},
         "spec":{"changelog":{"image":"{{registry.Repository}}:1","plainHttp":true},
          "database":{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"} } },
         "status":{"observedGeneration":1,"verdict":"Blocked","reason":"MigrationsPending",
          "message":"<b>20250101000000_drop</b> is not applied.",
          "changelog":{"image":"{{registry.Repository}}:1","digest":"{{digest}}"},"database":{"identity":"7/shop/public"},
          "migrations":{"required":1,"applied":0,"progress":"0/1","pending":["20250101000000_drop"],"through":"20250101000000_drop"},
          "held":{"workloads":1,"pods":0,"objects":["deployment/{{name}}-web"]} } }
        """;

    private static string List(params string[] items) => $$"""{"metadata":{"resourceVersion":"1"},"items":[{{string.Join(',', items)}}]}""";
}
