using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>Objects as an API server would store them, and what it does with a patch.</summary>
internal static class Cluster
{
    public const string Template = """
        {"metadata":{"labels":{"app":"shop","schemagate.dev/gated":"true"},"annotations":{"schemagate.dev/requires":"shop=x:1"}},
         "spec":{"containers":[]}}
        """;

    private static readonly SealKey s_seal = new(new byte[32]);
    public static readonly WorkloadReader Reader = new(s_seal);
    private static readonly WorkloadPatch s_patches = new(s_seal);

    public static JsonObject Deployment(string annotations = "{}", bool? paused = null, string template = Template)
    {
        JsonObject value = (JsonObject)JsonNode.Parse($$"""
            {"metadata":{"name":"shop","namespace":"shop","uid":"d-1","resourceVersion":"7",
              "labels":{"schemagate.dev/gated":"true"},"annotations":{{annotations}} },
             "spec":{"replicas":2,"selector":{"matchLabels":{"app":"shop"} },"template":{{template}} } }
            """)!;
        if (paused is { } asked)
        {
            value["spec"]!["paused"] = asked;
        }

        return value;
    }

    public static JsonObject ReplicaSet(
        string annotations = "{}",
        int replicas = 0,
        int running = 0,
        string owners = "[]") => (JsonObject)JsonNode.Parse($$"""
        {"metadata":{"name":"shop-1","namespace":"shop","resourceVersion":"9","annotations":{{annotations}},"ownerReferences":{{owners}} },
         "spec":{"replicas":{{replicas}},
          "template":{{Template.Replace("\"app\"", "\"pod-template-hash\":\"5d\",\"app\"", StringComparison.Ordinal)}} },
         "status":{"replicas":{{running}} } }
        """)!;

    public static SchemaGate.Api.Deployment AsDeployment(this JsonNode value)
        => SchemaGate.Api.Deployment.Resource.Read(JsonSerializer.SerializeToElement(value));

    public static SchemaGate.Api.ReplicaSet AsReplicaSet(this JsonNode value)
        => SchemaGate.Api.ReplicaSet.Resource.Read(JsonSerializer.SerializeToElement(value));

    public static Workload Read(JsonNode deployment) => Reader.Read(deployment.AsDeployment());

    public static Revision ReadRevision(JsonNode replicaSet) => Reader.Read(replicaSet.AsReplicaSet());

    public static JsonPatch PatchOf(JsonNode deployment, Pause pause, RevisionRecord? record)
        => s_patches.Of(deployment.AsDeployment(), pause, record);

    public static JsonPatch PatchOf(JsonNode replicaSet, RevisionRecord? record) =>
        s_patches.Of(replicaSet.AsReplicaSet().Metadata, record);

    public static JsonPatch PatchOf(PodSet set, Pause pause, RevisionRecord? record) => s_patches.Of(set, pause, record);

    public static Workload Read(PodSet set) => Reader.Read(set);

    public static JsonObject StatefulSet(string strategy) => (JsonObject)JsonNode.Parse($$"""
        {"metadata":{"name":"shop","namespace":"shop","uid":"s-1","resourceVersion":"7","labels":{"schemagate.dev/gated":"true"} },
         "spec":{"selector":{"matchLabels":{"app":"shop"} },"updateStrategy":{{strategy}},"template":{{Template}} } }
        """)!;

    public static PodSet AsStatefulSet(this JsonNode value) => PodSet.StatefulSets.Read(JsonSerializer.SerializeToElement(value));

    /// <summary>
    /// RFC 6902 on objects: what the API server makes of a patch; null where a test fails or nothing is at a path to remove.
    /// </summary>
    public static JsonObject? Apply(this JsonPatch patch, JsonObject value) => Apply(patch.ToUtf8Json(), value);

    /// <inheritdoc cref="Apply(JsonPatch, JsonObject)"/>
    public static JsonObject? Apply(byte[] patch, JsonObject value)
    {
        JsonObject result = (JsonObject)value.DeepClone();
        foreach (JsonNode operation in JsonNode.Parse(patch)!.AsArray().OfType<JsonNode>())
        {
            string[] path = [.. operation["path"]!.ToString().Split('/').Skip(1)
                .Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
            JsonNode? parent = path[..^1].Aggregate((JsonNode?)result, At);
            bool done = operation["op"]!.ToString() switch
            {
                "add" => Add(parent, path[^1], operation["value"]),
                "replace" => At(parent, path[^1]) is not null && Add(parent, path[^1], operation["value"]),
                "remove" => Remove(parent, path[^1]),
                "test" => JsonNode.DeepEquals(At(parent, path[^1]), operation["value"]),
                var other => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{other} is not used")),
            };
            if (!done)
            {
                return null;
            }
        }

        return result;
    }

    private static JsonNode? At(JsonNode? node, string part) =>
        node is JsonArray array ? array[int.Parse(part, CultureInfo.InvariantCulture)] : (node as JsonObject)?[part];

    private static bool Add(JsonNode? parent, string name, JsonNode? value)
    {
        if (parent is JsonArray array)
        {
            array.Insert(int.Parse(name, CultureInfo.InvariantCulture), value?.DeepClone());
            return true;
        }

        return parent is JsonObject members && Set(members, name, value);
    }

    private static bool Remove(JsonNode? parent, string name)
    {
        if (parent is JsonArray array)
        {
            array.RemoveAt(int.Parse(name, CultureInfo.InvariantCulture));
            return true;
        }

        return parent is JsonObject members && members.Remove(name);
    }

    private static bool Set(JsonObject parent, string name, JsonNode? value)
    {
        parent[name] = value?.DeepClone();
        return true;
    }
}
