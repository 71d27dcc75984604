using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Core.Risk;

namespace SchemaGate.Core.Gates;

/// <summary>What applying the pending migrations will do.</summary>
/// <param name="Risk">
/// The highest level that one of them has, for running code, for data or by what it stops; null where their SQL could not be judged.
/// </param>
/// <param name="Findings">How many findings count on either axis.</param>
/// <param name="Migrations">Each in one sentence, in order, by name.</param>
public sealed record PlanSummary(RiskLevel? Risk, int Findings, IReadOnlyList<PlannedMigration> Migrations)
{
    /// <summary>See <see cref="RunPlan.Hash"/>; null where nobody runs anything.</summary>
    public string? Hash { get; init; }

    /// <summary>Who approved it; null while nobody has.</summary>
    public Approval? Approval { get; init; }

    /// <summary>Of a migration's sentence, which names objects of strangers.</summary>
    private const int LongestSentence = 500;

    /// <summary>Null where nothing is pending, or nothing is known of it.</summary>
    internal static PlanSummary? Of(Judgement judgement)
    {
        if (judgement is { PendingRisks: null, Plan: null } or { Pending: not { Count: > 0 } })
        {
            return null;
        }

        return new(
            judgement.PendingRisks?.Max(risk => (RiskLevel?)risk.LeastLevel),
            judgement.PendingRisks?.Sum(risk => risk.Findings.Count(Counts)) ?? 0,
            [.. (judgement.PendingRisks ?? []).Select(
                risk => new PlannedMigration(risk.Migration, risk.LeastLevel, Phrases.Bounded(risk.Sentence, LongestSentence)))])
        {
            Hash = judgement.Plan?.Hash,
            Approval = judgement.IsApproved ? judgement.Run!.Approval : null,
        };
    }

    private static bool Counts(RiskFinding finding) => finding.IsRisk && !finding.Categories.HasFlag(RiskCategories.Convention);
}

/// <summary>One pending migration.</summary>
/// <param name="Sentence">What a person needs to know first.</param>
public sealed record PlannedMigration(string Name, RiskLevel Risk, string Sentence);
