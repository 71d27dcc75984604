using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Operator;

/// <summary>What the operator knows of StatefulSets, DaemonSets and their revisions.</summary>
/// <remarks>
/// A revision's ControllerRevision exists from the first moment on, released or not, and its pods may all be held. So a cache alone never
/// says that one runs which nobody has released: that takes the pods as the API server has them.
/// </remarks>
internal sealed class PodSetView
{
    private readonly KubernetesClient client;
    private readonly WorkloadReader reader;
    private readonly NamespacedInformers<PodSet> statefulSets;
    private readonly NamespacedInformers<PodSet> daemonSets;
    private readonly NamespacedInformers<ControllerRevision> revisions;
    private int version;

    /// <param name="client">The API server.</param>
    /// <param name="reader">Reads workloads.</param>
    /// <param name="options">Which are followed, and how.</param>
    /// <param name="namespaces">Empty means every namespace.</param>
    /// <param name="tell">Told the gates that a change in a namespace concerns.</param>
    public PodSetView(
        KubernetesClient client, WorkloadReader reader, InformerOptions options, IReadOnlyList<string> namespaces,
        Action<string?, IEnumerable<string>> tell)
    {
        this.client = client;
        this.reader = reader;
        void Tell(V1ObjectMeta metadata, IEnumerable<string> gates)
        {
            Interlocked.Increment(ref version);
            tell(metadata.NamespaceProperty, gates);
        }

        void TellSet(InformerChange<PodSet> change) => Tell(change.Latest.Metadata, GatesOf(change.Old).Concat(GatesOf(change.New)));

        statefulSets = new(client, PodSet.StatefulSets, options, namespaces, TellSet);
        daemonSets = new(client, PodSet.DaemonSets, options, namespaces, TellSet);
        revisions = new(
            client, ControllerRevision.Resource, options, namespaces,
            change => Tell(change.Latest.Metadata, WorkloadReader.Gates(change.Latest.Template.Requires)));
    }

    /// <summary>Another with every change.</summary>
    public int Version => Volatile.Read(ref version);

    public bool Synced => statefulSets.Synced && daemonSets.Synced && revisions.Synced;

    /// <summary>Why nothing is known of a namespace (null: of one of them); null where something is.</summary>
    public string? Refused(string? ns) => statefulSets.Refused(ns) ?? daemonSets.Refused(ns) ?? revisions.Refused(ns);

    /// <summary>How well they are followed, by type.</summary>
    public IEnumerable<InformerHealth> Health => [statefulSets.Health, daemonSets.Health, revisions.Health];

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(statefulSets.RunAsync(cancellation), daemonSets.RunAsync(cancellation), revisions.RunAsync(cancellation));

    /// <summary>Null means every namespace that is followed.</summary>
    public IEnumerable<PodSet> List(string? ns) => statefulSets.List(ns).Concat(daemonSets.List(ns));

    /// <summary>A set with what the caches say of its revisions.</summary>
    public GatedPodSet Of(PodSet set)
    {
        Workload workload = reader.Read(set);
        List<ControllerRevision> history = [.. revisions.List(set.Metadata.NamespaceProperty)
            .Where(revision => revision.Metadata.OwnerReferences.Any(owner => owner.Uid == set.Metadata.Uid))];
        return new(set, history, workload, [.. history.Select(revision => Released(set, workload, reader.Read(revision)))]);
    }

    /// <summary>A set with its revisions, and which of them run, as the API server has them now, also those without the label.</summary>
    public async Task<GatedPodSet> ReadAsync(PodSet set, CancellationToken cancellation)
    {
        ListOptions options = new() { LabelSelector = set.Selector.ToQuery() };
        string? ns = set.Metadata.NamespaceProperty;
        List<ControllerRevision> history = [.. (await client.ListAllAsync(ControllerRevision.Resource, ns, options, cancellation)).Items
            .Where(revision => IsOf(revision.Metadata, set))];
        HashSet<string> running = (await client.ListAllAsync(Pod.Resource, ns, options, cancellation)).Items
            .Where(pod => IsOf(pod.Metadata, set) && !pod.IsHeld)
            .Select(pod => ControllerRevision.NameOf(pod, set) ?? "").ToHashSet(StringComparer.Ordinal);
        IEnumerable<Revision> known = history.Select(revision => reader.Read(revision) with
        {
            Active = running.Contains(revision.Metadata.Name!),
        });
        // Pods whose revision nobody knows any more run, too.
        IEnumerable<Revision> lost = running.Except(history.Select(revision => revision.Metadata.Name!), StringComparer.Ordinal)
            .Select(name => new Revision(name, Template: "", Requires: null, Active: true, Record: null));
        return new(set, history, reader.Read(set), [.. known.Concat(lost)]);
    }

