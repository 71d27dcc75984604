using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Risk;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>The risk level with its reason.</summary>
internal static class RiskDraft
{
    /// <summary>What a rule failed on, or nobody could read, is never called low; nor is what the draft calls lost.</summary>
    public static RiskLevel Level(MigrationRisk risk, IReadOnlyList<Change> changes) => risk.LeastLevel switch
    {
        RiskLevel.Low when Lost(changes) is not null => RiskLevel.High,
        RiskLevel.Low when risk.Fault is not null => RiskLevel.Medium,
        var least => least,
    };

    public static FieldValue Of(MigrationRisk risk, IReadOnlyList<Change> changes)
    {
        RiskFinding? worst = risk.Findings.Where(finding => finding.Weighs || finding.Categories.HasFlag(RiskCategories.Unjudged))
            .MaxBy(finding => finding.Severity);
        RiskLevel level = Level(risk, changes);
        string reason = worst switch
        {
            _ when level == RiskLevel.Low && IsAdditive(changes) => "additive changes only, no data migration needed",
            _ when risk.LeastLevel == RiskLevel.Low && Lost(changes) is { } lost => $"only a backup brings back {lost.What}",
            _ when level == RiskLevel.Low => "breaks no running code, loses no data, and blocks nobody for long",
            { } finding => Marked.OneLine(finding.Message.TrimEnd('.')),
            null => Marked.OneLine((risk.Fault ?? risk.Sentence).TrimEnd('.')),
        };
        return new("Risk Level", $"{level} ({reason})");
    }

    public static bool IsAdditive(IReadOnlyList<Change> changes) =>
        changes.Any(change => change.IsAdditive) && changes.All(change => change.IsAdditive || change.Undo is Undo.None);

    private static Undo.Lost? Lost(IReadOnlyList<Change> changes) =>
        changes.Select(change => change.Undo).OfType<Undo.Lost>().FirstOrDefault();
}
