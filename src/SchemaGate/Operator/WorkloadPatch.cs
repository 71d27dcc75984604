using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// The changes that SchemaGate makes to users' objects: <c>spec.paused</c> or the partition, and its own marks, as JSON patches.
/// Server-side apply is not used on them: a field that admission changes is taken for its applier's own.
/// </summary>
/// <param name="key">Seals the records that are written.</param>
internal sealed class WorkloadPatch(SealKey key)
{
    /// <summary>Empty when the Deployment is as it is to be.</summary>
    public JsonPatch Of(Deployment deployment, Pause pause, RevisionRecord? record)
    {
        JsonPatch patch = Annotations(
            JsonPatch.Empty, deployment.Metadata,
            (Names.Hold, pause.Hold?.ToJson()), (Names.Released, Sealed(deployment.Metadata, record)));
        if (pause.HistoryLimit is { } limit && limit != deployment.HistoryLimit && !deployment.IsRollout)
        {
            patch = patch.Add("/spec/revisionHistoryLimit", limit);
        }

        if (deployment.Paused == pause.Paused)
        {
            return patch;
        }

        return pause.Paused ? patch.Add("/spec/paused", true) : patch.Remove("/spec/paused");
    }

    /// <summary>Empty when the StatefulSet or DaemonSet is as it is to be. One that is parted carries the label of what is held.</summary>
    public JsonPatch Of(PodSet set, Pause pause, RevisionRecord? record)
    {
        JsonPatch patch = Annotations(
            JsonPatch.Empty, set.Metadata, (Names.Hold, pause.Hold?.ToJson()), (Names.Released, Sealed(set.Metadata, record)));
        bool isParted = pause.Hold?.Partition is not null;
        if (isParted != set.Metadata.Labels.ContainsKey(Names.Held))
        {
            string label = JsonPatch.PointerTo("metadata", "labels", Names.Held);
            patch = isParted ? patch.Add(label, "true") : patch.Remove(label);
        }

        return patch.Then(set.Parted(pause.Partition));
    }

    /// <summary>Empty when the revision is as it is to be.</summary>
    /// <param name="revision">A ReplicaSet's or a ControllerRevision's metadata.</param>
    /// <param name="record">Its record; null where it is to have none.</param>
    public JsonPatch Of(V1ObjectMeta revision, RevisionRecord? record) =>
        Annotations(JsonPatch.Empty, revision, (Names.Released, Sealed(revision, record)));

    /// <summary>Lets a pod go. Its webhook knows the seal, and does not store it.</summary>
    public JsonPatch Lifting(Pod pod)
    {
        RevisionRecord seal = new(pod.Metadata.Uid ?? "", []);
        return Guarded(pod.Lifted.Add(Pointer(Names.Released), Sealed(pod.Metadata, seal)!), pod.Metadata);
    }

    /// <summary>
    /// Gives a ReplicaSet so many replicas, and says that they are all that its Deployment wants: else that one's controller takes them for
    /// a change of the scale for ever, and never comes to its rollout (<c>isScalingEvent</c>).
    /// </summary>
    public static JsonPatch Reviving(V1ObjectMeta replicaSet, int replicas) => Guarded(
        Annotations(
            JsonPatch.Empty.Add("/spec/replicas", replicas), replicaSet,
            (ReplicaSet.DesiredAnnotation, replicas.ToString(CultureInfo.InvariantCulture))),
        replicaSet);

    /// <summary>
    /// The patch, applied only to the object as it was read. The resource version stands for every field; a test of a long text would
    /// compare its JSON byte by byte on older servers, escapes included.
    /// </summary>
    public static JsonPatch Guarded(JsonPatch patch, V1ObjectMeta metadata) =>
        JsonPatch.Empty.Test("/metadata/resourceVersion", metadata.ResourceVersion).Then(patch);

    private static JsonPatch Annotations(JsonPatch patch, V1ObjectMeta metadata, params ReadOnlySpan<(string Name, string? Value)> wanted)
    {
        bool any = metadata.Annotations.Count > 0;
        foreach ((string name, string? value) in wanted)
        {
            string? present = metadata.Annotations.Find(name);
            if (present == value)
            {
                continue;
            }

            patch = any ? patch : patch.Add("/metadata/annotations", new JsonObject());
            any = true;
            patch = value is null ? patch.Remove(Pointer(name)) : patch.Add(Pointer(name), value);
        }

        return patch;
    }

    private string? Sealed(V1ObjectMeta metadata, RevisionRecord? record) =>
        record is null ? null : key.Seal.Write(metadata.NamespaceProperty ?? "", record);

    private static string Pointer(string annotation) => JsonPatch.PointerTo("metadata", "annotations", annotation);
}
