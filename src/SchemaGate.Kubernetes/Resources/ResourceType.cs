using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>
/// What the client must know of a type: where the API serves it and how its JSON is read and written. The package's operations are one
/// for each type, and put names into paths unescaped; this is for all types, those of one's own and those of which a part is kept too.
/// A <paramref name="Group"/> of "" is the core group. What is read may be another, smaller value than what was there, if it has the
/// metadata; it holds on to nothing of the JSON, which is gone after.
/// </summary>
public sealed record ResourceType<T>(
    string Group, string Version, string Kind, string Plural, bool Namespaced, Func<JsonElement, T> Read, Func<T, JsonObject> Write)
    where T : class, IMetadata<V1ObjectMeta>
{
    /// <summary>"apps/v1", "v1": what manifests and owner references hold.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>What events regard.</summary>
    public V1ObjectReference ReferenceTo(T value) => new()
    {
        ApiVersion = ApiVersion,
        Kind = Kind,
        NamespaceProperty = value.Metadata.NamespaceProperty,
        Name = value.Metadata.Name,
        Uid = value.Metadata.Uid,
        ResourceVersion = value.Metadata.ResourceVersion,
    };

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
