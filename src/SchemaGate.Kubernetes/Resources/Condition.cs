using System.Text.Json.Serialization;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>metav1.Condition. <see cref="Status"/> is "True", "False" or "Unknown".</summary>
public sealed record Condition
{
    public required string Type { get; init; }

    public required string Status { get; init; }

    public long? ObservedGeneration { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}
