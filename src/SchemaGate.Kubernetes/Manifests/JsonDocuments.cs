using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SchemaGate.Kubernetes.Manifests;

/// <summary>JSON values, one after the other.</summary>
internal sealed class JsonDocuments(string text) : ManifestDocuments
{
    private readonly byte[] bytes = Encoding.UTF8.GetBytes(text);
    private long offset;
    private int current = 1;
    private long counted;
    private JsonReaderState state = new(new() { MaxDepth = MaxDepth, AllowMultipleValues = true });

    public override bool Next(out JsonNode? root, out int line)
    {
        Utf8JsonReader reader = new(bytes.AsSpan((int)offset), isFinalBlock: true, state);
        try
        {
            bool isThere = reader.Read();
            line = isThere ? LineOf(ref reader) : 0;
            root = isThere ? Value(ref reader, 1) : null;
            offset += reader.BytesConsumed;
            state = reader.CurrentState;
            return isThere;
        }
        catch (JsonException exception)
        {
            // Its own sentence may quote the text.
            throw new ManifestFault((int)(exception.LineNumber ?? 0) + 1, "it is not valid JSON", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new ManifestFault(current, "it has half of a surrogate pair", exception);
        }
    }

    private JsonNode? Value(ref Utf8JsonReader reader, int depth)
    {
        int start = LineOf(ref reader);
        SpendValue(depth, start);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                JsonObject members = Begin(depth, start);
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    (string key, int at) = (reader.GetString()!, LineOf(ref reader));
                    Spend(key.Length, at);
                    reader.Read();
                    Set(members, key, Value(ref reader, depth + 1), at);
                }

                return members;
            case JsonTokenType.StartArray:
                JsonArray items = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader, depth + 1));
                }

                return items;
            case JsonTokenType.String:
                string value = reader.GetString()!;
                Spend(value.Length, start);
                return JsonValue.Create(value);
            default:
                return JsonNode.Parse(reader.ValueSpan);
        }
    }

    private int LineOf(ref Utf8JsonReader reader)
    {
        long start = offset + reader.TokenStartIndex;
        current += bytes.AsSpan((int)counted, (int)(start - counted)).Count((byte)'\n');
        counted = start;
        return current;
    }
}
