using System.Globalization;
using System.Text.Json;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.GoBack;

/// <summary>Reads what the cluster keeps of a workload's revisions.</summary>
internal sealed class PastRevisions(KubernetesClient client, string ns)
{
    /// <summary>Argo's, on Rollouts and on their ReplicaSets.</summary>
    private const string RolloutRevision = "rollout.argoproj.io/revision";

    /// <summary>Whole: no model keeps the containers.</summary>
    private static readonly ResourceType<RawObject> s_replicaSets = RawObject.Whole(ReplicaSet.Resource);

    private static readonly ResourceType<RawObject> s_revisions = RawObject.Whole(ControllerRevision.Resource);

    /// <returns>Null where there is no such workload.</returns>
    /// <exception cref="UsageException">It is of a kind that has no revisions of its own.</exception>
    public Task<WorkloadPast?> ReadAsync(ObjectArgument target, CancellationToken cancellation) => target.Kind switch
    {
        NamedKind.Deployment => OfDeploymentAsync(Deployment.Resource, target.Name, cancellation),
        NamedKind.Rollout => OfDeploymentAsync(Deployment.Rollouts, target.Name, cancellation),
        NamedKind.StatefulSet => OfSetAsync(PodSet.StatefulSets, target.Name, cancellation),
        NamedKind.DaemonSet => OfSetAsync(PodSet.DaemonSets, target.Name, cancellation),
        _ => throw new UsageException("--to asks about what can be rolled back: a Deployment (deployment/shop), an Argo Rollout "
            + "(rollout/shop), a StatefulSet (sts/db) or a DaemonSet (ds/agent)."),
    };

    private async Task<WorkloadPast?> OfDeploymentAsync(ResourceType<Deployment> type, string name, CancellationToken cancellation)
    {
        if (await client.FindAsync(type, ns, name, cancellation) is not { } deployment)
        {
            return null;
        }

        IReadOnlyList<PastRevision> revisions = await ListAsync(
            s_replicaSets, deployment.Selector, deployment.Metadata.Uid, OfReplicaSet, cancellation);
        return new(
            deployment.Word, deployment.Template.Requires, IsGated(deployment.Metadata), revisions,
            revision => revision.Number is not { } number ? null
                : WayBackTo(deployment, number.ToString(CultureInfo.InvariantCulture)));
    }

    private string? WayBackTo(Deployment deployment, string revision)
    {
        string name = deployment.Metadata.Name!;
        return deployment switch
        {
            { IsRollout: true } => WayBack.OfRollout(ns, name, revision),
            { Paused: true } => $"{WayBack.Of(ns, name, isPaused: true, revision)} --to-revision {revision}",
            _ => WayBack.Of(ns, name, isPaused: false, revision),
        };
    }

    private async Task<WorkloadPast?> OfSetAsync(ResourceType<PodSet> type, string name, CancellationToken cancellation)
    {
        if (await client.FindAsync(type, ns, name, cancellation) is not { } set)
        {
            return null;
        }

        IReadOnlyList<PastRevision> revisions = await ListAsync(
            s_revisions, set.Selector, set.Metadata.Uid, OfControllerRevision, cancellation);
        return new(
            set.Word, set.Template.Requires, IsGated(set.Metadata), revisions,
            revision => WayBack.Of(ns, set.Word, (int?)revision.Number));
    }

    private async Task<IReadOnlyList<PastRevision>> ListAsync(
        ResourceType<RawObject> type, V1LabelSelector? selector, string owner, Func<RawObject, PastRevision> read,
        CancellationToken cancellation)
    {
        ResourceList<RawObject> list = await client.ListAllAsync(type, ns, new() { LabelSelector = selector.ToQuery() }, cancellation);
        return [.. list.Items
            .Where(item => item.Metadata.OwnerReferences.Any(one => one.Uid == owner && (one.Controller ?? false)))
            .Select(read).OrderByDescending(revision => revision.Number).ThenByDescending(revision => revision.Made)];
    }

    private static PastRevision OfReplicaSet(RawObject raw)
    {
        ReplicaSet set = ReplicaSet.Resource.Read(raw.Content);
        long? number = long.TryParse(
            set.Metadata.Annotations.Find(RolloutRevision), NumberStyles.None, CultureInfo.InvariantCulture, out long counted)
            ? counted : set.Revision;
        return new(
            number, set.Metadata.Name!, set.Template.Requires, Images(raw.Content.Member("spec").Member("template")),
            Made(set.Metadata), set.Runs);
    }

    private static PastRevision OfControllerRevision(RawObject raw)
    {
        ControllerRevision revision = ControllerRevision.Resource.Read(raw.Content);
        return new(
            revision.Number, revision.Metadata.Name!, revision.Template.Requires,
            Images(raw.Content.Member("data").Member("spec").Member("template")), Made(revision.Metadata));
    }

    private static IReadOnlyList<string> Images(JsonElement template) =>
        template.Member("spec").Member("containers") is { ValueKind: JsonValueKind.Array } containers
            ? [.. containers.EnumerateArray().Select(container => container.Text("image")).OfType<string>()]
            : [];

    private static DateTimeOffset? Made(V1ObjectMeta metadata) =>
        metadata.CreationTimestamp is { } made ? new DateTimeOffset(made.ToUniversalTime()) : null;

    private static bool IsGated(V1ObjectMeta metadata) => metadata.Labels.Find(Names.Gated) == "true";
}
