using k8s.Models;
using SchemaGate.Core;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Running;

/// <summary>
/// Why a Job makes no pod: a quota, a ServiceAccount that is missing, Pod Security. The Job's conditions and its status say nothing of it,
/// its events do (reason <c>FailedCreate</c>, as the Job controller records it).
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="time">The time.</param>
internal sealed class JobEvents(KubernetesClient client, TimeProvider time)
{
    /// <summary>A controller that is not late has made the pod by then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The controller counts on one event what repeats; each of its tries names another pod.</summary>
    private const int Most = 50;

    private const int Longest = 500;

    /// <summary>What a refusal's words are about, and what to do then; the first counts.</summary>
    private static readonly (string Words, string Advice)[] s_advice =
    [
        ("quota", Resources), ("LimitRange", Resources), ("usage per ", Resources), (" to request ratio", Resources),
        ("service account", Account), ("serviceaccount", Account),
        ("PodSecurity", "What the pod may be is the namespace's to say: mend spec.migrate.template."),
    ];

    private const string Resources = "What the pod asks for is spec.migrate.resources (by default no limit of CPU), or with a template its "
        + "own; what the namespace has left is its ResourceQuota's.";

    private const string Account = "It is spec.migrate.serviceAccountName, or with a template its own.";

    /// <summary>For a Job that has no pod and has not ended.</summary>
    /// <returns>A clause; null where there is nothing to tell (yet).</returns>
    public async Task<string?> TroubleAsync(V1Job job, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now - (job.Metadata.CreationTimestamp.ToOffset() ?? now) < Patience)
        {
            return null;
        }

        try
        {
            ResourceList<Eventsv1Event> events = await client.PageAsync(
                Kinds.Event,
                job.Metadata.NamespaceProperty,
                new() { FieldSelector = $"regarding.uid={job.Metadata.Uid},reason=FailedCreate", Limit = Most },
                cancellation);
            return events.Items.OrderByDescending(LastSeen).Select(failed => Words(failed.Note ?? "")).FirstOrDefault();
        }
        catch (KubernetesException exception)
        {
            return $"it has made no pod yet, and its events, which say why, cannot be read: {exception.Message}";
        }
    }

    private static string Words(string note)
    {
        string? advice = s_advice.Where(one => note.Contains(one.Words, StringComparison.OrdinalIgnoreCase))
            .Select(one => $" {one.Advice}").FirstOrDefault();
        return $"it makes no pod: {BoundedText.Of(SecretPaths.Without(note), Longest).TrimEnd('.')}.{advice}";
    }

    /// <summary>The controller still writes the fields of the older API.</summary>
    private static DateTime? LastSeen(Eventsv1Event seen) =>
        seen.Series?.LastObservedTime ?? seen.DeprecatedLastTimestamp ?? seen.EventTime ?? seen.Metadata.CreationTimestamp;
}
