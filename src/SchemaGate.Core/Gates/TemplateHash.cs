using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace SchemaGate.Core.Gates;

/// <summary>
/// Names a pod template by its content, so that a workload's template and its revision's have the same name: keys in ordinal
/// order, nulls left out, and without the label <c>pod-template-hash</c> that the Deployment controller adds, and the <c>$patch</c> that a
/// ControllerRevision's template has.
/// </summary>
public static class TemplateHash
{
    private const string ControllerLabel = "pod-template-hash";
    private const string Directive = "$patch";

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the canonical JSON.</summary>
    public static string Of(JsonElement template)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            Write(writer, template, parent: "");
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan).AsSpan(0, 8));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element, string parent)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    if (property.Value.ValueKind != JsonValueKind.Null && property.Name != Directive
                        && !(parent == "labels" && property.Name == ControllerLabel))
                    {
                        writer.WritePropertyName(property.Name);
                        Write(writer, property.Value, property.Name);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Write(writer, item, parent: "");
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
