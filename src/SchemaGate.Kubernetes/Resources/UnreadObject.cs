using System.Buffers;
using System.Text.Json;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>An object that is there and that cannot be read: what could be had of its name, and why the rest could not.</summary>
/// <param name="ApiVersion">As in owner references.</param>
/// <param name="Kind">The type.</param>
/// <param name="Key">Its name; empty where not even that can be read.</param>
/// <param name="Uid">Null where it cannot be had.</param>
/// <param name="ResourceVersion">Null where it cannot be had.</param>
/// <param name="Problem">Why it cannot be read: the rest of a sentence that begins with it.</param>
public sealed record UnreadObject(string ApiVersion, string Kind, ObjectKey Key, string? Uid, string? ResourceVersion, string Problem)
{
    private const int LongestProblem = 300;

    /// <summary>What events regard.</summary>
    public V1ObjectReference Reference => new()
    {
        ApiVersion = ApiVersion,
        Kind = Kind,
        NamespaceProperty = Key.Namespace,
        Name = Key.Name,
        Uid = Uid,
        ResourceVersion = ResourceVersion,
    };

    public override string ToString() => $"{Kind} {Key} cannot be read: {Problem}";

    /// <summary>Reads the name from the JSON as far as that goes: it may be cut off, or nest without end.</summary>
    internal static UnreadObject Of(string apiVersion, string kind, ReadOnlySequence<byte> json, string problem)
    {
        Dictionary<string, string> head = new(StringComparer.Ordinal);
        try
        {
            ReadHead(json, head);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What was read by then is what there is.
        }

        string? Named(string member) => head.GetValueOrDefault(member);
        string words = problem.TrimEnd('.');
        return new(
            apiVersion, kind, new(Named("namespace") ?? "", Named("name") ?? ""), Named("uid"), Named("resourceVersion"),
            words.Length <= LongestProblem ? words : words[..LongestProblem] + "…");
    }

    /// <summary>The texts in <c>metadata</c>; of what stands there twice the last.</summary>
    private static void ReadHead(ReadOnlySequence<byte> json, Dictionary<string, string> head)
    {
        Utf8JsonReader reader = new(json, isFinalBlock: false, new(ModelJson.Endless));
        bool isMetadata = false;
        string member = "";
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
            {
                isMetadata = reader.ValueTextEquals("metadata");
            }
            else if (isMetadata && reader.CurrentDepth == 2 && reader.TokenType == JsonTokenType.PropertyName)
            {
                member = reader.GetString()!;
            }
            else if (isMetadata && reader.CurrentDepth == 2 && reader.TokenType == JsonTokenType.String)
            {
                head[member] = reader.GetString()!;
            }
        }
    }
}
