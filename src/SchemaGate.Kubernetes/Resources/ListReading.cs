using System.Buffers;
using System.Text.Json;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>
/// Reads objects one by one, each for itself: one that nests too deep, is too large or has another shape than its type leaves the others
/// as they are.
/// </summary>
internal static class ListReading
{
    /// <returns>The object, or what there is of one that cannot be read.</returns>
    public static (T? Value, UnreadObject? Unread) One<T>(ResourceType<T> type, ReadOnlyMemory<byte> json)
        where T : class, IMetadata<V1ObjectMeta>
    {
        if (json.Length > ModelJson.MaxBytes)
        {
            return (null, TooLarge(type, new(json)));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, ModelJson.Reading);
            T value = ModelJson.TextProblem(json.Span) is { } problem
                ? throw new JsonException(problem)
                : type.Read(document.RootElement);
            return value.Metadata.Name is { Length: > 0 } ? (value, null) : throw new JsonException("it has no name");
        }
#pragma warning disable CA1031 // Whatever a reader throws is about this object, and must be no other object's.
        catch (Exception exception) when (exception is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return (null, UnreadObject.Of(type.ApiVersion, type.Kind, new(json), Words(json.Span, exception)));
        }
    }

    public static UnreadObject TooLarge<T>(ResourceType<T> type, ReadOnlySequence<byte> json)
        where T : class, IMetadata<V1ObjectMeta> =>
        UnreadObject.Of(type.ApiVersion, type.Kind, json, $"it is larger than {ModelJson.MaxBytes >> 20} MiB");

    /// <exception cref="JsonException">What is around the objects is no list.</exception>
    public static ResourceList<T> List<T>(ResourceType<T> type, ReadOnlyMemory<byte> body)
        where T : class, IMetadata<V1ObjectMeta>
    {
        V1ListMeta metadata = new();
        List<T> items = [];
        List<UnreadObject> unread = [];
        Utf8JsonReader reader = new(body.Span, ModelJson.Endless);
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMetadata = reader.ValueTextEquals("metadata");
            bool isItems = reader.ValueTextEquals("items");
            reader.Read();
            if (isItems && reader.TokenType == JsonTokenType.StartArray)
            {
                Items(type, body, ref reader, items, unread);
                continue;
            }

            ReadOnlyMemory<byte> value = Next(body, ref reader);
            if (isMetadata)
            {
                using JsonDocument document = JsonDocument.Parse(value, ModelJson.Reading);
                metadata = ModelJson.Value(document.RootElement, ModelContext.Default.V1ListMeta);
            }
        }

        // Whatever follows the list is not one.
        _ = reader.Read();
        return new() { Metadata = metadata, Items = items, Unread = unread };
    }

    /// <summary>A watch's line, <c>{"type": …, "object": …}</c>: the type, and the object as it stands.</summary>
    /// <exception cref="JsonException">It is no such line.</exception>
    public static (string Kind, ReadOnlyMemory<byte> Value) Event(ReadOnlyMemory<byte> line)
    {
        string? kind = null;
        ReadOnlyMemory<byte> value = default;
        Utf8JsonReader reader = new(line.Span, ModelJson.Endless);
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueTextEquals("type");
            bool isObject = reader.ValueTextEquals("object");
            reader.Read();
            kind = isType && reader.TokenType == JsonTokenType.String ? reader.GetString() : kind;
            ReadOnlyMemory<byte> found = Next(line, ref reader);
            value = isObject ? found : value;
        }

        return kind is null || value.IsEmpty ? throw new JsonException("an event has no type or no object") : (kind, value);
    }

    /// <summary>Of a watch's line that is cut off: the type, null where it is not there, and where the object begins.</summary>
    public static (string? Kind, long Start) BeginningOfEvent(ReadOnlySequence<byte> line)
    {
        string? kind = null;
        Utf8JsonReader reader = new(line, isFinalBlock: false, new(ModelJson.Endless));
        try
        {
            while (reader.Read())
            {
                bool isType = reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("type");
                bool isObject = reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("object");
                if (isObject && reader.Read())
                {
                    return (kind, reader.TokenStartIndex);
                }

                kind = isType && reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : kind;
            }
        }
        catch (JsonException)
        {
            // It is no line of a watch.
        }

        return (null, 0);
    }

    private static void Items<T>(
        ResourceType<T> type, ReadOnlyMemory<byte> body, ref Utf8JsonReader reader, List<T> items, List<UnreadObject> unread)
        where T : class, IMetadata<V1ObjectMeta>
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            (T? value, UnreadObject? problem) = One(type, Next(body, ref reader));
            if (value is not null)
            {
                items.Add(value);
            }
            else
            {
                unread.Add(problem!);
            }
        }
    }

    /// <summary>The value that begins at the reader's token, whole.</summary>
    private static ReadOnlyMemory<byte> Next(ReadOnlyMemory<byte> body, ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return body[start..(int)reader.BytesConsumed];
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw new JsonException("the answer is no object");
        }
    }

    private static string Words(ReadOnlySpan<byte> json, Exception exception) =>
        exception is JsonException && ModelJson.DepthOf(json) > ModelJson.MaxDepth
            ? $"it nests deeper than {ModelJson.MaxDepth} levels"
            : ModelJson.Problem(exception);
}
