using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator;

/// <summary>What an object says of being gated, and whether it may say that: no object that carries the label passes in silence.</summary>
internal static class ClaimReader
{
    /// <summary>
    /// Why an object that is written is refused; null where nothing is wrong with what it says. What stood so before is nobody's to
    /// refuse any more: it must still be scaled.
    /// </summary>
    public static string? Refusal(AdmissionRequest request)
    {
        IReadOnlyList<OptInProblem> problems = Problems(request, request.Object);
        return problems.Count == 0 || (request.OldObject is { } old && Problems(request, old).SequenceEqual(problems))
            ? null
            : string.Join(" ", problems.Select(problem => problem.Message));
    }

    /// <summary>A label that is missing altogether is somebody's who takes it away, and may.</summary>
    private static List<OptInProblem> Problems(AdmissionRequest request, JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Object } json
            ? [.. OptIn.Problems(Read(request.Kind, json)).Where(problem => problem is not OptInProblem.LabelMissing)]
            : [];

    private static OptInClaim Read(GroupVersionKind kind, JsonElement json)
    {
        string? path = GatedKind.Find(kind.Group, kind.Kind)?.Template;
        JsonElement template = (path ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(json, (at, name) => at.Member(name));
        return new(
            kind.Group, kind.Kind, Marks(json.Member("metadata")),
            path is not null && template.ValueKind == JsonValueKind.Object ? Marks(template.Member("metadata")) : null);
    }

    private static OptInMarks Marks(JsonElement metadata) => new(
        metadata.Member("labels").Text(Names.Gated), metadata.Member("annotations").Text(Names.Requires));
}
