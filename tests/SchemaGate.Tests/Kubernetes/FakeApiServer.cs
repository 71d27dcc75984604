using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using k8s.Models;
using SchemaGate.Kubernetes;

namespace SchemaGate.Tests.Kubernetes;

/// <summary>
/// Answers lists and watches from a script, faults included; when the script is at its end, a watch stays open. It has the groups of
/// types that the script says, and no other.
/// </summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<RequestDelegate> lists = new();
    private readonly ConcurrentQueue<RequestDelegate> watches = new();
    private readonly ConcurrentQueue<RequestDelegate> groups = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly WebApplication application;

    private FakeApiServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.Run(AnswerAsync);
    }

    public string Url => application.Urls.Single();

    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<string> Headers { get; } = new();

    public static async Task<FakeApiServer> StartAsync()
    {
        var server = new FakeApiServer();
        await server.application.StartAsync();
        return server;
    }

    public KubernetesClient Client(TimeSpan? timeout = null, string? token = null, V1UserInfo? impersonated = null) =>
        new(new() { Server = new(Url), Token = token, Impersonated = impersonated }, "tests")
        {
            RequestTimeout = timeout ?? TimeSpan.FromSeconds(10)
        };

    public FakeApiServer List(RequestDelegate answer)
    {
        lists.Enqueue(answer);
        return this;
    }

    public FakeApiServer List(string version, params string[] items) => List(Page(version, "", items));

    public static RequestDelegate Page(string version, string next, params string[] items) => Text(200, $$"""
        {"kind":"SecretList","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{string.Join(',', items)}}]}
        """);

    /// <summary>Answers which types a group and version has.</summary>
    public FakeApiServer Group(RequestDelegate answer)
    {
        groups.Enqueue(answer);
        return this;
    }

    /// <summary>A group and version that has these types, by their plurals.</summary>
    public FakeApiServer Group(params string[] plurals) => Group(Text(200, new JsonObject
    {
        ["kind"] = "APIResourceList",
        ["resources"] = new JsonArray([.. plurals.Select(plural => new JsonObject { ["name"] = plural })]),
    }.ToJsonString()));

    public FakeApiServer Watch(RequestDelegate answer)
    {
        watches.Enqueue(answer);
        return this;
    }

    /// <summary>A watch that brings the lines, then ends regularly.</summary>
    public FakeApiServer Watch(params string[] lines) => Watch(context => SendAsync(context, lines));

    /// <summary>A watch that brings the lines, then breaks.</summary>
    public FakeApiServer CutWatch(params string[] lines) => Watch(async context =>
    {
        await SendAsync(context, lines);
        // Time for the client to read what was sent: an abort drops what is still on its way.
        await Task.Delay(100);
        context.Abort();
    });

    public static RequestDelegate Text(int status, string body) => async context =>
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body);
    };

    public static RequestDelegate Later(int status, string retryAfter) => context =>
    {
        context.Response.Headers.RetryAfter = retryAfter;
        return Text(status, "later")(context);
    };

    public static RequestDelegate Gone { get; } = Text(410, """{"kind":"Status","message":"too old","reason":"Expired","code":410}""");

    public static RequestDelegate NoGroup { get; } = Text(404, """{"kind":"Status","reason":"NotFound","code":404}""");

    public static string Secret(string name, string version, string? uid = null) =>
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"n","uid":"{{{uid ?? name}}}","resourceVersion":"{{{version}}}"}}""";

    public static string Event(string type, string value) =>
        new JsonObject { ["type"] = type, ["object"] = JsonNode.Parse(value) }.ToJsonString() + "\n";

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await application.DisposeAsync();
        stopping.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Path + context.Request.QueryString);
        Headers.Enqueue(string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")));
        if (context.Request.Path.Value!.Split('/') is ["", "apis", _, _])
        {
            await (groups.TryDequeue(out var types) ? types(context) : NoGroup(context));
            return;
        }

        var script = context.Request.Query.ContainsKey("watch") ? watches : lists;
        await (script.TryDequeue(out var answer) ? answer(context) : StayOpenAsync(context));
    }

    private async Task StayOpenAsync(HttpContext context)
    {
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task SendAsync(HttpContext context, string[] lines)
    {
        await context.Response.StartAsync();
        foreach (var line in lines)
        {
            await context.Response.WriteAsync(line);
        }

        await context.Response.Body.FlushAsync();
    }
}
