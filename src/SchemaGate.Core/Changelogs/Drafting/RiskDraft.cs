using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Risk;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>The risk level with its reason.</summary>
internal static class RiskDraft
{
    /// <summary>What a rule failed on, or nobody could read, is never called low.</summary>
    public static RiskLevel Level(MigrationRisk risk) =>
        risk.Fault is not null && risk.LeastLevel == RiskLevel.Low ? RiskLevel.Medium : risk.LeastLevel;

    public static FieldValue Of(MigrationRisk risk, IReadOnlyList<Change> changes)
    {
        RiskFinding? worst = risk.Findings.Where(finding => finding.Weighs || finding.Categories.HasFlag(RiskCategories.Unjudged))
            .MaxBy(finding => finding.Severity);
        string reason = worst switch
        {
            _ when Level(risk) == RiskLevel.Low && IsAdditive(changes) => "additive changes only, no data migration needed",
            _ when Level(risk) == RiskLevel.Low => "breaks no running code, loses no data, and blocks nobody for long",
            { } finding => Marked.OneLine(finding.Message.TrimEnd('.')),
            null => Marked.OneLine((risk.Fault ?? risk.Sentence).TrimEnd('.')),
        };
        return new("Risk Level", $"{Level(risk)} ({reason})");
    }

    public static bool IsAdditive(IReadOnlyList<Change> changes) =>
        changes.Any(change => change.IsAdditive) && changes.All(change => change.IsAdditive || change.Undo is Undo.None);
}
