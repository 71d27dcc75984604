using System.Collections.Immutable;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>core/v1 Secret.</summary>
public sealed record Secret : IKubernetesObject
{
    public static ResourceType<Secret> Resource { get; } = new("", "v1", "Secret", "secrets", Namespaced: true,
        ResourceJson.Default.Secret, ResourceJson.Default.ResourceListSecret);

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>"Opaque", "kubernetes.io/dockerconfigjson", …; fixed at creation.</summary>
    public string? Type { get; init; }

    /// <summary>The decoded values.</summary>
    public IReadOnlyDictionary<string, byte[]> Data
    {
        get;
        init => field = value ?? ImmutableDictionary<string, byte[]>.Empty;
    } = ImmutableDictionary<string, byte[]>.Empty;
}
