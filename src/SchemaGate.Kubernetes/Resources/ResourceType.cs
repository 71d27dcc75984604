using System.Text.Json.Serialization.Metadata;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>
/// What the client must know of a type: where the API serves it and how its JSON is read.
/// A <paramref name="Group"/> of "" is the core group. A type of one's own needs a JsonSerializerContext with
/// camelCase names, nulls omitted, and <c>[JsonSerializable]</c> for T and for <c>ResourceList&lt;T&gt;</c>.
/// </summary>
public sealed record ResourceType<T>(
    string Group,
    string Version,
    string Kind,
    string Plural,
    bool Namespaced,
    JsonTypeInfo<T> Json,
    JsonTypeInfo<ResourceList<T>> ListJson)
    where T : class, IKubernetesObject
{
    /// <summary>"apps/v1", "v1": what manifests and owner references hold.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The collection's path; every namespace's where <paramref name="ns"/> is null.</summary>
    internal string CollectionPath(string? ns)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return Namespaced && ns is not null ? $"{root}/namespaces/{Segment(ns, "namespace")}/{Plural}" : $"{root}/{Plural}";
    }

    internal string ObjectPath(string? ns, string name, string? subresource)
    {
        if (Namespaced && ns is null)
        {
            throw new ArgumentException($"a {Kind} lives in a namespace; name it", nameof(ns));
        }

        var path = $"{CollectionPath(ns)}/{Segment(name, "name")}";
        return subresource is null ? path : $"{path}/{Segment(subresource, "subresource")}";
    }

    // An empty name would address the collection, and a dotted one is folded away by the URL's normalisation.
    private static string Segment(string value, string what) => value is "" or "." or ".."
        ? throw new ArgumentException($"'{value}' is not a {what}", nameof(value))
        : Uri.EscapeDataString(value);
}
