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
        IReadOnlyList<OptInProblem> problems = Problems(request.Object);
        return problems.Count == 0 || (request.OldObject is { } old && Problems(old).SequenceEqual(problems))
            ? null
            : string.Join(" ", problems.Select(problem => problem.Message));
    }

    /// <summary>Whether a write takes the label away from everywhere: whoever does that may, in any namespace.</summary>
    public static bool IsTakenAway(AdmissionRequest request) =>
        request is { OldObject.ValueKind: JsonValueKind.Object, Object: { ValueKind: JsonValueKind.Object } json }
        && OptInReader.Read(json).Claim is { Own.Label: null } claim && claim.Template?.Label is null;

    /// <summary>A label that is missing altogether is somebody's who takes it away, and may.</summary>
    private static List<OptInProblem> Problems(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Object } json
            ? [.. OptIn.Problems(OptInReader.Read(json).Claim).Where(problem => problem is not OptInProblem.LabelMissing)]
            : [];
}
