using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SchemaGate.Tests;

/// <summary>JSON as YAML, with one way to write each value: for files that are compared as text.</summary>
internal static class YamlText
{
    /// <summary>Longer texts are folded, so that a diff shows the line in which a sentence changed.</summary>
    private const int Width = 110;

    /// <summary>What YAML 1.1 and 1.2 both read as the text that it is.</summary>
    private static readonly Regex s_plain = new(
        @"^[A-Za-z][\w.]*([ /,;_-][\w./-]+)*\.?$|^\d{14}_\w+$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    /// <summary>What one of them reads as something else.</summary>
    private static readonly HashSet<string> s_taken =
        new(["true", "false", "null", "yes", "no", "on", "off"], StringComparer.OrdinalIgnoreCase);

    public static string Of(JsonObject root)
    {
        StringBuilder text = new();
        Write(text, root, "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonObject mapping, string indent)
    {
        foreach ((string key, JsonNode? value) in mapping)
        {
            text.Append(indent).Append(Scalar(key)).Append(':');
            Write(text, value, indent);
        }
    }

    private static void Write(StringBuilder text, JsonNode? value, string indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } mapping:
                text.Append('\n');
                Write(text, mapping, $"{indent}  ");
                break;
            case JsonArray { Count: > 0 } sequence:
                text.Append('\n');
                foreach (JsonNode? item in sequence)
                {
                    Item(text, item, indent);
                }

                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                Write(text, scalar.GetValue<string>(), $"{indent}  ");
                break;
            default:
                text.Append(' ').Append(value?.ToJsonString() ?? "null").Append('\n');
                break;
        }
    }

    private static void Item(StringBuilder text, JsonNode? item, string indent)
    {
        if (item is JsonObject mapping)
        {
            int start = text.Length;
            Write(text, mapping, $"{indent}  ");
            text[start + indent.Length] = '-';
        }
        else
        {
            text.Append(indent).Append('-');
            Write(text, item, indent);
        }
    }

    private static void Write(StringBuilder text, string value, string indent)
    {
        // A fold would lose these.
        if (value.Length <= Width || value.Contains('\n') || value.Contains("  ", StringComparison.Ordinal) || value.Trim() != value)
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
            return;
        }

        text.Append(" >-");
        int column = Width;
        foreach (string word in value.Split(' '))
        {
            bool fits = column + 1 + word.Length <= Width;
            text.Append(fits ? " " : $"\n{indent}").Append(word);
            column = (fits ? column + 1 : 0) + word.Length;
        }

        text.Append('\n');
    }

    private static string Scalar(string value) => s_plain.IsMatch(value) && !s_taken.Contains(value)
        ? value
        : $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
