using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SchemaGate.Kubernetes;

namespace SchemaGate.Tests.Kubernetes;

/// <summary>One lease, kept as an API server keeps it: every write a new version, a write of an old version refused.</summary>
internal sealed class FakeLeaseServer : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly WebApplication application;
    private JsonObject? lease;
    private int version;
    private int working;

    private FakeLeaseServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.Run(AnswerAsync);
    }

    /// <summary>The spec as it is stored; null for no lease.</summary>
    public JsonNode? Spec
    {
        get
        {
            lock (gate)
            {
                return lease?["spec"]?.DeepClone();
            }
        }
    }

    public bool Idle => Volatile.Read(ref working) == 0;

    /// <summary>How many writes were stored.</summary>
    public int Version => version;

    /// <summary>Answers in place of the lease where it gives an answer: a status and a body.</summary>
    public Func<HttpRequest, (int Status, string Body)?> Fault { get; set; } = _ => null;

    public static async Task<FakeLeaseServer> StartAsync()
    {
        var server = new FakeLeaseServer();
        await server.application.StartAsync();
        return server;
    }

    public KubernetesClient Client() => new(new() { Server = new(application.Urls.Single()) }, "tests");

    /// <summary>As somebody else writes it; null deletes it.</summary>
    public void Write(string? spec)
    {
        lock (gate)
        {
            lease = spec is null ? null : Stored(new() { ["spec"] = JsonNode.Parse(spec) });
        }
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref working);
        var body = context.Request.ContentLength > 0 ? await JsonNode.ParseAsync(context.Request.Body) : null;
        var (status, text) = Fault(context.Request) ?? Answer(context.Request.Method, body as JsonObject);
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text);
        Interlocked.Decrement(ref working);
    }

    private (int Status, string Body) Answer(string method, JsonObject? body)
    {
        lock (gate)
        {
            switch (method)
            {
                case "GET" or "PUT" when lease is null:
                    return Refused(404, "NotFound");
                case "POST" when lease is not null:
                    return Refused(409, "AlreadyExists");
                case "PUT" when (string?)body!["metadata"]!["resourceVersion"] != (string?)lease!["metadata"]!["resourceVersion"]:
                    return Refused(409, "Conflict");
                case "POST" or "PUT":
                    lease = Stored(body!);
                    break;
            }

            return (200, lease!.ToJsonString());
        }
    }

    private JsonObject Stored(JsonObject written)
    {
        written["metadata"] = new JsonObject
        {
            ["name"] = "leader",
            ["namespace"] = "n",
            ["uid"] = "1",
            ["resourceVersion"] = (++version).ToString(CultureInfo.InvariantCulture),
        };
        return written;
    }

    private static (int Status, string Body) Refused(int code, string reason) =>
        (code, $$"""{"kind":"Status","reason":"{{reason}}","message":"refused","code":{{code}}}""");
}
