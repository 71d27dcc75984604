using Microsoft.AspNetCore.Http;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// <c>GET /v1/rollouts/{namespace}/{kind}/{name}</c>: 200 where a gated workload is rolled out, 423 where it is not, for a deploy tool's
/// hook, which so needs no role in any namespace. Read from the API server: a cache may be older than the change that is waited for.
/// </summary>
/// <remarks>Who may not get the workload learns one bit of it; one that is not there, or not gated, looks like one that waits.</remarks>
/// <param name="client">Reads the workload.</param>
/// <param name="view">Tells which namespaces are looked after.</param>
/// <param name="readers">Tells who may be told details.</param>
/// <param name="time">Measures the wait for the API server.</param>
internal sealed class RolloutEndpoint(KubernetesClient client, ClusterView view, GateReaders readers, TimeProvider time) : IDisposable
{
    public const string Path = "/v1/rollouts/{namespace}/{kind}/{name}";

    private const string WaitingToAll = "Not rolled out yet, or not gated, or not there. The reason is for callers with a bearer token who "
        + "may get this workload.";

    /// <summary>Whoever asks costs the API server a read: so many at a time, and each so long, whoever they are: 80 a second.</summary>
    private const int AtATime = 8;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly IReadOnlyList<ResourceType<RawObject>> s_types =
    [
        RawObject.Whole(Deployment.Resource), RawObject.Whole(Deployment.Rollouts),
        RawObject.Whole(PodSet.StatefulSets), RawObject.Whole(PodSet.DaemonSets),
    ];

    private readonly SemaphoreSlim slots = new(AtATime);

    /// <param name="context">The request and its answer.</param>
    /// <param name="ready">A replica that is not is asked nothing.</param>
    public async Task AnswerAsync(HttpContext context, Readiness ready)
    {
        (string ns, string kind, string name) = (Value(context, "namespace"), Value(context, "kind"), Value(context, "name"));
        if (!ready.Knows)
        {
            await VerdictEndpoint.WriteAsync(
                context, StatusCodes.Status503ServiceUnavailable, new(false, "NotReady", ready.Missing ?? "starting", null, null));
            return;
        }

        if (s_types.FirstOrDefault(type => type.Kind.Equals(kind, StringComparison.OrdinalIgnoreCase)) is not { } type
            || !Requirement.IsName(name) || !Requirement.IsName(ns))
        {
            string kinds = string.Join(", ", s_types.Select(type => type.Kind.ToLowerInvariant()));
            await VerdictEndpoint.WriteAsync(
                context, StatusCodes.Status400BadRequest,
                new(false, "BadRequest", $"Write /v1/rollouts/<namespace>/<kind>/<name>, with one of the kinds {kinds}.", null, null));
            return;
        }

        ObjectKey key = new(ns, name);
        bool isTold = await readers.MayGetAsync(context.Request.Headers.Authorization, type, key, context.RequestAborted);
        RolloutProgress progress = await ProgressAsync(type, key, context.RequestAborted);
        await VerdictEndpoint.WriteAsync(
            context, progress.IsDone ? StatusCodes.Status200OK : StatusCodes.Status423Locked,
            isTold || progress.IsDone
                ? Body(type, key, progress.IsDone, progress.Reason, progress.Message)
                : Body(type, key, released: false, RolloutProgress.Waiting, WaitingToAll));
    }

    public void Dispose() => slots.Dispose();

    private async Task<RolloutProgress> ProgressAsync(ResourceType<RawObject> type, ObjectKey key, CancellationToken cancellation)
    {
        if (view.Unserved(key.Namespace) is { } unserved)
        {
            return new(false, Reasons.GateNotFound, unserved);
        }

        using CancellationTokenSource limit = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await slots.WaitAsync(either.Token);
            try
            {
                RawObject? found = await client.FindAsync(type, key.Namespace, key.Name, either.Token);
                await Task.Delay(Turn, time, either.Token);
                return found switch
                {
                    null => new(false, "NotFound", $"There is no {type.Kind} {key.Name} in namespace {key.Namespace}."),
                    _ when found.Metadata.Labels.Find(Names.Gated) != "true" =>
                        new(false, "NotGated", $"The {type.Kind} {key.Name} has no label {Names.Gated}: \"true\"."),
                    _ => RolloutProgress.Of(type.Kind, found.Content),
                };
            }
            finally
            {
                slots.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, "Busy", "The API server did not answer in time.");
        }
        catch (KubernetesException exception)
        {
            return new(false, exception.Reason.ToString(), exception.Message);
        }
    }

    private static VerdictBody Body(ResourceType<RawObject> type, ObjectKey key, bool released, string reason, string message) =>
        new(released, reason, message, null, null) { Workload = $"{key.Namespace}/{type.Kind.ToLowerInvariant()}/{key.Name}" };

    private static string Value(HttpContext context, string name) => context.Request.RouteValues[name] as string ?? "";
}
