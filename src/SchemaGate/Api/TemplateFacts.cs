using System.Text.Json;
using SchemaGate.Core.Gates;

namespace SchemaGate.Api;

/// <summary>What a workload's pod template is called by its content, and says of itself.</summary>
/// <param name="Hash">Of the JSON as it came.</param>
/// <param name="Gated">Its label.</param>
/// <param name="Requires">Its annotation; null where there is none.</param>
internal sealed record TemplateFacts(string Hash, bool Gated, string? Requires)
{
    public static TemplateFacts Of(JsonElement template) => new(
        TemplateHash.Of(template),
        template.Member("metadata").Member("labels").Text(Names.Gated) == "true",
        template.Member("metadata").Member("annotations").Text(Names.Requires));
}
