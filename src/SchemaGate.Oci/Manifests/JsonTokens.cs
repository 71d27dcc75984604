using System.Text.Json;

namespace SchemaGate.Oci.Manifests;

/// <summary>What a document costs once it is read: <c>{}</c> is two bytes, and an object of a hundred.</summary>
internal static class JsonTokens
{
    /// <summary>Objects, lists, names and nulls of one document: an image with a thousand layers has some ten thousand.</summary>
    public const int Most = 50_000;

    /// <exception cref="JsonException">It is no JSON so far.</exception>
    public static bool AreTooMany(ReadOnlySpan<byte> json)
    {
        var count = 0;
        var reader = new Utf8JsonReader(json);
        while (count <= Most && reader.Read())
        {
            count += reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName
                or JsonTokenType.Null ? 1 : 0;
        }

        return count > Most;
    }
}
