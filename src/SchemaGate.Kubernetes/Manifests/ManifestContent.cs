using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Manifests;

/// <summary>One object of a manifest.</summary>
/// <param name="Line">Where it begins, from 1. What came out of an alias begins where its document does.</param>
/// <param name="Content">As the API server would get it.</param>
public sealed record ManifestObject(int Line, JsonElement Content);

/// <summary>A place in a manifest, and what is to be said of it in a clause.</summary>
/// <param name="Line">From 1.</param>
public sealed record ManifestRemark(int Line, string Message);

/// <summary>
/// What a manifest holds: YAML of several documents, or JSON, with every <c>kind: List</c> taken apart, as kubectl reads it.
/// </summary>
/// <param name="Objects">In their order; whatever a document's top level is, but for what is empty.</param>
/// <param name="Remarks">What kubectl would pass over without a word.</param>
/// <param name="Problem">Where reading ended; what stands before it is in <paramref name="Objects"/>. Null where all was read.</param>
public sealed record ManifestContent(
    IReadOnlyList<ManifestObject> Objects, IReadOnlyList<ManifestRemark> Remarks, ManifestRemark? Problem)
{
    private static readonly JsonWriterOptions s_writing = new()
    {
        MaxDepth = ModelJson.MaxDepth,
        // It is read back at once.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="text">Of any length and content; a byte order mark is none of it.</param>
    /// <param name="isJson">Whether it can be nothing but JSON. What begins with a brace is tried as JSON first, as kubectl does.</param>
    public static ManifestContent Read(string text, bool isJson)
    {
        string content = text.TrimStart('\uFEFF');
        bool isBraced = content.AsSpan().TrimStart() is ['{', ..];
        if (!isJson && !isBraced)
        {
            return Of(new YamlDocuments(content));
        }

        ManifestContent json = Of(new JsonDocuments(content));
        return json.Problem is null || isJson ? json : Of(new YamlDocuments(content));
    }

    private static ManifestContent Of(ManifestDocuments documents)
    {
        List<ManifestObject> objects = [];
        ManifestRemark? problem = null;
        try
        {
            while (documents.Next(out JsonNode? root, out int line))
            {
                Add(root, line, documents.Lines, objects);
                // They hold the document, too.
                documents.Lines.Clear();
            }
        }
        catch (ManifestFault fault)
        {
            problem = new(fault.Line, fault.Message);
        }

        return new(objects, documents.Remarks, problem);
    }

    private static void Add(JsonNode? node, int line, Dictionary<JsonNode, int> lines, List<ManifestObject> objects)
    {
        if (node is not JsonObject value || Items(value) is not { } items)
        {
            if (node is not null)
            {
                objects.Add(new(line, Element(node)));
            }

            return;
        }

        // Those of a DeploymentList need not say what they are.
        string kind = Text(value, "kind")![..^"List".Length];
        foreach (JsonNode? item in items)
        {
            if (item is JsonObject member && kind.Length > 0)
            {
                member.TryAdd("kind", kind);
                member.TryAdd("apiVersion", Text(value, "apiVersion"));
            }

            Add(item, item is not null && lines.TryGetValue(item, out int found) ? found : line, lines, objects);
        }
    }

    private static JsonArray? Items(JsonObject value) =>
        Text(value, "kind") is { } kind && kind.EndsWith("List", StringComparison.Ordinal) ? value["items"] as JsonArray : null;

    private static string? Text(JsonObject value, string name) =>
        value[name] is JsonValue text && text.TryGetValue(out string? found) ? found : null;

    private static JsonElement Element(JsonNode node)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, s_writing))
        {
            node.WriteTo(writer);
        }

        return JsonElement.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), ModelJson.Reading);
    }
}
