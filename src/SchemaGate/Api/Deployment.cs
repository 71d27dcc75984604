using System.Text.Json;
using k8s.Models;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>
/// What decisions need of a Deployment, or of Argo's Rollout, which has the same shape and makes ReplicaSets, too. Its template is never
/// kept, and never read by a model: its hash is of every member there is, and stands in clusters.
/// </summary>
internal sealed record Deployment : IMetadata<V1ObjectMeta>
{
    public static ResourceType<Deployment> Resource { get; } = TypeOf("apps", "v1", "Deployment", "deployments");

    public static ResourceType<Deployment> Rollouts { get; } = TypeOf("argoproj.io", "v1alpha1", "Rollout", "rollouts");

    public required ResourceType<Deployment> Type { get; init; }

    public required V1ObjectMeta Metadata { get; set; }

    public required TemplateFacts Template { get; init; }

    public bool Paused { get; init; }

    /// <summary>Its old pods go before its new ones come.</summary>
    public bool Recreates { get; init; }

    /// <summary>How many pods are asked for.</summary>
    public int Wanted { get; init; }

    /// <summary>How many old ReplicaSets without pods are kept.</summary>
    public int? HistoryLimit { get; init; }

    /// <summary>Its pods as its controller last said.</summary>
    public PodCounts Pods { get; init; }

    public V1LabelSelector? Selector { get; init; }

    /// <summary>The Deployment whose template a Rollout takes for its own; null where it has one itself.</summary>
    public string? TemplateOf { get; init; }

    /// <summary>Why its controller may not make its newest ReplicaSet, in the API server's words; null where it may.</summary>
    public string? Refusal { get; init; }

    /// <summary>
    /// The newest revision that was ever born, as its controller says: while a birth is refused, the one before. Null where none was.
    /// </summary>
    public string? Revision => Metadata.Annotations.Find(IsRollout ? "rollout.argoproj.io/revision" : ReplicaSet.RevisionAnnotation);

    public bool IsRollout => Type == Rollouts;

    /// <summary>As kubectl names it: <c>deployment/shop</c>.</summary>
    public string Word => $"{Type.Kind.ToLowerInvariant()}/{Metadata.Name}";

    /// <summary>The command that goes back to what runs; null where there is nothing to go back to.</summary>
    /// <param name="isPaused">Whether it is paused.</param>
    public string? WayBack(bool isPaused) => IsRollout
        ? Core.Gates.Wording.WayBack.OfRollout(Metadata.NamespaceProperty ?? "", Metadata.Name ?? "", Revision)
        : Core.Gates.Wording.WayBack.Of(Metadata.NamespaceProperty ?? "", Metadata.Name ?? "", isPaused, Revision);

    /// <returns>Null where a ReplicaSet's owner is neither, or does not control it.</returns>
    public static ResourceType<Deployment>? TypeOf(V1OwnerReference owner) => owner switch
    {
        { Controller: true, Kind: "Deployment", ApiVersion: "apps/v1" } => Resource,
        { Controller: true, Kind: "Rollout", ApiVersion: var version } when OptInReader.Group(version ?? "") == Rollouts.Group => Rollouts,
        _ => null,
    };

    private static ResourceType<Deployment> TypeOf(string group, string version, string kind, string plural)
    {
        ResourceType<Deployment> type = null!;
        return type = new(
            group, version, kind, plural, Namespaced: true, json => Read(json, type),
            _ => throw new NotSupportedException($"a {kind} is changed by a patch: this is only a part of it"));
    }

    private static Deployment Read(JsonElement json, ResourceType<Deployment> type)
    {
        JsonElement spec = json.Member("spec");
        JsonElement selector = spec.Member("selector");
        JsonElement template = spec.Member("template");
        JsonElement reference = spec.Member("workloadRef");
        return new()
        {
            Type = type,
            Metadata = RawMetadata.Of(json),
            Template = type == Rollouts ? TemplateFacts.OfRollout(template) : TemplateFacts.Of(template),
            TemplateOf = reference.Text("kind") == Resource.Kind ? reference.Text("name") : null,
            Paused = spec.Member("paused").ValueKind == JsonValueKind.True,
            Recreates = spec.Member("strategy").Text("type") == "Recreate",
            Wanted = spec.Member("replicas") is { ValueKind: JsonValueKind.Number } replicas ? replicas.Number() : 1,
            HistoryLimit = spec.Member("revisionHistoryLimit") is { ValueKind: JsonValueKind.Number } limit ? limit.Number() : null,
            Pods = ReplicaSet.CountsOf(json.Member("status")),
            Selector = selector.ValueKind == JsonValueKind.Object
                ? ModelJson.Value(selector, ModelContext.Default.V1LabelSelector)
                : null,
            Refusal = RefusalOf(json),
        };
    }

    /// <summary>Its controller's condition about a ReplicaSet that it could not make.</summary>
    internal static string? RefusalOf(JsonElement deployment) =>
        deployment.Member("status").Member("conditions") is { ValueKind: JsonValueKind.Array } conditions
            ? conditions.EnumerateArray()
                .Where(condition => condition.Text("type") == "Progressing" && condition.Text("status") == "False"
                    && condition.Text("reason") == "ReplicaSetCreateError")
                .Select(condition => SecretPaths.Without(condition.Text("message") ?? "")).FirstOrDefault()
            : null;
}
