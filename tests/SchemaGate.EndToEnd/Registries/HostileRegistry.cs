using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SchemaGate.EndToEnd.Registries;

/// <summary>
/// A registry as somebody would write it who wants to stop others: <c>slow/</c> sends a byte every 29 seconds, under any timeout
/// between bytes; a tag in <c>fickle/</c> names another digest at each look.
/// </summary>
internal sealed class HostileRegistry : IAsyncDisposable
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(29);

    private readonly CancellationTokenSource ending = new();
    private readonly WebApplication application;
    private int asked;

    private HostileRegistry(IPAddress host)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(host, 0);
            options.Limits.MinResponseDataRate = null;
        });
        application = builder.Build();
        application.Run(AnswerAsync);
    }

    /// <summary><c>host:port</c>, as a reference begins.</summary>
    public string Address => new Uri(application.Urls.Single()).Authority;

    /// <summary>How many requests there were.</summary>
    public int Asked => asked;

    public static async Task<HostileRegistry> StartAsync(IPAddress host)
    {
        var registry = new HostileRegistry(host);
        await registry.application.StartAsync();
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await application.DisposeAsync();
        ending.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref asked);
        return context.Request.Path.Value switch
        {
            "/v2/" => Task.CompletedTask,
            { } path when path.StartsWith("/v2/slow/", StringComparison.Ordinal) => TrickleAsync(context),
            { } path when path.StartsWith("/v2/fickle/", StringComparison.Ordinal) && path.Contains("/manifests/", StringComparison.Ordinal)
                => AnotherAsync(context),
            _ => MissingAsync(context),
        };
    }

    private static Task MissingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async Task TrickleAsync(HttpContext context)
    {
        context.Response.ContentType = Manifest;
        context.Response.ContentLength = 100_000;
        while (!ending.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(" ", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Between, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Task AnotherAsync(HttpContext context)
    {
        var digest = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var manifest = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{Manifest}}",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:{{digest}}","size":2},
             "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:{{digest}}","size":9} ]}
            """);
        context.Response.ContentType = Manifest;
        context.Response.Headers["Docker-Content-Digest"] = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(manifest))}";
        return context.Response.Body.WriteAsync(manifest).AsTask();
    }
}
