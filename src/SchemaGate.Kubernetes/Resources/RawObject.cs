using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>An object of any type as its whole JSON, for what has no model here. Nothing is lost in reading and writing it.</summary>
public sealed class RawObject : IMetadata<V1ObjectMeta>
{
    private RawObject(JsonElement content) => Content = content;

    public JsonElement Content { get; }

    /// <summary>A copy for reading: what is written is <see cref="Content"/>.</summary>
    public V1ObjectMeta Metadata { get; set; } = new();

    public static ResourceType<RawObject> Resource(string group, string version, string kind, string plural, bool namespaced) =>
        new(group, version, kind, plural, namespaced, From, raw => JsonObject.Create(raw.Content)!);

    /// <summary>A type's objects with all that is in them, where its own reading keeps a part.</summary>
    public static ResourceType<RawObject> Whole<T>(ResourceType<T> type)
        where T : class, IMetadata<V1ObjectMeta> =>
        Resource(type.Group, type.Version, type.Kind, type.Plural, type.Namespaced);

    public static RawObject From(JsonObject content) => From(JsonElement.Parse(content.ToJsonString()));

    /// <exception cref="JsonException">The content is not an object with a readable metadata.</exception>
    public static RawObject From(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("an object of the API is a JSON object");
        }

        return new(content.Clone()) { Metadata = MetadataOf(content) };
    }

    /// <summary>An object's metadata, as <see cref="ModelJson.Kept{T}"/> leaves it.</summary>
    public static V1ObjectMeta MetadataOf(JsonElement content) => ModelJson.Kept(
        content.TryGetProperty("metadata", out var found) && found.ValueKind != JsonValueKind.Null
            ? ModelJson.Value(found, ModelContext.Default.V1ObjectMeta)
            : new());
}
