using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// <c>GET /v1/gates/{namespace}/{name}/verdict?requires=…</c>: 200 where that requirement is released, 423 where it is not (RFC 4918,
/// section 11.3), for whoever waits. Answered from the caches by every replica; registry, database and the gate itself are never touched.
/// </summary>
/// <remarks>
/// Without the right to get the gate a caller learns one bit about a requirement that they can name: released or not. Whether the gate
/// exists, and why it is closed, are details: an unknown gate looks to them like a closed one, so it is 423 and not 404.
/// </remarks>
/// <param name="view">The caches.</param>
/// <param name="readers">Tells who may be told details.</param>
/// <param name="key">Tells who may open a gate: a status says it, too, and proves nothing.</param>
/// <param name="time">The time: what a person has opened ends.</param>
internal sealed partial class VerdictEndpoint(ClusterView view, GateReaders readers, SealKey key, TimeProvider time)
{
    public const string Path = "/v1/gates/{namespace}/{name}/verdict";

    private const int LongestRequirement = 1024;
    private const string RetryAfterSeconds = "2";

    private const string ClosedToAll = "Not released. The reason is for callers with a bearer token who may get this SchemaGate.";
    private const string OpenToAll = "Released.";

    /// <param name="context">The request and its answer.</param>
    /// <param name="ready">Incomplete caches answer nothing.</param>
    public async Task AnswerAsync(HttpContext context, Readiness ready)
    {
        if (!ready.Knows)
        {
            await WriteAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                new(false, "NotReady", ready.Missing ?? "starting", null, null));
            return;
        }

        string ns = context.Request.RouteValues["namespace"] as string ?? "";
        string name = context.Request.RouteValues["name"] as string ?? "";
        if (Read(ns, name, context.Request.Query["requires"], out string? problem) is not { } requirement)
        {
            await WriteAsync(context, StatusCodes.Status400BadRequest, new(false, "BadRequest", problem!, null, null));
            return;
        }

        ObjectKey gate = new(ns, name);
        bool isTold = await readers.MayGetAsync(
            context.Request.Headers.Authorization, SchemaGateResource.Resource, gate, context.RequestAborted);
        (bool released, string reason, string message) = Decide(requirement, gate, isTold);
        await WriteAsync(
            context, released ? StatusCodes.Status200OK : StatusCodes.Status423Locked,
            new(released, reason, message, gate.ToString(), requirement.Value));
    }

    private (bool Released, string Reason, string Message) Decide(Requirement requirement, ObjectKey gate, bool isTold)
    {
        if (view.Unserved(gate.Namespace) is { } unserved)
        {
            return isTold ? (false, Reasons.GateNotFound, unserved) : ToAll(released: false);
        }

        if (isTold && view.Unread.WhyMissing(gate) is HoldReason.GateUnreadable unreadable)
        {
            return (false, unreadable.Reason, unreadable.Message);
        }

        // The workloads only tell why: who is not told costs no look at them.
        IReadOnlyList<Workload> workloads = isTold
            ?
            [
                .. view.Workloads(gate).Select(gated => gated.Workload), .. view.HeldPods(gate).Select(WorkloadReader.ReadPod),
                .. view.Gate(gate) is { } known ? AskedMapping.Workloads(known) : [],
            ]
            : [];
        VerdictAnswer answer = VerdictDecision.Decide(requirement, Standing(gate), workloads);
        return isTold ? (answer.Released, answer.Reason, answer.Message) : ToAll(answer.Released);
    }

    private static (bool Released, string Reason, string Message) ToAll(bool released) =>
        released ? (true, Reasons.Satisfied, OpenToAll) : (false, "NotReleased", ClosedToAll);

    private GateStanding? Standing(ObjectKey gate)
    {
        if (view.Gate(gate) is not { } known)
        {
            return null;
        }

        Override? opened = key.Override(known);
        return StatusMapping.Standing(known) with { Opened = opened?.Until > time.GetUtcNow() ? opened.Requires : null };
    }

    /// <summary>Null, and what is wrong, for what can be no gate or no requirement.</summary>
    private static Requirement? Read(string ns, string name, StringValues requires, out string? problem)
    {
        problem = "The namespace is none: write /v1/gates/<namespace>/<name>/verdict.";
        if (!Label().IsMatch(ns))
        {
            return null;
        }

        string? value = requires.Count == 0 ? null : requires[0];
        problem = "Write requires=<image or migration> once, and ask for one gate and one requirement at a time, of at most "
            + $"{LongestRequirement} characters; an image's name is percent-encoded.";
        if (requires.Count > 1 || value?.Length > LongestRequirement)
        {
            return null;
        }

        string text = value is null ? name : $"{name}={value}";
        return Requirement.Parse(text, out _) is [{ } requirement]
            && requirement.Gate == name && requirement.Value == value
            ? requirement
            : null;
    }

    public static Task WriteAsync(HttpContext context, int status, VerdictBody body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        if (status is StatusCodes.Status423Locked or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        byte[] content = JsonSerializer.SerializeToUtf8Bytes(body, VerdictJson.Default.VerdictBody);
        context.Response.ContentLength = content.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    /// <summary>A namespace's name (RFC 1123, a label).</summary>
    [GeneratedRegex(
        "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}

/// <summary>The answer's body.</summary>
internal sealed record VerdictBody(bool Released, string Reason, string Message, string? Gate, string? Requires)
{
    /// <summary>Where a rollout is asked about: <c>shop/statefulset/db</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Workload { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerdictBody))]
internal sealed partial class VerdictJson : JsonSerializerContext;
