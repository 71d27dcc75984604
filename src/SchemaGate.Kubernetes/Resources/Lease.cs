using System.Text.Json.Serialization;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>coordination.k8s.io/v1 Lease, without the members of coordinated leader election (1.31, alpha).</summary>
public sealed record Lease : IKubernetesObject
{
    public static ResourceType<Lease> Resource { get; } = new("coordination.k8s.io", "v1", "Lease", "leases", Namespaced: true,
        ResourceJson.Default.Lease, ResourceJson.Default.ResourceListLease);

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public LeaseSpec Spec { get; init => field = value ?? new(); } = new();
}

public sealed record LeaseSpec
{
    /// <summary>Null or "" where nobody holds it.</summary>
    public string? HolderIdentity { get; init; }

    /// <summary>How long others wait, from when they saw it renewed last, before they take it.</summary>
    public int? LeaseDurationSeconds { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    /// <summary>How often the holder changed.</summary>
    public int? LeaseTransitions { get; init; }
}
