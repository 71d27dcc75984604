using SchemaGate.Core.Changelogs;

namespace SchemaGate.Core.Branches;

/// <summary>What a branch adds, judged. What was wrong already where it began is left to whoever judges the whole checkout.</summary>
public static class BranchDecision
{
    /// <summary>The findings: the worst first, then by file and line.</summary>
    public static IReadOnlyList<BranchFinding> Judge(BranchFacts facts, BranchPolicy policy)
    {
        IReadOnlyList<BranchFinding> old = [.. OldMigrationRule.Judge(facts, policy.Edited)];
        // A migration by a new name is one mistake: not also one too many, and one without an entry. What does not block excuses nothing.
        HashSet<string> told = [.. old.Where(finding => finding.Severity == FindingSeverity.Blocking)
            .SelectMany(finding => OldMigrationRule.NamesOf(facts, finding))];
        return
        [
            .. old.Concat(SchemaRule.Judge(facts))
                .Concat(OrderRule.Judge(facts, told, policy.OutOfOrder))
                .Concat(TakenRule.Judge(facts, told, policy.OutOfOrder))
                .Concat(DocumentRule.Judge(facts, told, policy.Undocumented))
                .OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.File, StringComparer.Ordinal)
                .ThenBy(finding => finding.Span?.Line ?? 0),
        ];
    }

    /// <summary>Null for what the policy ignores.</summary>
    internal static FindingSeverity? SeverityOf(PolicyMode mode) => mode switch
    {
        PolicyMode.Block => FindingSeverity.Blocking,
        PolicyMode.Warn => FindingSeverity.Warning,
        _ => null,
    };
}
