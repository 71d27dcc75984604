using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>
/// An RFC 6902 patch, built up: <c>JsonPatch.Empty.Test(path, value).Replace(path, value)</c>. Operations apply in order,
/// all or none; where a test fails, or a path is not there, the client throws Conflict.
/// </summary>
public sealed record JsonPatch : Patch
{
    /// <summary>RFC 6902, section 6.</summary>
    internal const string ContentType = "application/json-patch+json";

    private readonly ImmutableArray<Operation> operations = [];

    private JsonPatch(ImmutableArray<Operation> operations) => this.operations = operations;

    public static JsonPatch Empty { get; } = new([]);

    public bool IsEmpty => operations.IsEmpty;

    public JsonPatch Test(string path, JsonNode? value) => With("test", path, Written(value));

    /// <summary>Also replaces a member that exists; on a list inserts before the index, and <c>-</c> appends.</summary>
    public JsonPatch Add(string path, JsonNode? value) => With("add", path, Written(value));

    /// <summary>Fails where nothing is at the path.</summary>
    public JsonPatch Replace(string path, JsonNode? value) => With("replace", path, Written(value));

    /// <summary>Fails where nothing is at the path.</summary>
    public JsonPatch Remove(string path) => With("remove", path, null);

    /// <summary>This patch's operations, then the other's.</summary>
    public JsonPatch Then(JsonPatch next) => new(operations.AddRange(next.operations));

    /// <summary>An RFC 6901 pointer: <c>PointerTo("metadata", "annotations", "a/b")</c> is <c>/metadata/annotations/a~1b</c>.</summary>
    public static string PointerTo(params ReadOnlySpan<string> segments)
    {
        var pointer = new StringBuilder();
        foreach (var segment in segments)
        {
            // The tilde first, or the one that stands for a slash would be escaped again.
            pointer.Append('/').Append(segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }

        return pointer.ToString();
    }

    /// <summary>The patch document in UTF-8, as a PATCH request and an admission response carry it.</summary>
    public byte[] ToUtf8Json()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var operation in operations)
            {
                operation.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public override string ToString() => Encoding.UTF8.GetString(ToUtf8Json());

    // A JsonNode may be changed by its owner later; its text may not.
    private static string Written(JsonNode? value) => value is null ? "null" : value.ToJsonString();

    private JsonPatch With(string op, string path, string? json) => new(operations.Add(new(op, path, json)));

    private sealed record Operation(string Op, string Path, string? Json)
    {
        public void WriteTo(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteString("op", Op);
            writer.WriteString("path", Path);
            if (Json is not null)
            {
                writer.WritePropertyName("value");
                writer.WriteRawValue(Json);
            }

            writer.WriteEndObject();
        }
    }
}
