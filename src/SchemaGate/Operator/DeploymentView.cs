using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Operator;

/// <summary>What the operator knows of Deployments, Argo's Rollouts where there are any, and their ReplicaSets.</summary>
internal sealed class DeploymentView
{
    private readonly KubernetesClient client;
    private readonly WorkloadReader reader;
    private readonly NamespacedInformers<Deployment> deployments;
    private readonly OptionalInformers<Deployment> rollouts;
    private readonly NamespacedInformers<ReplicaSet> replicaSets;

    /// <param name="client">The API server.</param>
    /// <param name="reader">Reads workloads.</param>
    /// <param name="options">Which are followed, and how.</param>
    /// <param name="namespaces">Empty means every namespace.</param>
    /// <param name="tell">Told the gates that a change in a namespace concerns.</param>
    public DeploymentView(
        KubernetesClient client, WorkloadReader reader, InformerOptions options, IReadOnlyList<string> namespaces,
        Action<string?, IEnumerable<string>> tell)
    {
        this.client = client;
        this.reader = reader;
        deployments = new(client, Deployment.Resource, options, namespaces, Tell);
        rollouts = new(client, Deployment.Rollouts, options, namespaces, Tell);
        replicaSets = new(
            client, ReplicaSet.Resource, options, namespaces,
            change => tell(change.Latest.Metadata.NamespaceProperty, OwnersOf(change.Latest).SelectMany(GatesOf)));

        void Tell(InformerChange<Deployment> change) =>
            tell(change.Latest.Metadata.NamespaceProperty, GatesOf(change.Old).Concat(GatesOf(change.New)));
    }

    public bool Synced => deployments.Synced && rollouts.Synced && replicaSets.Synced;

    /// <summary>Why nobody would look at a Rollout in a namespace; null where they are followed.</summary>
    public string? RolloutsProblem(string ns) => rollouts.Problem(ns);

    /// <summary>Why nothing is known of a namespace (null: of one of them); null where something is.</summary>
    public string? Refused(string? ns) => deployments.Refused(ns) ?? replicaSets.Refused(ns);

    /// <summary>How well they are followed, by type.</summary>
    public IEnumerable<InformerHealth> Health =>
        ((InformerHealth?[])[deployments.Health, replicaSets.Health, rollouts.Health]).OfType<InformerHealth>();

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(deployments.RunAsync(cancellation), rollouts.RunAsync(cancellation), replicaSets.RunAsync(cancellation));

    /// <summary>Null means every namespace that is followed.</summary>
    public IEnumerable<Deployment> List(string? ns) => deployments.List(ns).Concat(rollouts.List(ns));

    /// <summary>Null for one that does not exist, or does not carry the label.</summary>
    public Deployment? Find(string? ns, ResourceType<Deployment> type, string name) =>
        type == Deployment.Rollouts ? rollouts.Get(ns, name) : deployments.Get(ns, name);

    /// <summary>One with what the caches say of its revisions.</summary>
    public GatedDeployment Of(Deployment deployment) => GatedDeployment.Of(
        deployment,
        [.. replicaSets.List(deployment.Metadata.NamespaceProperty)
            .Where(replicaSet => WorkloadReader.IsOf(replicaSet, deployment) && Selects(deployment, replicaSet))],
        reader);

    /// <summary>
    /// A Deployment's revisions as the API server has them now, with those whose template does not carry the label: before anything is
    /// held, a cache must not be the only witness of what runs.
    /// </summary>
    public async Task<GatedDeployment> ReadAsync(Deployment deployment, CancellationToken cancellation)
    {
        ListOptions options = new() { LabelSelector = deployment.Selector.ToQuery() };
        string? ns = deployment.Metadata.NamespaceProperty;
        List<ReplicaSet> owned = [.. (await client.ListAllAsync(ReplicaSet.Resource, ns, options, cancellation)).Items
            .Where(replicaSet => WorkloadReader.IsOf(replicaSet, deployment))];
        HashSet<string?> running = owned.Any(replicaSet => replicaSet.Template.HoldsPods)
            ? [.. (await client.ListAllAsync(Pod.Resource, ns, options, cancellation)).Items
                .Where(pod => !pod.IsHeld).SelectMany(pod => pod.Metadata.OwnerReferences)
                .Select(owner => owner.Uid)]
            : [];
        return new(
            deployment, owned, reader.Read(deployment),
            [.. owned.Select(replicaSet => reader.Read(replicaSet, running.Contains(replicaSet.Metadata.Uid)))]);
    }

    /// <summary>The ReplicaSet that makes a pod; null for any other pod.</summary>
    public async Task<ReplicaSet?> OwnerAsync(Pod pod, string ns, CancellationToken cancellation)
    {
        V1OwnerReference? owner = pod.Metadata.OwnerReferences.FirstOrDefault(
            owner => owner is { Controller: true, ApiVersion: "apps/v1", Kind: "ReplicaSet" });
        if (owner is null)
        {
            return null;
        }

        ReplicaSet? known = replicaSets.Get(ns, owner.Name) ?? await client.FindAsync(ReplicaSet.Resource, ns, owner.Name, cancellation);
        return known?.Metadata.Uid == owner.Uid ? known : null;
    }

    /// <summary>Whether a ReplicaSet has a pod that does not wait, as the API server has them now.</summary>
    public async Task<Revision> ReadAsync(ReplicaSet replicaSet, string ns, CancellationToken cancellation)
    {
        ListOptions options = new() { LabelSelector = $"{Names.HoldPods}=true,!{Names.Held}" };
        ResourceList<Pod> pods = await client.ListAllAsync(Pod.Resource, ns, options, cancellation);
        bool hasPods = pods.Items.Where(pod => !pod.IsHeld).SelectMany(pod => pod.Metadata.OwnerReferences)
            .Any(owner => owner.Uid == replicaSet.Metadata.Uid);
        return reader.Read(replicaSet, hasPods);
    }

    private static IEnumerable<string> GatesOf(Deployment? deployment) => WorkloadReader.Gates(deployment?.Template.Requires);

    private static bool Selects(Deployment deployment, ReplicaSet replicaSet) =>
        deployment.Selector is { } selector
        && (selector.MatchLabels ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .All(label => replicaSet.Metadata.Labels.Find(label.Key) == label.Value);

    private IEnumerable<Deployment> OwnersOf(ReplicaSet replicaSet) => replicaSet.Metadata.OwnerReferences
        .Select(owner => Deployment.TypeOf(owner) is { } type ? Find(replicaSet.Metadata.NamespaceProperty, type, owner.Name) : null)
        .OfType<Deployment>();
}
