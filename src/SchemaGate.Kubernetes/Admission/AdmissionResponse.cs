namespace SchemaGate.Kubernetes.Admission;

/// <summary>The verdict on one request; made by <see cref="AdmissionRequest"/>, which knows the uid.</summary>
public sealed record AdmissionResponse
{
    public required string Uid { get; init; }

    public required bool Allowed { get; init; }

    /// <summary>Why not.</summary>
    public AdmissionStatus? Status { get; init; }

    public string? PatchType { get; init; }

    /// <summary>A JSON patch document.</summary>
    public byte[]? Patch { get; init; }

    /// <summary>Shown by kubectl; each at most 256 characters, or the server may cut it.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>The part of metav1.Status that a caller is shown.</summary>
public sealed record AdmissionStatus
{
    public string? Message { get; init; }

    public string? Reason { get; init; }

    public int? Code { get; init; }
}
