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

    /// <summary>What earlier versions wrote of a hash, in hexadecimal digits. Who looks for long finds two templates of one such.</summary>
    private const int Shorter = 16;

    /// <summary>The SHA-256 of the canonical JSON, 64 hexadecimal digits.</summary>
    public static string Of(JsonElement template)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            Write(writer, template, parent: "");
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    /// <summary>Whether what was noted names this template: what an earlier version let through stays so.</summary>
    /// <param name="noted">As a record or a hold has it.</param>
    /// <param name="template">The template's hash.</param>
    public static bool IsOf(string noted, string template) =>
        noted == template || (noted.Length == Shorter && template.StartsWith(noted, StringComparison.Ordinal));

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
