using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Explain;

/// <summary>Explains StatefulSets and DaemonSets: what is held is noted on them, what was refused in a gate's status.</summary>
/// <param name="client">The API server.</param>
/// <param name="ns">Their namespace.</param>
/// <param name="explanations">Explains gates.</param>
internal sealed class PodSetExplanations(KubernetesClient client, string ns, Explanations explanations)
{
    public async Task<ExplainReport> OfAsync(ResourceType<PodSet> type, string name, CancellationToken cancellation)
    {
        if (await client.FindAsync(type, ns, name, cancellation) is not { } set)
        {
            string missing = $"There is no {type.Kind} {name} in namespace {ns}.";
            return new($"{type.Kind.ToLowerInvariant()}/{name}", ns, Open: false, missing, [], [], []);
        }

        WorkloadExplanation workload = await WorkloadAsync(set, cancellation);
        IReadOnlyList<GateExplanation> gates = await explanations.GatesAsync([set.Template.Requires], cancellation);
        string message = workload switch
        {
            _ when set.Metadata.Labels.Find(Names.Gated) != "true" =>
                $"{set.Word} is not gated: it has no label {Names.Gated}: \"true\".",
            { Held: false } => $"SchemaGate does not hold {set.Word}.",
            { Since: null } => $"A change of {set.Word} was refused: {workload.Reason}.",
            _ => $"A new revision of {set.Word} is held: {workload.Reason}.",
        };
        return new(set.Word, ns, !workload.Held, message, gates, [workload], [.. explanations.Advice(workload, gates)]);
    }

    /// <summary>Those that name a gate.</summary>
    public async Task<IReadOnlyList<WorkloadExplanation>> OfGateAsync(string gate, CancellationToken cancellation)
    {
        List<WorkloadExplanation> workloads = [];
        foreach (ResourceType<PodSet> type in (ResourceType<PodSet>[])[PodSet.StatefulSets, PodSet.DaemonSets])
        {
            ResourceList<PodSet> sets = await client.ListAllAsync(
                type, ns, new() { LabelSelector = $"{Names.Gated}=true" }, cancellation);
            foreach (PodSet set in sets.Items.Where(set => Gates(set).Contains(gate, StringComparer.Ordinal)))
            {
                workloads.Add(await WorkloadAsync(set, cancellation));
            }
        }

        return workloads;
    }

    private async Task<WorkloadExplanation> WorkloadAsync(PodSet set, CancellationToken cancellation)
    {
        Hold? noted = Hold.FromJson(set.Metadata.Annotations.Find(Names.Hold));
        AskedStatus? refused = noted is null ? await RefusedAsync(set, cancellation) : null;
        IReadOnlyList<RunningRevision> running = await RunningAsync(set, cancellation);
        return new(
            set.Word, set.Template.Requires, noted is not null || refused is not null, noted?.Reason ?? refused?.Reason,
            noted?.Message ?? refused?.Message, noted?.Since, running)
        {
            WayBack = noted is null ? null : WayBack.Of(ns, set.Word, await NumberAsync(set, running, cancellation)),
        };
    }

    /// <summary>Of the newest revision that runs; null where none does.</summary>
    private async Task<int?> NumberAsync(PodSet set, IReadOnlyList<RunningRevision> running, CancellationToken cancellation)
    {
        ResourceList<ControllerRevision> history = await client.ListAllAsync(
            ControllerRevision.Resource, ns, new() { LabelSelector = set.Selector.ToQuery() }, cancellation);
        return history.Items.Where(revision => running.Any(runs => runs.Name == revision.Metadata.Name))
            .Max(revision => (int?)revision.Number);
    }

    /// <summary>The newest change of a set that was refused and is not released yet.</summary>
    private async Task<AskedStatus?> RefusedAsync(PodSet set, CancellationToken cancellation)
    {
        foreach (string name in Gates(set))
        {
            SchemaGateResource? gate = await ClusterOptions.FindGateAsync(client, ns, name, cancellation);
            if (gate?.Status?.Asked?.FirstOrDefault(asked => asked.By == set.Word && asked.Reason is not null) is { } refused)
            {
                return refused with { Message = $"{name}: {refused.Requires}: {refused.Message}" };
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<RunningRevision>> RunningAsync(PodSet set, CancellationToken cancellation)
    {
        ListOptions options = new() { LabelSelector = set.Selector.ToQuery() };
        ResourceList<Pod> pods = await client.ListAllAsync(Pod.Resource, ns, options, cancellation);
        return [.. pods.Items
            .Where(pod => !pod.Metadata.Labels.ContainsKey(Names.Held)
                && pod.Metadata.OwnerReferences.Any(owner => owner.Uid == set.Metadata.Uid))
            .GroupBy(pod => ControllerRevision.NameOf(pod, set) ?? "", StringComparer.Ordinal)
            .OrderBy(pods => pods.Key, StringComparer.Ordinal)
            .Select(pods => new RunningRevision(pods.Key, pods.First().Requires, pods.Count(), pods.Count(pod => pod.IsReady)))];
    }

    private static IEnumerable<string> Gates(PodSet set) => Requirement.Parse(set.Template.Requires, out _).Select(named => named.Gate);
}
