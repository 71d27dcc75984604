using System.Globalization;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Explain;

/// <summary>From a Pod, a Job or a ReplicaSet to the workload whose revision it is, and to what holds that one.</summary>
/// <param name="client">The API server.</param>
/// <param name="ns">Their namespace.</param>
/// <param name="explanations">Explains Deployments and gates.</param>
/// <param name="sets">Explains StatefulSets and DaemonSets.</param>
internal sealed class Lineage(KubernetesClient client, string ns, Explanations explanations, PodSetExplanations sets)
{
    public async Task<ExplainReport> OfPodAsync(string name, CancellationToken cancellation)
    {
        string target = $"pod/{name}";
        if (await client.FindAsync(Pod.Resource, ns, name, cancellation) is not { } pod)
        {
            return Missing(target, $"There is no Pod {name} in namespace {ns}. (A revision that is held has none.)");
        }

        string said = $"{target} ({pod.Phase ?? "Unknown"})";
        V1OwnerReference? owner = OwnerOf(pod.Metadata);
        if (owner is { Kind: "ReplicaSet", Name: { } replicaSet })
        {
            return Of(target, $"{said} is of replicaset/{replicaSet}.", await OfReplicaSetAsync(replicaSet, cancellation));
        }

        if (owner is not null && PodSet.TypeOf(owner) is { } set)
        {
            string waits = pod.Metadata.Labels.ContainsKey(Names.Held) ? $", and waits for {pod.Requires}" : "";
            return Of(
                target, $"{said} is of {owner.Kind.ToLowerInvariant()}/{owner.Name}{waits}.",
                await sets.OfAsync(set, owner.Name, cancellation));
        }

        said = owner is null ? $"{said} is nobody's" : $"{said} is of {owner.Kind} {owner.Name}";
        return pod.Metadata.Labels.ContainsKey(Names.Held) && Requirement.Parse(pod.Requires, out _) is [{ Gate: var gate }, ..]
            ? Of(target, $"{said}, and waits for {pod.Requires}.", await explanations.OfGateAsync(gate, cancellation)) with { Open = false }
            : Unheld(target, $"{said}. SchemaGate does not hold it.");
    }

    /// <summary>By one of its pods that waits.</summary>
    public async Task<ExplainReport> OfJobAsync(string name, CancellationToken cancellation)
    {
        string target = $"job/{name}";
        if (await client.FindAsync(Kinds.Job, ns, name, cancellation) is null)
        {
            return Missing(target, $"There is no Job {name} in namespace {ns}.");
        }

        ResourceList<Pod> waiting = await client.ListAllAsync(
            Pod.Resource, ns, new() { LabelSelector = $"job-name={name},{Names.Held}" }, cancellation);
        return waiting.Items.Count == 0
            ? Unheld(target, $"SchemaGate holds no pod of {target}.")
            : await OfPodAsync(waiting.Items[0].Metadata.Name!, cancellation) with { Target = target };
    }

    public async Task<ExplainReport> OfReplicaSetAsync(string name, CancellationToken cancellation)
    {
        string target = $"replicaset/{name}";
        if (await client.FindAsync(ReplicaSet.Resource, ns, name, cancellation) is not { } set)
        {
            return Missing(target, $"There is no ReplicaSet {name} in namespace {ns}. (A revision that is held has none.)");
        }

        string? requires = set.Template.Requires;
        string said = string.Create(
            CultureInfo.InvariantCulture, $"which requires {requires ?? "nothing"}, {set.Pods.Ready} of {set.Wanted} pods ready.");
        return OwnerOf(set.Metadata) is { } owner && Deployment.TypeOf(owner) is { } type
            ? Of(
                target, $"{target} is {Number(set)} of {type.Kind.ToLowerInvariant()}/{owner.Name}, {said}",
                await explanations.OfDeploymentAsync(type, owner.Name, cancellation, requires))
            : Unheld(target, $"{target} is no Deployment's, {said} What is there is not held.") with
            {
                Gates = await explanations.GatesAsync([requires], cancellation),
            };
    }

    private static string Number(ReplicaSet set) =>
        set.Revision is { } number ? string.Create(CultureInfo.InvariantCulture, $"revision {number}") : "a revision";

    private static V1OwnerReference? OwnerOf(V1ObjectMeta metadata) =>
        metadata.OwnerReferences.FirstOrDefault(owner => owner.Controller ?? false);

    private static ExplainReport Of(string target, string said, ExplainReport owner) =>
        owner with { Target = target, Message = $"{said} {owner.Message}" };

    private ExplainReport Missing(string target, string message) => new(target, ns, Open: false, message, [], [], []);

    private ExplainReport Unheld(string target, string message) => new(target, ns, Open: true, message, [], [], []);
}
