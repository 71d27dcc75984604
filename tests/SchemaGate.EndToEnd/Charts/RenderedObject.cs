using System.Text.Json.Nodes;
using SchemaGate.Tests;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.EndToEnd.Charts;

/// <summary>One object as a tool has rendered it.</summary>
internal sealed record RenderedObject(JsonObject Content)
{
    /// <summary>What only Helm writes.</summary>
    private static readonly string[] s_helms =
    [
        "app.kubernetes.io/instance", "app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart",
    ];

    public string Kind => Content["kind"]!.ToString();

    public string Name => Content["metadata"]!["name"]!.ToString();

    public bool IsHook => Content["metadata"]!["annotations"]?["helm.sh/hook"] is not null;

    /// <summary>What makes it the same object as another.</summary>
    public string Key => $"{Kind} {Content["metadata"]!["namespace"]}/{Name}";

    public static IReadOnlyList<RenderedObject> Read(string yaml)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(yaml));
        IEnumerable<JsonObject> objects = stream.Documents.Select(document => Yaml.ToJson(document.RootNode)).OfType<JsonObject>();
        return [.. objects.Select(one => new RenderedObject(one))];
    }

    /// <summary>The object without what only Helm writes, as text with its members in order.</summary>
    public string Comparable()
    {
        JsonObject content = Content.DeepClone().AsObject();
        JsonObject metadata = content["metadata"]!.AsObject();
        foreach (string label in s_helms)
        {
            (metadata["labels"] as JsonObject)?.Remove(label);
        }

        (metadata["annotations"] as JsonObject)?.Remove("helm.sh/resource-policy");
        foreach (string member in (string[])["labels", "annotations"])
        {
            if (metadata[member] is JsonObject { Count: 0 } || (Kind == "CustomResourceDefinition" && member == "labels"))
            {
                metadata.Remove(member);
            }
        }

        return Ordered(content)!.ToJsonString();
    }

    /// <summary>The pod templates that it has: a pod is one itself.</summary>
    public JsonObject? Pod => Kind switch
    {
        "Pod" => Content["spec"]!.AsObject(),
        "Deployment" or "Job" => Content["spec"]!["template"]!["spec"]!.AsObject(),
        _ => null,
    };

    /// <summary>The chart has a ServiceMonitor, which asks at the Service; config a PodMonitor, which does not.</summary>
    private static bool IsForPrometheus(JsonObject port) => port["name"]?.ToString() == "metrics" || port["port"]?.ToString() == "9464";

    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject one => new JsonObject(one.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Ordered(member.Value)))),
        JsonArray many => new JsonArray([.. many.Where(one => one is not JsonObject port || !IsForPrometheus(port)).Select(Ordered)]),
        _ => node?.DeepClone(),
    };
}
