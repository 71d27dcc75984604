namespace SchemaGate.Kubernetes.Resources;

/// <summary>v1 Pod, in part: what became of it.</summary>
public sealed record Pod : IKubernetesObject
{
    public static ResourceType<Pod> Resource { get; } = new("", "v1", "Pod", "pods", Namespaced: true,
        ResourceJson.Default.Pod, ResourceJson.Default.ResourceListPod);

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public PodSpec Spec { get; init => field = value ?? new(); } = new();

    public PodStatus Status { get; init => field = value ?? new(); } = new();
}

public sealed record PodSpec
{
    public IReadOnlyList<Container> Containers { get; init => field = value ?? []; } = [];
}

public sealed record Container
{
    public string? Name { get; init; }

    public string? Image { get; init; }
}

public sealed record PodStatus
{
    /// <summary>Pending, Running, Succeeded, Failed or Unknown.</summary>
    public string? Phase { get; init; }

    /// <summary>Why the whole pod failed, such as Evicted.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];

    public IReadOnlyList<ContainerStatus> ContainerStatuses { get; init => field = value ?? []; } = [];
}

public sealed record ContainerStatus
{
    public string? Name { get; init; }

    public ContainerState State { get; init => field = value ?? new(); } = new();
}

/// <summary>One of its members is there.</summary>
public sealed record ContainerState
{
    public ContainerStateWaiting? Waiting { get; init; }

    public ContainerStateTerminated? Terminated { get; init; }
}

public sealed record ContainerStateWaiting
{
    /// <summary>Such as ContainerCreating or ImagePullBackOff.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }
}

public sealed record ContainerStateTerminated
{
    public int? ExitCode { get; init; }

    /// <summary>Such as Completed, Error or OOMKilled.</summary>
    public string? Reason { get; init; }

    /// <summary>What the container wrote into its termination message.</summary>
    public string? Message { get; init; }
}
