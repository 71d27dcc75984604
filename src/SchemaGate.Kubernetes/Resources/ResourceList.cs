using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>One page of a list, or all of it.</summary>
public sealed record ResourceList<T>
{
    /// <summary>Where a watch that misses nothing starts, and what asks for the next page.</summary>
    public required V1ListMeta Metadata { get; init; }

    public required IReadOnlyList<T> Items { get; init; }
}
