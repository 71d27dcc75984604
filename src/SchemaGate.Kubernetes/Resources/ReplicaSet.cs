using System.Text.Json;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>apps/v1 ReplicaSet: one revision of a Deployment. Change one by a patch.</summary>
public sealed record ReplicaSet : IKubernetesObject
{
    public static ResourceType<ReplicaSet> Resource { get; } = new("apps", "v1", "ReplicaSet", "replicasets", Namespaced: true,
        ResourceJson.Default.ReplicaSet, ResourceJson.Default.ResourceListReplicaSet);

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public ReplicaSetSpec Spec { get; init => field = value ?? new(); } = new();

    public ReplicaSetStatus? Status { get; init; }
}

public sealed record ReplicaSetSpec
{
    public int? Replicas { get; init; }

    public LabelSelector? Selector { get; init; }

    /// <summary>The PodTemplateSpec, untouched.</summary>
    public JsonElement? Template { get; init; }
}

public sealed record ReplicaSetStatus
{
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }
}
