using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Running;

namespace SchemaGate.Operator;

/// <summary>A workload that names a gate, with its revisions, and how it is written.</summary>
internal abstract record GatedWorkload(Workload Workload, IReadOnlyList<Revision> Revisions)
{
    public abstract V1ObjectMeta Metadata { get; }

    /// <summary>Whether a revision may run of which the caches cannot tell.</summary>
    public virtual bool IsUnsure => false;

    /// <summary>Those of its revisions that run, were made while nobody was asked, and were not judged since.</summary>
    public IEnumerable<Revision> Unasked => Revisions.Where(revision => revision is { Unasked: true, Active: true, Record: null });

    /// <summary>As kubectl names it: <c>deployment/shop</c>.</summary>
    public abstract string Word { get; }

    public abstract TemplateFacts Template { get; }

    /// <summary>Whether it is to have pods.</summary>
    public abstract bool Wants { get; }

    /// <summary>What events regard.</summary>
    public abstract V1ObjectReference Reference { get; }

    /// <summary>The command that goes back to what runs; null where there is none.</summary>
    public abstract string? WayBack(Pause pause);

    /// <summary>Its revisions as the API server has them now.</summary>
    public abstract Task<GatedWorkload> ReadAsync(ClusterView view, CancellationToken cancellation);

    /// <summary>Empty where it is as it is to be.</summary>
    public abstract JsonPatch Patch(WorkloadPatch patches, Pause pause, RevisionRecord? record);

    /// <returns>Its metadata as it was stored.</returns>
    public abstract Task<V1ObjectMeta> WriteAsync(KubernetesClient client, JsonPatch patch, CancellationToken cancellation);

    /// <summary>Writes the record of one of its revisions.</summary>
    public abstract Task MarkAsync(
        KubernetesClient client, WorkloadPatch patches, WorkloadAction.Mark mark, CancellationToken cancellation);

    /// <summary>Gives a revision without pods the workload's replicas. What has another way back is asked for none.</summary>
    public virtual Task ReviveAsync(KubernetesClient client, WorkloadAction.Revive revive, CancellationToken cancellation) =>
        Task.CompletedTask;

    /// <summary>A set's revisions by which its controller makes pods; what makes a Deployment's are its ReplicaSets.</summary>
    public virtual IEnumerable<CodeMaker> Makers => [];

    protected static Task MarkAsync<T>(
        KubernetesClient client, ResourceType<T> type, IEnumerable<T> revisions, WorkloadPatch patches, WorkloadAction.Mark mark,
        CancellationToken cancellation)
        where T : class, IMetadata<V1ObjectMeta>
    {
        V1ObjectMeta metadata = revisions.First(revision => revision.Metadata.Name == mark.Revision).Metadata;
        JsonPatch patch = WorkloadPatch.Guarded(patches.Of(metadata, mark.Record), metadata);
        return client.PatchAsync(type, metadata.NamespaceProperty, mark.Revision, patch, null, cancellation);
    }
}

