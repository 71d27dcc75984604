using System.Text.Json;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>apps/v1 Deployment, in part. Change one by a patch: writing this record back would drop what it does not name.</summary>
public sealed record Deployment : IKubernetesObject
{
    public static ResourceType<Deployment> Resource { get; } = new("apps", "v1", "Deployment", "deployments", Namespaced: true,
        ResourceJson.Default.Deployment, ResourceJson.Default.ResourceListDeployment);

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public DeploymentSpec Spec { get; init => field = value ?? new(); } = new();

    public DeploymentStatus? Status { get; init; }
}

public sealed record DeploymentSpec
{
    public int? Replicas { get; init; }

    public bool? Paused { get; init; }

    public LabelSelector? Selector { get; init; }

    public int? RevisionHistoryLimit { get; init; }

    /// <summary>The PodTemplateSpec, untouched.</summary>
    public JsonElement? Template { get; init; }
}

public sealed record DeploymentStatus
{
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? UpdatedReplicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }

    public int? UnavailableReplicas { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];
}
