using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Serving;

/// <summary>One webhook's judgement.</summary>
internal delegate Task<AdmissionResponse> Review(AdmissionRequest request, CancellationToken cancellation);

/// <summary>
/// <c>POST /admission/{secret}/{hook}</c>: the API server's questions. Who does not know the secret is sent away with the body unread.
/// </summary>
/// <param name="ready">Nothing is answered before the caches are complete: the API server takes that for a refusal.</param>
/// <param name="reviews">The webhooks, by their paths without the secret.</param>
/// <param name="door">Knows the secrets.</param>
/// <param name="connections">When a review's connection ends.</param>
/// <param name="strangers">The connections of who has not named a secret.</param>
/// <param name="time">Measures how long a body takes.</param>
internal sealed class ReviewEndpoint(
    Readiness ready, IReadOnlyDictionary<string, Review> reviews, AdmissionDoor door, ReviewConnections connections,
    StrangerConnections strangers, TimeProvider time)
{
    public const string Path = "/admission/{secret}/{hook}";

    /// <summary>As versions before this one have registered it.</summary>
    public const string PlainPath = "/admission/{hook}";

    /// <summary>An object of etcd's largest size, old and new, with the envelope.</summary>
    public const int LongestReview = 8 << 20;

    /// <summary>What the API server waits for an answer: a body that takes longer is nobody's any more.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(10);

    private readonly ReviewBudget budget = new();

    public async Task AnswerAsync(HttpContext context)
    {
        string path = $"/admission/{context.Request.RouteValues["hook"]}";
        if (!door.Opens(context.Request.RouteValues["secret"] as string ?? "") || !reviews.TryGetValue(path, out Review? review))
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "");
            return;
        }

        strangers.Know(context);
        if (!ready.Knows)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, ready.Missing ?? "starting");
            return;
        }

        long size = context.Request.ContentLength ?? LongestReview;
        if (size > LongestReview)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"a review has at most {LongestReview} bytes");
            return;
        }

        connections.Limit(context);
        await Instruments.ReviewAsync(path["/admission/".Length..], () => AnswerAsync(context, path, size, review));
    }

    /// <summary>Whether it allowed what was asked for; null where it could not tell.</summary>
    private async Task<bool?> AnswerAsync(HttpContext context, string path, long size, Review review)
    {
        try
        {
            using IDisposable place = await budget.EnterAsync(size, context.RequestAborted);
            AdmissionRequest request = await ReadAsync(context);
            ReviewScope.Check(path, request);
            AdmissionResponse answer = await JudgeAsync(request, review, context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(AdmissionReview.ToUtf8Json(answer), context.RequestAborted);
            return answer.Allowed;
        }
        catch (KubernetesException exception)
        {
            context.Response.StatusCode = exception.Reason == StatusReason.InvalidReview
                ? StatusCodes.Status400BadRequest
                : StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(exception.Message, context.RequestAborted);
            return null;
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

    private async Task<AdmissionRequest> ReadAsync(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LongestReview;
        using CancellationTokenSource limit = new(LongestRead, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            return await AdmissionReview.ReadAsync(context.Request.Body, LongestReview, either.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new KubernetesException(
                StatusReason.InvalidReview, $"the admission review did not arrive within {LongestRead.TotalSeconds:0} s");
        }
    }

    /// <summary>With a connection that ends nothing of the body is read any more.</summary>
    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Connection = "close";
        return context.Response.WriteAsync(why);
    }
}
