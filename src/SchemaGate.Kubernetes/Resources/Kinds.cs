using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>Where the API serves the package's models; the package's own attributes can only be read by reflection.</summary>
public static class Kinds
{
    public static ResourceType<V1Secret> Secret { get; } = Whole("", "v1", "Secret", "secrets", ModelContext.Default.V1Secret) with
    {
        Read = json =>
        {
            V1Secret secret = ModelJson.Read(json, ModelContext.Default.V1Secret);
            secret.Data ??= ImmutableDictionary<string, byte[]>.Empty;
            return secret;
        },
    };

    /// <summary>A Pod without its spec.</summary>
    public static ResourceType<V1Pod> Pod { get; } = Observed(
        "", "v1", "Pod", "pods", ModelContext.Default.V1PodStatus,
        (metadata, status) => new V1Pod { Metadata = metadata, Status = status });

    /// <summary>A Job without its spec.</summary>
    public static ResourceType<V1Job> Job { get; } = Observed(
        "batch", "v1", "Job", "jobs", ModelContext.Default.V1JobStatus,
        (metadata, status) => new V1Job { Metadata = metadata, Status = status });

    public static ResourceType<V1Lease> Lease { get; } = Whole(
        "coordination.k8s.io", "v1", "Lease", "leases", ModelContext.Default.V1Lease);

    public static ResourceType<Eventsv1Event> Event { get; } = Whole(
        "events.k8s.io", "v1", "Event", "events", ModelContext.Default.Eventsv1Event);

    public static ResourceType<V1SubjectAccessReview> SubjectAccessReview { get; } = Whole(
        "authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", ModelContext.Default.V1SubjectAccessReview,
        namespaced: false);

    public static ResourceType<V1TokenReview> TokenReview { get; } = Whole(
        "authentication.k8s.io", "v1", "TokenReview", "tokenreviews", ModelContext.Default.V1TokenReview, namespaced: false);

    private static ResourceType<T> Whole<T>(
        string group, string version, string kind, string plural, JsonTypeInfo<T> type, bool namespaced = true)
        where T : class, IMetadata<V1ObjectMeta> => new(
            group, version, kind, plural, namespaced, json => ModelJson.Read(json, type), value => ModelJson.Write(value, type));

    /// <summary>
    /// What became of an object, not what it was asked to be: no decision needs that, and a quantity or a field in it that the model
    /// cannot read would keep all objects from being followed.
    /// </summary>
    private static ResourceType<T> Observed<T, TStatus>(
        string group, string version, string kind, string plural, JsonTypeInfo<TStatus> type, Func<V1ObjectMeta, TStatus?, T> of)
        where T : class, IMetadata<V1ObjectMeta>
        where TStatus : class => new(
            group, version, kind, plural, Namespaced: true,
            json => of(
                RawObject.MetadataOf(json),
                json.TryGetProperty("status", out JsonElement status) && status.ValueKind != JsonValueKind.Null
                    ? ModelJson.Value(status, type)
                    : null),
            _ => throw new NotSupportedException($"a {kind} is created from a manifest: this is only a part of it"));
}
