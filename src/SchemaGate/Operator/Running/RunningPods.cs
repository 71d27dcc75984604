using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Running;

/// <summary>
/// The pods that require anything of a gate and have not ended, also those that are about to: a ReplicaSet without replicas may have some
/// for as long as their grace lasts. They are asked for only while a rehearsal says that something would break them.
/// </summary>
/// <param name="client">The API server: a cache may be behind, and what is waited for ends there.</param>
/// <param name="view">The gates.</param>
internal sealed class RunningPods(KubernetesClient client, ClusterView view)
{
    private static readonly ListOptions Gated = new() { LabelSelector = $"{Names.Gated}=true" };

    /// <param name="gate">The gate. What was pending at its last look may be now.</param>
    /// <param name="spec">Its spec as read.</param>
    /// <param name="rehearsal">What its rehearsal says.</param>
    /// <param name="workloads">Whose pods they may be.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <returns>Null where nobody has to know.</returns>
    /// <exception cref="KubernetesException">They cannot be listed.</exception>
    public async Task<IReadOnlyList<RunningCode>?> ReadAsync(
        SchemaGateResource gate, GateSpec spec, RehearsalEvidence rehearsal, IReadOnlyList<GatedWorkload> workloads,
        CancellationToken cancellation)
    {
        bool mayBreak = rehearsal.Known?.Statements is { Broken: > 0 } && gate.Status?.Migrations?.Pending is { Count: > 0 };
        return mayBreak && spec.Rehearsal.Mode != RehearsalMode.Never && spec.Policy.Contract != ContractMode.Ignore
            ? await ListAsync(ObjectKey.Of(gate), workloads, cancellation)
            : null;
    }

    private async Task<IReadOnlyList<RunningCode>> ListAsync(
        ObjectKey gate, IReadOnlyList<GatedWorkload> workloads, CancellationToken cancellation)
    {
        ResourceList<Pod> pods = await client.ListAllAsync(Pod.Resource, gate.Namespace, Gated, cancellation);
        return
        [
            .. pods.Items.Where(pod => !pod.IsHeld && pod.Phase is not ("Succeeded" or "Failed"))
                .Select(pod => (Pod: pod, Requires: Of(pod.Requires, gate.Name)))
                .Where(pair => pair.Requires is not null)
                .GroupBy(pair => (pair.Pod.Maker, pair.Requires!.Value, Revision: HashOf(pair.Pod)))
                .Select(group => Code(gate, group.First().Pod, group.Key.Value, group.Count(), workloads))
                .OrderBy(code => code.Word, StringComparer.Ordinal),
        ];
    }

    private RunningCode Code(ObjectKey gate, Pod pod, string? requires, int count, IReadOnlyList<GatedWorkload> workloads)
    {
        GatedWorkload? workload = workloads.FirstOrDefault(
            gated => gated.Word == pod.Maker || gated.Revisions.Any(revision => $"replicaset/{revision.Name}" == pod.Maker));
        if (workload is null)
        {
            return new(pod.Maker, requires, count);
        }

        long? number = workload.Revisions.FirstOrDefault(revision => $"replicaset/{revision.Name}" == pod.Maker)?.Number;
        return new(number is null ? workload.Word : $"{workload.Word} revision {number}", requires, count)
        {
            Next = Of(workload.Workload.Requires, gate.Name)?.Value,
            HeldBy = Requirement.Parse(workload.Workload.Requires, out _).Select(requirement => requirement.Gate)
                .FirstOrDefault(other => other != gate.Name && workload.Workload.Hold is not null && Waits(new(gate.Namespace, other))),
        };
    }

    private bool Waits(ObjectKey gate) => view.Gate(gate)?.Status?.Reason is Reasons.ContractWaits or Reasons.ContractStuck;

    private static Requirement? Of(string? requires, string gate) =>
        Requirement.Parse(requires, out _).FirstOrDefault(requirement => requirement.Gate == gate);

    private static string? HashOf(Pod pod) => pod.Metadata.Labels.Find("controller-revision-hash");
}