/// <summary>A Deployment, or a Rollout, with its ReplicaSets.</summary>
internal sealed record GatedDeployment(
    Deployment Deployment, IReadOnlyList<ReplicaSet> ReplicaSets, Workload Workload, IReadOnlyList<Revision> Revisions)
    : GatedWorkload(Workload, Revisions)
{
    public override V1ObjectMeta Metadata => Deployment.Metadata;

    public override string Word => Deployment.Word;

    public override TemplateFacts Template => Deployment.Template;

    public override bool Wants => Deployment.Wanted > 0;

    /// <summary>An older one whose pods are asked about has no record: it ran before SchemaGate was there, or its pods wait.</summary>
    public override bool IsUnsure => ReplicaSets.Zip(Revisions).Any(
        pair => pair.First.Runs && !pair.Second.Active && pair.Second.Template != Workload.Template);

    public override V1ObjectReference Reference => Deployment.Type.ReferenceTo(Deployment);

    public static GatedDeployment Of(Deployment deployment, IReadOnlyList<ReplicaSet> replicaSets, WorkloadReader reader) =>
        new(deployment, replicaSets, reader.Read(deployment), [.. replicaSets.Select(replicaSet => reader.Read(replicaSet))]);

    public override string? WayBack(Pause pause) => Deployment.WayBack(pause.Paused);

    public override async Task<GatedWorkload> ReadAsync(ClusterView view, CancellationToken cancellation) =>
        await view.Deployments.ReadAsync(Deployment, cancellation);

    public override JsonPatch Patch(WorkloadPatch patches, Pause pause, RevisionRecord? record) => patches.Of(Deployment, pause, record);

    public override async Task<V1ObjectMeta> WriteAsync(KubernetesClient client, JsonPatch patch, CancellationToken cancellation) =>
        (await client.PatchAsync(Deployment.Type, Metadata.NamespaceProperty, Metadata.Name!, patch, null, cancellation)).Metadata;

    public override Task MarkAsync(
        KubernetesClient client, WorkloadPatch patches, WorkloadAction.Mark mark, CancellationToken cancellation) =>
        MarkAsync(client, ReplicaSet.Resource, ReplicaSets, patches, mark, cancellation);

    public override Task ReviveAsync(KubernetesClient client, WorkloadAction.Revive revive, CancellationToken cancellation)
    {
        V1ObjectMeta metadata = ReplicaSets.First(replicaSet => replicaSet.Metadata.Name == revive.Revision).Metadata;
        return client.PatchAsync(
            ReplicaSet.Resource, metadata.NamespaceProperty, revive.Revision, WorkloadPatch.Reviving(metadata, Workload.Wanted), null,
            cancellation);
    }
}

/// <summary>A StatefulSet or a DaemonSet with its ControllerRevisions.</summary>
internal sealed record GatedPodSet(
    PodSet Set, IReadOnlyList<ControllerRevision> History, Workload Workload, IReadOnlyList<Revision> Revisions)
    : GatedWorkload(Workload, Revisions)
{
    public override V1ObjectMeta Metadata => Set.Metadata;

    public override string Word => Set.Word;

    public override TemplateFacts Template => Set.Template;

    public override bool Wants => Set.Wants;

    /// <summary>
    /// An older revision that nobody has noted has pods: it ran before SchemaGate was there, and its successor came before the first look;
    /// or its pods wait.
    /// </summary>
    public override bool IsUnsure => Revisions.Any(revision => revision is { Record: null, Requires: not null }
        && revision.Template != Workload.Template && Set.Progress.PodsOf(revision.Name) > 0);

    public override V1ObjectReference Reference => Set.Type.ReferenceTo(Set);

    /// <summary>Also the one that its status calls current and nobody knows: it is of before the set was gated.</summary>
    public override IEnumerable<CodeMaker> Makers
    {
        get
        {
            string? current = Set.Progress.Current;
            IEnumerable<CodeMaker> known = History.Zip(Revisions, (history, revision) =>
                new CodeMaker(Word, Word, history.HashIn(Set), revision.Requires)
                {
                    Workload = this,
                    ApplicationName = history.Template.ApplicationName,
                    Wants = Set.Wants && (revision.Active || (Set.MakesCurrent && revision.Name == current)),
                });
            return current is null || Revisions.Any(revision => revision.Name == current)
                ? known
                : known.Append(new(Word, Word, current, Requires: null) { Workload = this, Wants = Set.Wants && Set.MakesCurrent });
        }
    }

    public override string? WayBack(Pause pause) => Core.Gates.Wording.WayBack.Of(
        Metadata.NamespaceProperty ?? "", Word,
        History.Zip(Revisions).Where(pair => pair.Second.Active && pair.Second.Template != Workload.Template)
            .Max(pair => (int?)pair.First.Number));

    public override async Task<GatedWorkload> ReadAsync(ClusterView view, CancellationToken cancellation) =>
        await view.Sets.ReadAsync(Set, cancellation);

    public override JsonPatch Patch(WorkloadPatch patches, Pause pause, RevisionRecord? record) => patches.Of(Set, pause, record);

    public override async Task<V1ObjectMeta> WriteAsync(KubernetesClient client, JsonPatch patch, CancellationToken cancellation) =>
        (await client.PatchAsync(Set.Type, Metadata.NamespaceProperty, Metadata.Name!, patch, null, cancellation)).Metadata;

    public override Task MarkAsync(
        KubernetesClient client, WorkloadPatch patches, WorkloadAction.Mark mark, CancellationToken cancellation) =>
        MarkAsync(client, ControllerRevision.Resource, History, patches, mark, cancellation);
}
