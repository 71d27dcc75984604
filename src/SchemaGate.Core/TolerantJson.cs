using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SchemaGate.Core;

/// <summary>Reads JSON that strangers may have written.</summary>
internal static class TolerantJson
{
    /// <summary>Null for anything that is not JSON of this shape.</summary>
    public static T? Read<T>(string? text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
