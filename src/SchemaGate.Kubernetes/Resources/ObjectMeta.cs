using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>metav1.ObjectMeta. Collections are never null.</summary>
public sealed record ObjectMeta
{
    public string? Name { get; init; }

    /// <summary>On create, in place of a name: the server appends five random characters.</summary>
    public string? GenerateName { get; init; }

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    /// <summary>Opaque; compare for equality only.</summary>
    public string? ResourceVersion { get; init; }

    public long? Generation { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? CreationTimestamp { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? DeletionTimestamp { get; init; }

    // Generated deserialisers pass null for an init property that is absent, whatever its initialiser says.
    public IReadOnlyDictionary<string, string> Labels
    {
        get;
        init => field = value ?? ImmutableDictionary<string, string>.Empty;
    } = ImmutableDictionary<string, string>.Empty;

    public IReadOnlyDictionary<string, string> Annotations
    {
        get;
        init => field = value ?? ImmutableDictionary<string, string>.Empty;
    } = ImmutableDictionary<string, string>.Empty;

    public IReadOnlyList<OwnerReference> OwnerReferences { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Finalizers { get; init => field = value ?? []; } = [];
}

/// <summary>metav1.OwnerReference.</summary>
public sealed record OwnerReference
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public bool? Controller { get; init; }

    public bool? BlockOwnerDeletion { get; init; }
}
