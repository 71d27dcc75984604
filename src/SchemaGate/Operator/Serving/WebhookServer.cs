using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Serving;

/// <summary>One webhook's judgement.</summary>
internal delegate Task<AdmissionResponse> Review(AdmissionRequest request, CancellationToken cancellation);

/// <summary>Serves admission and verdicts over TLS; health over TLS and, for the kubelet, over plain HTTP.</summary>
internal static class WebhookServer
{
    /// <summary>An object of etcd's largest size, old and new, with the envelope.</summary>
    private const int LongestReview = 8 << 20;

    /// <param name="options">Where to listen.</param>
    /// <param name="certificate">Looked at for every new connection.</param>
    /// <param name="time">Measures connections.</param>
    public static WebApplication Create(OperatorOptions options, ServedCertificate certificate, TimeProvider time)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        }).AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddSingleton(new ReviewConnections(time));
        OtlpExport.AddTo(builder.Services, builder.Configuration);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestReview;
            kestrel.Listen(options.Listen, listen =>
            {
                // An HTTP/2 connection to a process that hangs would be used again and again.
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Current);
            });
            if (options.HealthListen is { } health)
            {
                kestrel.Listen(health, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        return builder.Build();
    }

    /// <param name="app">The server.</param>
    /// <param name="ready">Nothing is answered before the caches are complete: the API server takes that for a refusal.</param>
    /// <param name="reviews">The webhooks, by their paths.</param>
    /// <param name="verdicts">Answers who waits for a release.</param>
    /// <param name="rollouts">Answers who waits for a rollout.</param>
    public static void Map(
        WebApplication app, Readiness ready, IReadOnlyDictionary<string, Review> reviews, VerdictEndpoint verdicts,
        RolloutEndpoint rollouts)
    {
        app.Use(async (context, next) =>
        {
            if (context.Request.IsHttps || context.Request.Path.Value is "/healthz" or "/readyz")
            {
                await next(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        });
        app.MapGet("/healthz", context => context.Response.WriteAsync("ok"));
        app.MapGet("/readyz", context => AnswerReadyAsync(context, ready));
        foreach ((string path, Review review) in reviews)
        {
            app.MapPost(path, context => ReviewAsync(context, ready, review));
        }

        // Flagger's webhooks ask by POST; what they send along is not read.
        app.MapMethods(VerdictEndpoint.Path, ["GET", "HEAD", "POST"], context => verdicts.AnswerAsync(context, ready));
        app.MapMethods(RolloutEndpoint.Path, ["GET", "HEAD"], context => rollouts.AnswerAsync(context, ready));
    }

    private static Task AnswerReadyAsync(HttpContext context, Readiness ready)
    {
        context.Response.StatusCode = ready.Is ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(string.Join('\n', [ready.Missing ?? "ok", .. ready.Closed]));
    }

    private static async Task ReviewAsync(HttpContext context, Readiness ready, Review review)
    {
        if (!ready.Knows)
        {
            context.Response.Headers.Connection = "close";
            await AnswerReadyAsync(context, ready);
            return;
        }

        context.RequestServices.GetRequiredService<ReviewConnections>().Limit(context);
        try
        {
            AdmissionRequest request = await AdmissionReview.ReadAsync(context.Request.Body, LongestReview, context.RequestAborted);
            byte[] answer = AdmissionReview.ToUtf8Json(await JudgeAsync(request, review, context.RequestAborted));
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        }
        catch (KubernetesException exception)
        {
            context.Response.StatusCode = exception.Reason == StatusReason.InvalidReview
                ? StatusCodes.Status400BadRequest
                : StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(exception.Message, context.RequestAborted);
        }
    }

    /// <summary>
    /// What cannot be read is refused in words: once it is stored nobody could judge it. What stands already and cannot be read may be
    /// mended, and is then judged as if it were new.
    /// </summary>
    private static async Task<AdmissionResponse> JudgeAsync(AdmissionRequest request, Review review, CancellationToken cancellation)
    {
        if (request.Problem is { } problem)
        {
            return Unreadable(request, problem);
        }

        try
        {
            return await review(request.Readable, cancellation);
        }
        catch (JsonException) when (request.OldObject is not null)
        {
            return await JudgeAsync(request with { OldObject = null }, review, cancellation);
        }
        catch (JsonException exception)
        {
            return Unreadable(request, ModelJson.Problem(exception));
        }
    }

    /// <summary>A finalizer must come off whatever it is.</summary>
    private static AdmissionResponse Unreadable(AdmissionRequest request, string problem) =>
        request.Object is { } value && value.Member("metadata").Text("deletionTimestamp") is not null
            ? request.Allow()
            : request.Deny($"SchemaGate cannot read this {request.Kind.Kind}: {problem.TrimEnd('.')}.", "Invalid", 422);
}
