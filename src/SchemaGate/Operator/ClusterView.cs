using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Operator;

/// <summary>What the operator knows of the cluster: its caches, and which gates a change concerns.</summary>
internal sealed class ClusterView
{
    private const string GatedSelector = $"{Names.Gated}=true";

    private static readonly string[] Asked = [Names.Approval, Names.Override, Names.Retry];

    private readonly IReadOnlyList<string> namespaces;
    private readonly NamespacedInformers<SchemaGateResource> gates;
    private readonly NamespacedInformers<V1Job> jobs;
    private readonly NamespacedInformers<Pod> heldPods;

    /// <param name="client">The API server.</param>
    /// <param name="reader">Reads workloads.</param>
    /// <param name="namespaces">Empty means every namespace.</param>
    /// <param name="failed">Told what goes wrong while watching.</param>
    /// <param name="time">Measures waits.</param>
    public ClusterView(
        KubernetesClient client, WorkloadReader reader, IReadOnlyList<string> namespaces, Action<Exception> failed, TimeProvider time)
    {
        this.namespaces = namespaces;
        InformerOptions options = new() { Time = time, Failed = failed, Unread = Close, Mended = Mend };
        gates = new(client, SchemaGateResource.Resource, options, namespaces, TellGate);
        options = options with { LabelSelector = GatedSelector };
        Deployments = new(client, reader, options, namespaces, Tell);
        Sets = new(client, reader, options, namespaces, Tell);
        jobs = new(
            client, Kinds.Job, options with { LabelSelector = Names.Run }, namespaces,
            change => Tell(change.Latest.Metadata.NamespaceProperty, change.Latest.Metadata.OwnerReferences
                .Where(owner => owner.Kind == SchemaGateResource.Resource.Kind).Select(owner => owner.Name)));
        heldPods = new(
            client, Pod.Resource, options with { LabelSelector = Names.Held }, namespaces,
            change => Tell(change.Latest.Metadata.NamespaceProperty, WorkloadReader.Gates(change.Latest.Requires)));
    }

    /// <summary>Deployments, Argo's Rollouts and their ReplicaSets.</summary>
    public DeploymentView Deployments { get; }

    /// <summary>StatefulSets and DaemonSets.</summary>
    public PodSetView Sets { get; }

    /// <summary>What is there and cannot be read.</summary>
    public UnreadObjects Unread { get; } = new();

    /// <summary>Told each gate that a change concerns, whether it exists or not; may be set anew at any time.</summary>
    public Action<ObjectKey>? Changed { get; set; }

    /// <summary>Told, before <see cref="Changed"/>, each gate whose own spec changed, came or went; may be set anew at any time.</summary>
    public Action<ObjectKey>? Respecified { get; set; }

    public bool Synced => gates.Synced && Deployments.Synced && Sets.Synced && jobs.Synced && heldPods.Synced;

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(
            gates.RunAsync(cancellation),
            Deployments.RunAsync(cancellation),
            Sets.RunAsync(cancellation),
            jobs.RunAsync(cancellation),
            heldPods.RunAsync(cancellation));

    /// <summary>Whether the operator was told to look after this namespace.</summary>
    public bool Watches(string ns) => namespaces.Count == 0 || namespaces.Contains(ns, StringComparer.Ordinal);

    /// <summary>The namespaces that the operator was told to look after; empty means every one.</summary>
    public IReadOnlyList<string> Namespaces => namespaces;

    /// <summary>
    /// What is answered to who asks for a namespace that nobody looks after: it is not watched, or it may not be seen. Null where
    /// somebody does.
    /// </summary>
    public string? Unserved(string ns)
    {
        if (!Watches(ns))
        {
            return $"SchemaGate does not look after namespace {ns}: nothing would hold a rollout here. "
                + "Add the namespace to the operator's --watch-namespace and give it the rights there.";
        }

        return Refused(ns) is { } refusal
            ? $"SchemaGate cannot look after namespace {ns}, so nothing gated may begin here: {refusal}. "
                + "Give the operator the rights there (config/namespaced), or mend its --watch-namespace."
            : null;
    }

    /// <summary>
    /// Why nothing is known of a namespace (null: of one of them); null where something is, and while nothing was answered.
    /// </summary>
    public string? Refused(string? ns) =>
        gates.Refused(ns) ?? Deployments.Refused(ns) ?? Sets.Refused(ns) ?? jobs.Refused(ns) ?? heldPods.Refused(ns);

