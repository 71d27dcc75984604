using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>An object of any type as its whole JSON, for what has no record here. Nothing is lost in reading and writing it.</summary>
[JsonConverter(typeof(RawObjectConverter))]
public sealed record RawObject : IKubernetesObject
{
    private RawObject(JsonElement content, ObjectMeta metadata)
    {
        Content = content;
        Metadata = metadata;
    }

    public JsonElement Content { get; }

    public ObjectMeta Metadata { get; }

    public static ResourceType<RawObject> Resource(string group, string version, string kind, string plural, bool namespaced) =>
        new(group, version, kind, plural, namespaced, ResourceJson.Default.RawObject, ResourceJson.Default.ResourceListRawObject);

    public static RawObject From(JsonObject content) => From(JsonSerializer.SerializeToElement(content, ResourceJson.Default.JsonObject));

    /// <exception cref="JsonException">The content is not an object with a readable metadata.</exception>
    public static RawObject From(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("an object of the API is a JSON object");
        }

        var metadata = content.TryGetProperty("metadata", out var found) ? found.Deserialize(ResourceJson.Default.ObjectMeta) : null;
        return new(content, metadata ?? new());
    }
}

internal sealed class RawObjectConverter : JsonConverter<RawObject>
{
    public override RawObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RawObject.From(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, RawObject value, JsonSerializerOptions options) => value.Content.WriteTo(writer);
}
