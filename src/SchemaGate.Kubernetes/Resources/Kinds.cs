using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>Where the API serves the package's models; the package's own attributes can only be read by reflection.</summary>
public static class Kinds
{
    public static ResourceType<V1Secret> Secret { get; } = Of(
        "", "v1", "Secret", "secrets", ModelContext.Default.V1Secret,
        secret => secret.Data ??= ImmutableDictionary<string, byte[]>.Empty);

    public static ResourceType<V1Pod> Pod { get; } = Of("", "v1", "Pod", "pods", ModelContext.Default.V1Pod);

    /// <summary>A Job without its spec: it is created from a manifest, and only read here.</summary>
    public static ResourceType<V1Job> Job { get; } = Of(
        "batch", "v1", "Job", "jobs", ModelContext.Default.V1Job, job => job.Spec = null);

    public static ResourceType<V1Lease> Lease { get; } = Of(
        "coordination.k8s.io", "v1", "Lease", "leases", ModelContext.Default.V1Lease);

    public static ResourceType<Eventsv1Event> Event { get; } = Of(
        "events.k8s.io", "v1", "Event", "events", ModelContext.Default.Eventsv1Event);

    public static ResourceType<V1SubjectAccessReview> SubjectAccessReview { get; } = Of(
        "authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", ModelContext.Default.V1SubjectAccessReview,
        namespaced: false);

    public static ResourceType<V1TokenReview> TokenReview { get; } = Of(
        "authentication.k8s.io", "v1", "TokenReview", "tokenreviews", ModelContext.Default.V1TokenReview, namespaced: false);

    private static ResourceType<T> Of<T>(
        string group, string version, string kind, string plural, JsonTypeInfo<T> type, Action<T>? reduce = null, bool namespaced = true)
        where T : class, IMetadata<V1ObjectMeta>
    {
        return new(group, version, kind, plural, namespaced, Read, value => ModelJson.Write(value, type));

        T Read(JsonElement json)
        {
            T value = ModelJson.Read(json, type);
            reduce?.Invoke(value);
            return value;
        }
    }
}
