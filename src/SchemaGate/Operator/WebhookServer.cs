using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator;

/// <summary>Serves admission over TLS, and health.</summary>
internal static class WebhookServer
{
    /// <summary>An object of etcd's largest size, old and new, with the envelope.</summary>
    private const int LongestReview = 8 << 20;

    public static void Listen(WebApplicationBuilder builder, IPAddress address, int port, X509Certificate2 certificate) =>
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestReview;
            kestrel.Listen(address, port, listen => listen.UseHttps(certificate));
        });

    /// <param name="app">The server.</param>
    /// <param name="view">Nothing is answered before its caches are complete: the API server takes that for a refusal.</param>
    /// <param name="deployments">The workload webhook.</param>
    public static void Map(WebApplication app, ClusterView view, DeploymentAdmission deployments)
    {
        app.MapGet("/healthz", context => context.Response.WriteAsync("ok"));
        app.MapGet("/readyz", context => AnswerReadyAsync(context, view));
        app.MapPost(WebhookRegistration.DeploymentPath, context => ReviewAsync(context, view, deployments.ReviewAsync));
        app.MapPost(WebhookRegistration.GatePath, context => ReviewAsync(context, view, ReviewGateAsync));
    }

    private static Task<AdmissionResponse> ReviewGateAsync(AdmissionRequest request, CancellationToken cancellation) =>
        Task.FromResult(GateAdmission.Review(request));

    private static Task AnswerReadyAsync(HttpContext context, ClusterView view)
    {
        context.Response.StatusCode = view.Synced ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(view.Synced ? "ok" : "the caches are not complete yet");
    }

    private static async Task ReviewAsync(
        HttpContext context, ClusterView view, Func<AdmissionRequest, CancellationToken, Task<AdmissionResponse>> review)
    {
        if (!view.Synced)
        {
            await AnswerReadyAsync(context, view);
            return;
        }

        try
        {
            AdmissionRequest request = await AdmissionReview.ReadAsync(context.Request.Body, LongestReview, context.RequestAborted);
            byte[] answer = AdmissionReview.ToUtf8Json(await review(request, context.RequestAborted));
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        }
        catch (JsonException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("the object under review has not the shape that its type promises", context.RequestAborted);
        }
        catch (KubernetesException exception)
        {
            context.Response.StatusCode = exception.Reason == StatusReason.InvalidReview
                ? StatusCodes.Status400BadRequest
                : StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(exception.Message, context.RequestAborted);
        }
    }
}
