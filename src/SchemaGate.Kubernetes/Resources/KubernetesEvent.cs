using System.Text.Json.Serialization;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>
/// events.k8s.io/v1 Event. The server requires eventTime, reportingController, reportingInstance, action, reason and type;
/// it lives in the namespace of what it regards ("default" for cluster-scoped objects).
/// </summary>
public sealed record KubernetesEvent : IKubernetesObject
{
    public static ResourceType<KubernetesEvent> Resource { get; } = new("events.k8s.io", "v1", "Event", "events", Namespaced: true,
        ResourceJson.Default.KubernetesEvent, ResourceJson.Default.ResourceListKubernetesEvent);

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>"example.com/controller".</summary>
    public string? ReportingController { get; init; }

    public string? ReportingInstance { get; init; }

    public string? Action { get; init; }

    public string? Reason { get; init; }

    public ObjectReference? Regarding { get; init; }

    public ObjectReference? Related { get; init; }

    /// <summary>At most 1024 bytes.</summary>
    public string? Note { get; init; }

    /// <summary>"Normal" or "Warning".</summary>
    public string? Type { get; init; }

    /// <summary>Set by a patch when the same event happens again.</summary>
    public EventSeries? Series { get; init; }
}

public sealed record EventSeries
{
    public int Count { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset LastObservedTime { get; init; }
}

/// <summary>core/v1 ObjectReference.</summary>
public sealed record ObjectReference
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public static ObjectReference To<T>(ResourceType<T> type, T value)
        where T : class, IKubernetesObject => new()
        {
            ApiVersion = type.ApiVersion,
            Kind = type.Kind,
            Namespace = value.Metadata.Namespace,
            Name = value.Metadata.Name,
            Uid = value.Metadata.Uid,
            ResourceVersion = value.Metadata.ResourceVersion,
        };
}
