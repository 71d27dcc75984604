using System.Collections.Immutable;
using System.Text.Json;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>Where the API serves the package's models; the package's own attributes can only be read by reflection.</summary>
public static class Kinds
{
    public static ResourceType<V1Secret> Secret { get; } = Of("", "v1", "Secret", "secrets", json =>
    {
        var secret = ModelJson.Read<V1Secret>(json);
        secret.Data ??= ImmutableDictionary<string, byte[]>.Empty;
        return secret;
    });

    public static ResourceType<V1Pod> Pod { get; } = Of("", "v1", "Pod", "pods", ModelJson.Read<V1Pod>);

    /// <summary>A Job without its spec: it is created from a manifest, and only read here.</summary>
    public static ResourceType<V1Job> Job { get; } = Of("batch", "v1", "Job", "jobs", json =>
    {
        var job = ModelJson.Read<V1Job>(json);
        job.Spec = null;
        return job;
    });

    public static ResourceType<V1Lease> Lease { get; } = Of(
        "coordination.k8s.io", "v1", "Lease", "leases", ModelJson.Read<V1Lease>);

    public static ResourceType<Eventsv1Event> Event { get; } = Of(
        "events.k8s.io", "v1", "Event", "events", ModelJson.Read<Eventsv1Event>);

    public static ResourceType<V1SubjectAccessReview> SubjectAccessReview { get; } = Of(
        "authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", ModelJson.Read<V1SubjectAccessReview>,
        namespaced: false);

    public static ResourceType<V1TokenReview> TokenReview { get; } = Of(
        "authentication.k8s.io", "v1", "TokenReview", "tokenreviews", ModelJson.Read<V1TokenReview>, namespaced: false);

    private static ResourceType<T> Of<T>(
        string group, string version, string kind, string plural, Func<JsonElement, T> read, bool namespaced = true)
        where T : class, IMetadata<V1ObjectMeta> =>
        new(group, version, kind, plural, namespaced, read, ModelJson.Write);
}
