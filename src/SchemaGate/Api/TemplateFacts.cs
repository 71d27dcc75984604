using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;

namespace SchemaGate.Api;

/// <summary>What a workload's pod template is called by its content, and says of itself.</summary>
/// <param name="Hash">Of the JSON as it came.</param>
/// <param name="Gated">Its label.</param>
/// <param name="Requires">Its annotation; null where there is none.</param>
/// <param name="HoldsPods">Its label: each of its pods is asked about.</param>
internal sealed record TemplateFacts(string Hash, bool Gated, string? Requires, bool HoldsPods = false)
{
    /// <summary>Its annotation <see cref="Names.ApplicationName"/>; null where there is none.</summary>
    public string? ApplicationName { get; init; }

    public static TemplateFacts Of(JsonElement template)
    {
        JsonElement labels = template.Member("metadata").Member("labels");
        JsonElement annotations = template.Member("metadata").Member("annotations");
        return new(
            TemplateHash.Of(template), labels.Text(Names.Gated) == "true", annotations.Text(Names.Requires),
            labels.Text(Names.HoldPods) == "true")
        {
            ApplicationName = annotations.Text(Names.ApplicationName),
        };
    }

    /// <summary>
    /// A Rollout's, or its ReplicaSet's, called by what it requires and by its images. The Rollout's is kept as its owner wrote it, and its
    /// ReplicaSet's has every default that the API server knows; its controller goes on writing to that one's labels and affinity.
    /// </summary>
    public static TemplateFacts OfRollout(JsonElement template)
    {
        JsonElement spec = template.Member("spec");
        TemplateFacts facts = Of(template);
        JsonArray content = new([facts.Requires, .. Images(spec, "initContainers"), .. Images(spec, "containers")]);
        using JsonDocument document = JsonDocument.Parse(content.ToJsonString());
        return facts with { Hash = TemplateHash.Of(document.RootElement) };
    }

    /// <summary>Whether two workloads' templates are the same, whatever they are called by.</summary>
    public static bool IsSame(JsonElement workload, JsonElement other) =>
        TemplateHash.Of(workload.Member("spec").Member("template")) == TemplateHash.Of(other.Member("spec").Member("template"));

    private static IEnumerable<JsonNode?> Images(JsonElement spec, string list) =>
        spec.Member(list) is { ValueKind: JsonValueKind.Array } containers
            ? containers.EnumerateArray().Select(container => (JsonNode?)container.Text("image"))
            : [];
}
