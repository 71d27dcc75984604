using System.Text.Json;
using k8s.Models;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>
/// What decisions need of a Deployment. Its template is never kept, and never read by a model: its hash is of every member there is, and
/// stands in clusters.
/// </summary>
internal sealed record Deployment : IMetadata<V1ObjectMeta>
{
    public static ResourceType<Deployment> Resource { get; } = new(
        "apps", "v1", "Deployment", "deployments", Namespaced: true, Read,
        _ => throw new NotSupportedException("a Deployment is changed by a patch: this is only a part of it"));

    public required V1ObjectMeta Metadata { get; set; }

    public required TemplateFacts Template { get; init; }

    public bool Paused { get; init; }

    /// <summary>Its old pods go before its new ones come.</summary>
    public bool Recreates { get; init; }

    /// <summary>How many pods are asked for.</summary>
    public int Wanted { get; init; }

    /// <summary>Its pods as its controller last said.</summary>
    public PodCounts Pods { get; init; }

    public V1LabelSelector? Selector { get; init; }

    /// <summary>Why its controller may not make its newest ReplicaSet, in the API server's words; null where it may.</summary>
    public string? Refusal { get; init; }

    /// <summary>
    /// The newest revision that was ever born, as its controller says: while a birth is refused, the one before. Null where none was.
    /// </summary>
    public string? Revision => Metadata.Annotations.Find(ReplicaSet.RevisionAnnotation);

    private static Deployment Read(JsonElement json)
    {
        JsonElement spec = json.Member("spec");
        JsonElement selector = spec.Member("selector");
        return new()
        {
            Metadata = RawMetadata.Of(json),
            Template = TemplateFacts.Of(spec.Member("template")),
            Paused = spec.Member("paused").ValueKind == JsonValueKind.True,
            Recreates = spec.Member("strategy").Text("type") == "Recreate",
            Wanted = spec.Member("replicas") is { ValueKind: JsonValueKind.Number } replicas ? replicas.Number() : 1,
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
                .Select(condition => condition.Text("message") ?? "").FirstOrDefault()
            : null;
}
