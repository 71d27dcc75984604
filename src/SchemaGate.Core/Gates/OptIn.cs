namespace SchemaGate.Core.Gates;

/// <summary>
/// Whether what an object says of being gated can be honoured: a function of the object, the same in admission and in
/// <c>verify --manifests</c>. An object that says nothing of it has no problem; one that half says it must not pass in silence, because
/// whoever wrote it believes that it is guarded.
/// </summary>
public static class OptIn
{
    /// <summary>
    /// Everything that is wrong, in the order in which it is to be mended. A gate that is named without a requirement is not wrong here:
    /// that is for the gate's policy to say (<see cref="HoldReason.RequirementUnpinned"/>).
    /// </summary>
    public static IReadOnlyList<OptInProblem> Problems(OptInClaim claim)
    {
        OptInMarks template = claim.Template ?? OptInMarks.None;
        bool isLabelled = claim.Own.Label is not null || template.Label is not null;
        if (GatedKind.Find(claim.ApiGroup, claim.Kind) is not { } kind)
        {
            // Not for an annotation of its own metadata: kustomize's commonAnnotations are written to every object there is.
            return isLabelled || template.Requires is not null ? [new OptInProblem.KindNotHeld(claim.ApiGroup, claim.Kind)] : [];
        }

        if (claim.Own.IsEmpty && template.IsEmpty)
        {
            return [];
        }

        if (kind.Template is null)
        {
            return [.. Labels(kind, claim.Own, claim.Own), .. Requirements(kind, claim.Own, OptInMarks.None)];
        }

        return claim.Template is null
            ? [new OptInProblem.TemplateMissing(kind)]
            : [.. Labels(kind, claim.Own, template), .. Requirements(kind, template, claim.Own)];
    }

    private static IEnumerable<OptInProblem> Labels(GatedKind kind, OptInMarks own, OptInMarks template)
    {
        OptInProblem[] values =
        [
            .. Value("metadata.labels", own.Label),
            .. kind.Template is null ? [] : Value(kind.InTemplate("labels"), template.Label),
        ];
        return (own.Label, template.Label) switch
        {
            _ when values.Length > 0 => values,
            (null, null) => [new OptInProblem.LabelMissing(kind)],
            (null, _) => [new OptInProblem.OnTemplateAlone(kind)],
            (_, null) => [new OptInProblem.OnObjectAlone(kind)],
            _ => [],
        };
    }

    private static IEnumerable<OptInProblem> Value(string labels, string? label) =>
        label is null or "true" ? [] : [new OptInProblem.LabelValue(labels, label)];

    /// <param name="kind">What the object is.</param>
    /// <param name="template">The metadata that counts.</param>
    /// <param name="elsewhere">The one that does not.</param>
    private static IEnumerable<OptInProblem> Requirements(GatedKind kind, OptInMarks template, OptInMarks elsewhere)
    {
        bool isMisplaced = elsewhere.Requires is { } other && other != template.Requires;
        if (isMisplaced)
        {
            yield return new OptInProblem.RequirementMisplaced(kind, Contradicts: template.Requires is not null);
        }

        if (string.IsNullOrWhiteSpace(template.Requires))
        {
            // Who wrote "false" wants no gate, and is not asked for which.
            if (!isMisplaced && IsTrueOrAbsent(template.Label) && IsTrueOrAbsent(elsewhere.Label))
            {
                yield return new OptInProblem.RequirementMissing(kind);
            }

            yield break;
        }

        _ = Requirement.Parse(template.Requires, out string? problem);
        if (problem is not null)
        {
            yield return new OptInProblem.RequirementInvalid(problem);
        }
    }

    private static bool IsTrueOrAbsent(string? label) => label is null or "true";
}
