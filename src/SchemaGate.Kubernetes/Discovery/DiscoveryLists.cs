namespace SchemaGate.Kubernetes.Discovery;

/// <summary>metav1.APIVersions: the answer of /api.</summary>
internal sealed record CoreVersions
{
    public IReadOnlyList<string> Versions { get; init => field = value ?? []; } = [];
}

/// <summary>metav1.APIGroupList: the answer of /apis.</summary>
internal sealed record GroupList
{
    public IReadOnlyList<ServedGroup> Groups { get; init => field = value ?? []; } = [];
}

internal sealed record ServedGroup
{
    public IReadOnlyList<ServedVersion> Versions { get; init => field = value ?? []; } = [];
}

internal sealed record ServedVersion
{
    /// <summary>"apps/v1".</summary>
    public required string GroupVersion { get; init; }
}

/// <summary>metav1.APIResourceList.</summary>
internal sealed record GroupResources
{
    public IReadOnlyList<NamedResource> Resources { get; init => field = value ?? []; } = [];
}

internal sealed record NamedResource
{
    public required string Name { get; init; }
}
