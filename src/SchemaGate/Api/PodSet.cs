using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>What decisions need of a StatefulSet or a DaemonSet, whose revisions are ControllerRevisions.</summary>
internal sealed record PodSet : IMetadata<V1ObjectMeta>
{
    public static ResourceType<PodSet> StatefulSets { get; } = TypeOf("StatefulSet", "statefulsets");

    public static ResourceType<PodSet> DaemonSets { get; } = TypeOf("DaemonSet", "daemonsets");

    public required ResourceType<PodSet> Type { get; init; }

    public required V1ObjectMeta Metadata { get; set; }

    public required TemplateFacts Template { get; init; }

    public V1LabelSelector? Selector { get; init; }

    /// <summary>Only a StatefulSet's rolling update has a partition.</summary>
    public Brake Brake { get; init; }

    /// <summary>The partition of the rolling update; null where none is written.</summary>
    public int? Partition { get; init; }

    public RollingUpdate Written { get; init; }

    public required SetProgress Progress { get; init; }

    /// <summary>
    /// Below which ordinal pods are made of the current revision; null where all are of the newest. Without a rolling update's object,
    /// which older servers do not add, as many as there are of it (Kubernetes: newVersionedStatefulSetPod).
    /// </summary>
    public int? CurrentBelow => (Brake, Written, Partition) switch
    {
        (Brake.Partition, RollingUpdate.Absent, _) => Start + Progress.CurrentReplicas,
        (_, _, { } partition) => (int)Math.Min(int.MaxValue, (long)Start + partition),
        _ => null,
    };

    /// <summary>The first ordinal (<c>spec.ordinals.start</c>).</summary>
    private int Start { get; init; }

    /// <summary>On how many nodes a DaemonSet has a pod.</summary>
    public int Scheduled { get; init; }

    /// <summary>Whether any pod is made of the current revision.</summary>
    public bool MakesCurrent => CurrentBelow > Start;

    /// <summary>Whether it is to have any pod.</summary>
    public bool Wants { get; init; }

    /// <summary>As kubectl names it: <c>statefulset/db</c>.</summary>
    public string Word => $"{Type.Kind.ToLowerInvariant()}/{Metadata.Name}";

    /// <returns>Null where a pod's owner is no such set, or does not control it.</returns>
    public static ResourceType<PodSet>? TypeOf(V1OwnerReference owner) => owner switch
    {
        { Controller: true, ApiVersion: "apps/v1", Kind: "StatefulSet" } => StatefulSets,
        { Controller: true, ApiVersion: "apps/v1", Kind: "DaemonSet" } => DaemonSets,
        _ => null,
    };

    /// <summary>Writes a partition exactly as its owner wrote it: null where nothing was written, or there is no rolling update.</summary>
    public JsonPatch Parted(int? partition)
    {
        const string Rolling = "/spec/updateStrategy/rollingUpdate";
        return (partition, Written) switch
        {
            _ when partition == Partition => JsonPatch.Empty,
            (null, RollingUpdate.Partition) => JsonPatch.Empty.Remove(Rolling),
            (null, _) => JsonPatch.Empty.Remove($"{Rolling}/partition"),
            (_, RollingUpdate.Absent) => JsonPatch.Empty.Add(Rolling, new JsonObject { ["partition"] = partition }),
            _ => JsonPatch.Empty.Add($"{Rolling}/partition", partition),
        };
    }

    private static ResourceType<PodSet> TypeOf(string kind, string plural)
    {
        ResourceType<PodSet> type = null!;
        return type = new(
            "apps", "v1", kind, plural, Namespaced: true, json => Read(json, type),
            _ => throw new NotSupportedException($"a {kind} is changed by a patch: this is only a part of it"));
    }

    private static PodSet Read(JsonElement json, ResourceType<PodSet> type)
    {
        JsonElement spec = json.Member("spec");
        JsonElement status = json.Member("status");
        JsonElement strategy = spec.Member("updateStrategy");
        JsonElement rolling = strategy.Member("rollingUpdate");
        JsonElement selector = spec.Member("selector");
        return new()
        {
            Type = type,
            Metadata = RawMetadata.Of(json),
            Template = TemplateFacts.Of(spec.Member("template")),
            Selector = selector.ValueKind == JsonValueKind.Object
                ? ModelJson.Value(selector, ModelContext.Default.V1LabelSelector)
                : null,
            Brake = type.Kind == "StatefulSet" && strategy.Text("type") is null or "RollingUpdate" ? Brake.Partition : Brake.Refusal,
            Partition = rolling.Member("partition") is { ValueKind: JsonValueKind.Number } partition ? partition.Number() : null,
            Written = RollingUpdateOf(rolling),
            Start = spec.Member("ordinals").Member("start").Number(),
            Progress = new(
                status.Text("currentRevision"), status.Text("updateRevision"), status.Member("replicas").Number(),
                status.Member("currentReplicas").Number(), status.Member("updatedReplicas").Number()),
            Scheduled = status.Member("currentNumberScheduled").Number(),
            Wants = type.Kind == "DaemonSet"
                ? status.Member("desiredNumberScheduled").Number() > 0
                : spec.Member("replicas") is not { ValueKind: JsonValueKind.Number } replicas || replicas.Number() > 0,
        };
    }

    private static RollingUpdate RollingUpdateOf(JsonElement rolling) => rolling.ValueKind switch
    {
        not JsonValueKind.Object => RollingUpdate.Absent,
        _ => rolling.EnumerateObject().All(member => member.Name == "partition") ? RollingUpdate.Partition : RollingUpdate.More,
    };
}

/// <summary>What stands in <c>spec.updateStrategy.rollingUpdate</c>.</summary>
internal enum RollingUpdate
{
    Absent,

    /// <summary>Nothing but a partition.</summary>
    Partition,

    /// <summary>Other fields, too.</summary>
    More,
}
