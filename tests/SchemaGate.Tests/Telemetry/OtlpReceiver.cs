using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace SchemaGate.Tests.Telemetry;

/// <summary>A collector as OTLP over HTTP knows it: keeps what it is sent, or never answers.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> received = new();
    private readonly TaskCompletionSource hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver(bool answers, string host)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{host}:0");
        app = builder.Build();
        app.Run(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received.Enqueue((context.Request.Path.Value!, body.ToArray()));
            await (answers ? Task.CompletedTask : hanging.Task.WaitAsync(context.RequestAborted));
        });
    }

    public string Url => app.Urls.Single();

    /// <summary>The signals that something was sent of, such as <c>/v1/traces</c>.</summary>
    public IEnumerable<string> Paths =>
        received.Select(request => request.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public static async Task<OtlpReceiver> StartAsync(bool answers = true, string host = "127.0.0.1")
    {
        OtlpReceiver receiver = new(answers, host);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>The spans that were sent.</summary>
    public IReadOnlyList<OtlpSpan> Spans =>
        [.. received.Where(request => request.Path == "/v1/traces").SelectMany(request => OtlpSpan.All(request.Body))];

    /// <summary>The traces that lines of the log were said in.</summary>
    public IReadOnlyList<string> TracesOfLogs =>
        [.. received.Where(request => request.Path == "/v1/logs").SelectMany(request => OtlpSpan.TracesOfLogs(request.Body))];

    /// <summary>Whether a text stands in what was sent of a signal. Protocol buffers hold texts as they are.</summary>
    public bool Has(string path, string text) =>
        received.Any(request => request.Path == path && request.Body.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0);

    public async ValueTask DisposeAsync()
    {
        hanging.TrySetResult();
        await app.DisposeAsync();
    }
}