    /// <summary>
    /// The hashes of the revisions of which pods may be made with nobody there to ask: those that run, or would, and are let through in
    /// every namespace that knows the hash; it is of the template, which may be the same elsewhere.
    /// </summary>
    /// <param name="gates">The gates, by namespace and name.</param>
    public IReadOnlyList<string> Unasked(Func<string, string, GateView?> gates)
    {
        Dictionary<string, bool> known = new(StringComparer.Ordinal);
        foreach (GatedPodSet gated in List(ns: null).Select(Of))
        {
            foreach ((ControllerRevision stored, Revision revision) in gated.History.Zip(gated.Revisions))
            {
                if (gated.Set.Progress.Names(revision.Name) || revision.Template == gated.Workload.Template)
                {
                    string hash = stored.HashIn(gated.Set);
                    known[hash] = known.GetValueOrDefault(hash, true) && Passes(gated, revision, gates);
                }
            }
        }

        return [.. known.Where(hash => hash.Value).Select(hash => hash.Key).Order(StringComparer.Ordinal)];
    }

    private static bool Passes(GatedPodSet gated, Revision revision, Func<string, string, GateView?> gates)
    {
        Workload workload = gated.Workload with
        {
            Template = revision.Template,
            Requires = revision.Requires,
            Record = Record(gated.Workload, revision),
        };
        return workload.WasLetThrough
            || HoldDecision.Decide(workload, [], name => gates(gated.Metadata.NamespaceProperty ?? "", name)) is HoldOutcome.Pass;
    }

    /// <summary>The set that makes a pod, and the revision that the pod is of; null for any other pod.</summary>
    public async Task<(PodSet Set, ControllerRevision Revision)?> OwnersAsync(Pod pod, string ns, CancellationToken cancellation)
    {
        V1OwnerReference? owner = pod.Metadata.OwnerReferences.FirstOrDefault(owner => PodSet.TypeOf(owner) is not null);
        if (owner is null || PodSet.TypeOf(owner) is not { } type)
        {
            return null;
        }

        PodSet? cached = (type == PodSet.StatefulSets ? statefulSets : daemonSets).Get(ns, owner.Name);
        PodSet? set = cached ?? await client.FindAsync(type, ns, owner.Name, cancellation);
        if (set?.Metadata.Uid != owner.Uid || ControllerRevision.NameOf(pod, set!) is not { } name)
        {
            return null;
        }

        ControllerRevision? revision = revisions.Get(ns, name)
            ?? await client.FindAsync(ControllerRevision.Resource, ns, name, cancellation);
        return revision is not null && IsOf(revision.Metadata, set!) ? (set!, revision) : null;
    }

    private static IEnumerable<string> GatesOf(PodSet? set) => WorkloadReader.Gates(set?.Template.Requires);

    /// <summary>Its controller's, or nobody's yet: a set that was deleted without its pods takes them back.</summary>
    private static bool IsOf(V1ObjectMeta metadata, PodSet set) =>
        metadata.OwnerReferences.FirstOrDefault(owner => owner.Controller ?? false) is not { } controller
        || controller.Uid == set.Metadata.Uid;

    private static Revision Released(PodSet set, Workload workload, Revision revision) => revision with
    {
        Active = Record(workload, revision) is not null
            && (set.Progress.PodsOf(revision.Name) > 0 || (set.Scheduled > 0 && workload.Template == revision.Template)),
    };

    private static RevisionRecord? Record(Workload workload, Revision revision) =>
        revision.Record ?? (workload.Template == revision.Template ? workload.Record : null);
}
