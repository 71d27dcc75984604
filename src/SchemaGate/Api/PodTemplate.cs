using System.Text.Json;

namespace SchemaGate.Api;

/// <summary>What a workload's pod template says of itself.</summary>
internal static class PodTemplate
{
    /// <param name="template">The PodTemplateSpec.</param>
    /// <param name="map">"labels" or "annotations".</param>
    /// <param name="name">The key.</param>
    /// <returns>Null where there is none.</returns>
    public static string? Text(JsonElement? template, string map, string name) =>
        template is { ValueKind: JsonValueKind.Object } value
        && value.TryGetProperty("metadata", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty(map, out JsonElement entries) && entries.ValueKind == JsonValueKind.Object
        && entries.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
