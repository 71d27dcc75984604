using System.Text.Json;
using k8s.Models;
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

    public V1LabelSelector? Selector { get; init; }

    private static Deployment Read(JsonElement json)
    {
        JsonElement spec = json.Member("spec");
        JsonElement selector = spec.Member("selector");
        return new()
        {
            Metadata = RawMetadata.Of(json),
            Template = TemplateFacts.Of(spec.Member("template")),
            Paused = spec.Member("paused").ValueKind == JsonValueKind.True,
            Selector = selector.ValueKind == JsonValueKind.Object
                ? ModelJson.Value(selector, ModelContext.Default.V1LabelSelector)
                : null,
        };
    }
}
