using System.Text.Json;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>An object's JSON member by member, where no model reads it whole.</summary>
internal static class RawMetadata
{
    public static V1ObjectMeta Of(JsonElement json) => json.ValueKind == JsonValueKind.Object
        ? RawObject.MetadataOf(json)
        : throw new JsonException("an object of the API is a JSON object");

    /// <summary>Undefined where it is absent.</summary>
    public static JsonElement Member(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) ? member : default;

    /// <summary>Null where it is absent or no text.</summary>
    public static string? Text(this JsonElement value, string name) =>
        value.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Zero where it is absent.</summary>
    public static int Number(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => 0,
        JsonValueKind.Number when value.TryGetInt32(out int number) => number,
        _ => throw new JsonException("a number of replicas is no number"),
    };
}
