using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>The package's models as JSON.</summary>
public static class ModelJson
{
    /// <summary>
    /// The most levels of an object that is read, whoever reads it: alone, in a list, in a watch, in a review. Schemas in custom resource
    /// definitions nest deeper than the default of 64.
    /// </summary>
    public const int MaxDepth = 256;

    /// <summary>
    /// The most bytes of an object that is read, likewise. etcd refuses objects over 1.5 MiB; as JSON they are larger.
    /// </summary>
    public const int MaxBytes = 8 << 20;

    internal static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth };

    /// <summary>For passing over what nests however deep: a reader that goes on by itself calls nothing.</summary>
    internal static readonly JsonReaderOptions Endless = new() { MaxDepth = int.MaxValue };

    private const string NoText = "a text in it is no Unicode";

    /// <summary>What stands in an annotation's place that nobody reads here, and that holds the whole object once more.</summary>
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>An object with its metadata as <see cref="Kept"/> leaves it.</summary>
    /// <exception cref="JsonException">It is not of that type.</exception>
    public static T Read<T>(JsonElement json, JsonTypeInfo<T> type)
        where T : class, IMetadata<V1ObjectMeta> => Kept(Value(json, type));

    /// <exception cref="JsonException">It is not of that type.</exception>
    public static T Value<T>(JsonElement json, JsonTypeInfo<T> type)
    {
        try
        {
            return json.Deserialize(type) ?? throw new JsonException($"a {typeof(T).Name} is null");
        }
        catch (FormatException e)
        {
            // The package's reader of times lets its own out.
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc cref="Kept(V1ObjectMeta)"/>
    public static T Kept<T>(T value)
        where T : class, IMetadata<V1ObjectMeta>
    {
        value.Metadata = Kept(value.Metadata ?? new());
        return value;
    }

    /// <summary>
    /// The metadata without what no decision needs (who manages which field; the manifest once more); its collections are never null.
    /// </summary>
    public static V1ObjectMeta Kept(V1ObjectMeta metadata)
    {
        metadata.ManagedFields = null;
        metadata.Labels ??= ImmutableDictionary<string, string>.Empty;
        metadata.Annotations ??= ImmutableDictionary<string, string>.Empty;
        metadata.OwnerReferences ??= [];
        if (metadata.Annotations.ContainsKey(LastApplied))
        {
            metadata.Annotations[LastApplied] = "";
        }

        return metadata;
    }

    /// <summary>
    /// How many levels a value nests: 0 for a text or a number, 1 for an empty object. Whatever it is, nothing calls itself.
    /// </summary>
    public static int DepthOf(JsonElement value)
    {
        return value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? DepthOf(JsonMarshal.GetRawUtf8Value(value)) : 0;
    }

    /// <summary>Why nobody can read a value, as the end of a sentence; null where somebody can.</summary>
    public static string? Obstacle(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return null;
        }

        ReadOnlySpan<byte> json = JsonMarshal.GetRawUtf8Value(value);
        return DepthOf(json) > MaxDepth ? $"it nests deeper than {MaxDepth} levels" : TextProblem(json);
    }

    /// <summary>
    /// Text is read late, and one that is no Unicode (bytes that are no UTF-8, half a surrogate pair) would be found by whoever comes to it
    /// first. Null where all is; whether it is JSON at all, others say.
    /// </summary>
    internal static string? TextProblem(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, Endless);
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true })
                {
                    reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            return NoText;
        }
        catch (JsonException)
        {
            // What comes after is no JSON.
        }

        return Utf8.IsValid(json) ? null : NoText;
    }

    /// <summary>Why something cannot be read, without a reader's own words: those name types.</summary>
    public static string Problem(Exception exception) => exception switch
    {
        JsonException { Path: { Length: > 2 } path } => $"{path[2..]} has another shape than its type promises",
        JsonException => exception.Message,
        _ => "a value in it has another shape than its type promises",
    };

    /// <inheritdoc cref="DepthOf(JsonElement)"/>
    /// <remarks>As far as it can be read.</remarks>
    internal static int DepthOf(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, Endless);
        int deepest = 0;
        try
        {
            while (reader.Read())
            {
                bool opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
                deepest = Math.Max(deepest, opens ? reader.CurrentDepth + 1 : 0);
            }
        }
        catch (JsonException)
        {
            // What comes after is no JSON.
        }

        return deepest;
    }

    internal static JsonObject Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToNode(value, type)!.AsObject();
}
