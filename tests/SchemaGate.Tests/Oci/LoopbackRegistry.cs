using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace SchemaGate.Tests.Oci;

/// <summary>A <see cref="FakeRegistry"/> behind real sockets, on plain HTTP.</summary>
internal sealed class LoopbackRegistry : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly HttpMessageInvoker invoker;

    private LoopbackRegistry(FakeRegistry registry)
    {
        invoker = new HttpMessageInvoker(registry, disposeHandler: false);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.Run(AnswerAsync);
    }

    /// <summary>Where the fake's one repository is, without a tag.</summary>
    public string Repository => $"{new Uri(application.Urls.Single()).Authority}/shop/schema";

    /// <summary>Answers instead of the fake, byte by byte, where it returns true.</summary>
    public Func<HttpContext, Task<bool>> Fault { get; set; } = _ => Task.FromResult(false);

    public static async Task<LoopbackRegistry> StartAsync(FakeRegistry registry)
    {
        var server = new LoopbackRegistry(registry);
        await server.application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        invoker.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (await Fault(context))
        {
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.GetEncodedUrl());
        request.Headers.TryAddWithoutValidation("Authorization", (string?)context.Request.Headers.Authorization);
        using var answer = await invoker.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated)
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (answer.StatusCode != HttpStatusCode.NoContent)
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
