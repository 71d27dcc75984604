using System.Diagnostics;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator;

/// <summary>
/// Which trace a look at a gate belongs to: the rollout's that has waited shortest for it, so that admission, evidence, run and release
/// are one trace. Others that wait are linked. A rollout that waits for a night would get thousands of looks that find nothing new:
/// after <see cref="Most"/> they are traces of their own, which a sampler may thin out, and are linked to it. What is then done to the
/// workload is still in its rollout's trace.
/// </summary>
/// <param name="view">What waits.</param>
internal sealed class RolloutLooks(ClusterView view)
{
    /// <summary>Of one rollout.</summary>
    public const int Most = 100;

    /// <summary>Rollouts that are counted; a forgotten one is counted anew.</summary>
    private const int Kept = 4096;

    private readonly BoundedCache<ActivityTraceId, int> looks = new(Kept);

    public Task<T> LookAsync<T>(ObjectKey gate, Func<Task<T>> look)
    {
        if (!Activities.IsOn)
        {
            return look();
        }

        IReadOnlyList<ActivityContext> waiting = Waiting(gate);
        int first = waiting.Count == 0 ? 0 : Count(waiting[0].TraceId);
        return first is 0 or > Most
            ? Activities.LookAsync(gate.Namespace, gate.Name, null, waiting, look)
            : Activities.LookAsync(gate.Namespace, gate.Name, waiting[0], waiting.Skip(1), look);
    }

    /// <summary>Each once, the youngest first.</summary>
    private List<ActivityContext> Waiting(ObjectKey gate) =>
    [
        .. view.Workloads(gate).Where(gated => !gated.Workload.WasLetThrough)
            .OrderByDescending(gated => gated.Workload.Hold?.Since ?? DateTimeOffset.MaxValue)
            .Select(gated => gated.Metadata)
            .Concat(view.HeldPods(gate).Select(pod => pod.Metadata))
            .Select(metadata => Activities.Parse(metadata.Annotations.Find(Names.Traceparent)))
            .OfType<ActivityContext>().DistinctBy(context => context.TraceId),
    ];

    private int Count(ActivityTraceId rollout)
    {
        int count = looks.TryGet(rollout, out int before) ? before + 1 : 1;
        looks.Set(rollout, count);
        return count;
    }
}