    /// <summary>Every gate there is or that a workload names; a namespace's where <paramref name="ns"/> is not null.</summary>
    public IReadOnlySet<ObjectKey> Keys(string? ns = null) => gates.List(ns).Select(ObjectKey.Of)
        .Concat(Deployments.List(ns)
            .SelectMany(deployment => WorkloadReader.Gates(deployment.Template.Requires)
                .Select(name => new ObjectKey(deployment.Metadata.NamespaceProperty ?? "", name))))
        .Concat(Sets.List(ns)
            .SelectMany(set => WorkloadReader.Gates(set.Template.Requires)
                .Select(name => new ObjectKey(set.Metadata.NamespaceProperty ?? "", name))))
        .Concat(heldPods.List(ns)
            .SelectMany(pod => WorkloadReader.Gates(pod.Requires)
                .Select(name => new ObjectKey(pod.Metadata.NamespaceProperty ?? "", name))))
        .ToHashSet();

    /// <summary>Null for a gate that does not exist (yet, or any more).</summary>
    public SchemaGateResource? Gate(ObjectKey key) =>
        gates.Get(key.Namespace, key.Name) is { Metadata.DeletionTimestamp: null } gate ? gate : null;

    /// <summary>One that cannot be read, too, as what it is to holds.</summary>
    public GateView? View(string ns, string name) => Gate(new(ns, name)) is { } gate
        ? StatusMapping.Standing(gate).View with { Released = StatusMapping.Released(gate) }
        : Unread.Gate(new(ns, name));

    /// <summary>Every gate that can be read.</summary>
    public IEnumerable<SchemaGateResource> Gates => gates.List(null).Where(gate => gate.Metadata.DeletionTimestamp is null);

    /// <summary>Every pod that waits.</summary>
    public IEnumerable<Pod> WaitingPods => heldPods.List(null).Where(pod => pod.Metadata.DeletionTimestamp is null);

    /// <summary>How well the cluster is followed, by type.</summary>
    public IEnumerable<InformerHealth> Health =>
        [gates.Health, jobs.Health, heldPods.Health, .. Deployments.Health, .. Sets.Health];

    /// <summary>The workloads that name a gate, from the caches.</summary>
    public IReadOnlyList<GatedWorkload> Workloads(ObjectKey gate) =>
    [
        .. Deployments.List(gate.Namespace)
            .Where(deployment => deployment.Metadata.DeletionTimestamp is null && Asks(deployment.Template, gate))
            .Select(Deployments.Of),
        .. Sets.List(gate.Namespace)
            .Where(set => set.Metadata.DeletionTimestamp is null && Asks(set.Template, gate))
            .Select(Sets.Of),
    ];

    /// <summary>The pods that name a gate and wait.</summary>
    public IReadOnlyList<Pod> HeldPods(ObjectKey gate) =>
        [.. heldPods.List(gate.Namespace).Where(pod => pod.Metadata.DeletionTimestamp is null
            && WorkloadReader.Gates(pod.Requires).Contains(gate.Name, StringComparer.Ordinal))];

    public V1Job? FindJob(ObjectKey key) => jobs.Get(key.Namespace, key.Name);

    /// <summary>The Jobs that run, or ran, a gate's migrations. A gate made anew does not own the old one's.</summary>
    public IEnumerable<V1Job> Jobs(SchemaGateResource gate) =>
        jobs.List(gate.Metadata.NamespaceProperty).Where(job => job.Metadata.OwnerReferences.Any(owner => owner.Uid == gate.Metadata.Uid));

    /// <summary>
    /// The status that the operator wrote itself is no news:
    /// only a new generation or incarnation is, or what a person asks for.
    /// </summary>
    private void TellGate(InformerChange<SchemaGateResource> change)
    {
        bool isAsked = Asked.Any(
            name => change.Old?.Metadata.Annotations.Find(name) != change.New?.Metadata.Annotations.Find(name))
            || AskedMapping.IsNew(change.Old, change.New);
        if (change.Old?.Metadata.Generation != change.New?.Metadata.Generation || change.Old?.Metadata.Uid != change.New?.Metadata.Uid
            || isAsked)
        {
            Respecified?.Invoke(ObjectKey.Of(change.Latest));
            Changed?.Invoke(ObjectKey.Of(change.Latest));
        }
    }

    private void Close(UnreadObject unread)
    {
        Unread.Add(unread);
        TellGate(unread);
    }

    private void Mend(UnreadObject unread)
    {
        Unread.Remove(unread);
        TellGate(unread);
    }

    /// <summary>Who is held for a gate is told why anew.</summary>
    private void TellGate(UnreadObject unread)
    {
        if (unread.Kind == SchemaGateResource.Resource.Kind)
        {
            Changed?.Invoke(unread.Key);
        }
    }

    private void Tell(string? ns, IEnumerable<string> names)
    {
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            Changed?.Invoke(new(ns ?? "", name));
        }
    }

    private static bool Asks(TemplateFacts template, ObjectKey gate) =>
        WorkloadReader.Gates(template.Requires).Contains(gate.Name, StringComparer.Ordinal);
}
