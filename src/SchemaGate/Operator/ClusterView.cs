using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Operator;

/// <summary>A Deployment that names a gate, with its revisions.</summary>
internal sealed record GatedDeployment(
    Deployment Deployment, IReadOnlyList<ReplicaSet> ReplicaSets, Workload Workload, IReadOnlyList<Revision> Revisions)
{
    public static GatedDeployment Of(Deployment deployment, IReadOnlyList<ReplicaSet> replicaSets, WorkloadReader reader) =>
        new(deployment, replicaSets, reader.Read(deployment), [.. replicaSets.Select(reader.Read)]);
}

/// <summary>What the operator knows of the cluster: its caches, and which gates a change concerns.</summary>
internal sealed class ClusterView
{
    private const string GatedSelector = $"{Names.Gated}=true";

    private readonly KubernetesClient client;
    private readonly WorkloadReader reader;
    private readonly Informer<SchemaGateResource> gates;
    private readonly Informer<Deployment> deployments;
    private readonly Informer<ReplicaSet> replicaSets;

    /// <param name="client">The API server.</param>
    /// <param name="reader">Reads workloads.</param>
    /// <param name="changed">Told each gate that a change concerns, whether it exists or not.</param>
    /// <param name="failed">Told what goes wrong while watching.</param>
    /// <param name="time">Measures waits.</param>
    public ClusterView(
        KubernetesClient client, WorkloadReader reader, Action<ObjectKey> changed, Action<Exception> failed, TimeProvider time)
    {
        this.client = client;
        this.reader = reader;
        InformerOptions options = new() { Time = time, Failed = failed };
        gates = new(client, SchemaGateResource.Resource, options);
        deployments = new(client, Deployment.Resource, options with { LabelSelector = GatedSelector });
        replicaSets = new(client, ReplicaSet.Resource, options with { LabelSelector = GatedSelector });

        // The status that the operator wrote itself is no news: only a new generation or incarnation is.
        gates.Changed += change =>
        {
            if (change.Old?.Metadata.Generation != change.New?.Metadata.Generation || change.Old?.Metadata.Uid != change.New?.Metadata.Uid)
            {
                changed(ObjectKey.Of(change.Latest));
            }
        };
        deployments.Changed += change => Tell(changed, change.Latest.Metadata.Namespace, GatesOf(change.Old).Concat(GatesOf(change.New)));
        replicaSets.Changed += change => Tell(changed, change.Latest.Metadata.Namespace, OwnersOf(change.Latest).SelectMany(GatesOf));
    }

    public bool Synced => gates.Synced && deployments.Synced && replicaSets.Synced;

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(gates.RunAsync(cancellation), deployments.RunAsync(cancellation), replicaSets.RunAsync(cancellation));

    public Task WaitForSyncAsync(CancellationToken cancellation) => Task.WhenAll(
        gates.WaitForSyncAsync(cancellation), deployments.WaitForSyncAsync(cancellation), replicaSets.WaitForSyncAsync(cancellation));

    /// <summary>Null for a gate that does not exist (yet, or any more).</summary>
    public SchemaGateResource? Gate(ObjectKey key) =>
        gates.Get(key.Namespace, key.Name) is { Metadata.DeletionTimestamp: null } gate ? gate : null;

    public GateView? View(string ns, string name) => Gate(new(ns, name)) is { } gate ? ViewOf(gate) : null;

    /// <summary>The Deployments that name a gate, from the cache.</summary>
    public IReadOnlyList<GatedDeployment> Workloads(ObjectKey gate) =>
        [.. deployments.List(gate.Namespace)
            .Where(deployment => deployment.Metadata.DeletionTimestamp is null && WorkloadReader.Gates(deployment).Contains(gate.Name, StringComparer.Ordinal))
            .Select(deployment => GatedDeployment.Of(deployment, [.. replicaSets.List(gate.Namespace)
                .Where(replicaSet => WorkloadReader.IsOf(replicaSet, deployment) && Selects(deployment, replicaSet))], reader))];

    /// <summary>
    /// A Deployment's revisions as the API server has them now, with those whose template does not carry the label: before anything is
    /// held, a cache must not be the only witness of what runs.
    /// </summary>
    public async Task<GatedDeployment> ReadAsync(Deployment deployment, CancellationToken cancellation)
    {
        string selector = (deployment.Spec.Selector ?? new()).ToString();
        ResourceList<ReplicaSet> list = await client.ListAllAsync(
            ReplicaSet.Resource, deployment.Metadata.Namespace, new() { LabelSelector = selector }, cancellation);
        return GatedDeployment.Of(deployment, [.. list.Items.Where(replicaSet => WorkloadReader.IsOf(replicaSet, deployment))], reader);
    }

    private static GateView ViewOf(SchemaGateResource gate)
    {
        GateSpec spec = SpecReader.Read(gate.Spec).Spec;
        return new(gate.Metadata.Name!, gate.Status?.Database?.Identity, spec.Enforcement, spec.Suspend, spec.Policy.Unpinned);
    }

    private static void Tell(Action<ObjectKey> changed, string? ns, IEnumerable<string> names)
    {
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            changed(new(ns ?? "", name));
        }
    }

    private static IEnumerable<string> GatesOf(Deployment? deployment) => deployment is null ? [] : WorkloadReader.Gates(deployment);

    private static bool Selects(Deployment deployment, ReplicaSet replicaSet) =>
        deployment.Spec.Selector is { } selector
        && selector.MatchLabels.All(label => replicaSet.Metadata.Labels.GetValueOrDefault(label.Key) == label.Value);

    private IEnumerable<Deployment> OwnersOf(ReplicaSet replicaSet) => replicaSet.Metadata.OwnerReferences
        .Where(owner => owner is { Kind: "Deployment", Controller: true })
        .Select(owner => deployments.Get(replicaSet.Metadata.Namespace, owner.Name))
        .OfType<Deployment>();
}
