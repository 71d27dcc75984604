namespace SchemaGate.Kubernetes.Resources;

/// <summary>One page of a list, or all of it.</summary>
public sealed record ResourceList<T>
{
    public ListMeta Metadata { get; init => field = value ?? new(); } = new();

    public IReadOnlyList<T> Items { get; init => field = value ?? []; } = [];
}

/// <summary>metav1.ListMeta.</summary>
public sealed record ListMeta
{
    /// <summary>Where a watch that misses nothing starts.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Asks for the next page; null or empty on the last one.</summary>
    public string? Continue { get; init; }
}
