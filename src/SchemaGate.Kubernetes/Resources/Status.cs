namespace SchemaGate.Kubernetes.Resources;

/// <summary>metav1.Status: how the server says no.</summary>
internal sealed record Status
{
    public string? Kind { get; init; }

    public string? Message { get; init; }

    public string? Reason { get; init; }

    public int? Code { get; init; }

    public StatusDetails? Details { get; init; }
}

internal sealed record StatusDetails
{
    public int? RetryAfterSeconds { get; init; }

    public IReadOnlyList<StatusCause> Causes { get; init => field = value ?? []; } = [];
}

/// <summary>One of several things that are wrong.</summary>
internal sealed record StatusCause
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>"spec.ports[0].name"; empty where it is about the whole.</summary>
    public string? Field { get; init; }
}
