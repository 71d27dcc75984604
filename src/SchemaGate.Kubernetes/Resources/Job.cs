using System.Text.Json.Serialization;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>batch/v1 Job, in part. It is created from its manifest: this record only reads.</summary>
public sealed record Job : IKubernetesObject
{
    public static ResourceType<Job> Resource { get; } = new("batch", "v1", "Job", "jobs", Namespaced: true,
        ResourceJson.Default.Job, ResourceJson.Default.ResourceListJob);

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public JobStatus Status { get; init => field = value ?? new(); } = new();

    /// <summary>The condition with which it ended, Complete or Failed; null while it has not.</summary>
    [JsonIgnore]
    public Condition? End => Status.Conditions.FirstOrDefault(condition => condition is { Type: "Complete" or "Failed", Status: "True" });

    /// <summary>
    /// The condition with which it is bound to fail, FailureTarget, or null. From Kubernetes 1.31 on, Failed itself comes only once every
    /// pod has ended (Kubernetes documentation, Jobs, "Terminal Job conditions").
    /// </summary>
    [JsonIgnore]
    public Condition? Failing => Status.Conditions.FirstOrDefault(condition => condition is { Type: "FailureTarget", Status: "True" });
}

public sealed record JobStatus
{
    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];
}
