using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SchemaGate.Tests.Charts;

/// <summary>One value of values.yaml.</summary>
/// <param name="Path">As <c>--set</c> has it: <c>image.tag</c>.</param>
/// <param name="Description">The comment that begins with <c># --</c> above it; null where there is none.</param>
/// <param name="Default">What it is where nobody sets it.</param>
internal sealed record ChartValue(string Path, string? Description, JsonNode? Default)
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>In the file's order: each that is described, and each without values below it.</summary>
    public static IReadOnlyList<ChartValue> Read(string file)
    {
        List<ChartValue> values = [];
        Stack<(int Indent, string Path)> above = [];
        JsonNode content = Yaml.ToJson(Yaml.Load(file))!;
        string? description = null;
        int described = int.MaxValue;
        foreach (string line in File.ReadLines(file))
        {
            string text = line.TrimStart();
            int indent = line.Length - text.Length;
            if (text.StartsWith('#'))
            {
                description = text.StartsWith("# -- ", StringComparison.Ordinal) ? text[5..]
                    : description is null ? null : $"{description} {text[2..]}";
                continue;
            }

            // Below a value that is described as a whole nothing has a description of its own.
            if (text.Length == 0 || text.StartsWith('-') || indent > described)
            {
                continue;
            }

            described = description is null ? int.MaxValue : indent;
            while (above.TryPeek(out (int Indent, string Path) parent) && parent.Indent >= indent)
            {
                above.Pop();
            }

            string key = text[..text.IndexOf(':', StringComparison.Ordinal)];
            string path = above.TryPeek(out (int Indent, string Path) outer) ? $"{outer.Path}.{key}" : key;
            above.Push((indent, path));
            if (description is not null || !text.EndsWith(':'))
            {
                values.Add(new(path, description, Find(content, path)?.DeepClone()));
            }

            description = null;
        }

        return values;
    }

    /// <summary>A line of the table.</summary>
    public string Row() => $"| `{Path}` | {Description} | `{Default?.ToJsonString(s_plain)}` |";

    private static JsonNode? Find(JsonNode content, string path) =>
        path.Split('.').Aggregate<string, JsonNode?>(content, (node, key) => node?[key]);
}
