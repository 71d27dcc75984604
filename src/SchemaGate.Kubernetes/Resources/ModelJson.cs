using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>The package's models as JSON.</summary>
public static class ModelJson
{
    /// <summary>Schemas in custom resource definitions nest deeper than the default of 64.</summary>
    internal const int MaxDepth = 256;

    internal static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth };

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

    internal static JsonObject Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToNode(value, type)!.AsObject();
}
