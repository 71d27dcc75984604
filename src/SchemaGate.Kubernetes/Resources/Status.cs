namespace SchemaGate.Kubernetes.Resources;

/// <summary>metav1.Status: how the server says no.</summary>
internal sealed record Status
{
    public string? Kind { get; init; }

    public string? Message { get; init; }

    public string? Reason { get; init; }

    public int? Code { get; init; }
}
