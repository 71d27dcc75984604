using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk;

/// <summary>What a rule says about one place of a migration.</summary>
/// <param name="Rule">The rule's stable id, such as <c>drop-column</c>.</param>
/// <param name="Message">One sentence that names the objects and says what happens.</param>
/// <param name="SafeWay">What to do instead, in one sentence; empty where there is no other way.</param>
/// <param name="Span">The action or definition that it is about; the statement where that is not told apart.</param>
/// <param name="StatementSpan">The whole statement.</param>
/// <param name="IsAssumed">The text does not tell; this is the worst that it can be.</param>
public sealed record RiskFinding(
    string Rule, RiskCategories Categories, RiskSeverity Severity, string Message, string SafeWay, TextSpan Span, TextSpan StatementSpan,
    bool IsAssumed)
{
    private const RiskCategories Compatibility = RiskCategories.DataLoss | RiskCategories.BreaksApplication | RiskCategories.Irreversible;

    /// <summary>It counts on the axis of compatibility; the others are about locks, transactions or conventions.</summary>
    public bool IsAboutCompatibility => (Categories & Compatibility) != RiskCategories.None;

    /// <summary>It counts on the axis of locks: others wait while it works.</summary>
    public bool IsAboutLocks => (Categories & (RiskCategories.BlockingLock | RiskCategories.Rewrite)) != RiskCategories.None;

    /// <summary>It counts for <see cref="MigrationRisk.LeastLevel"/>; of transactions only what makes the migration fail.</summary>
    public bool Weighs => IsAboutCompatibility || IsAboutLocks
        || (Severity == RiskSeverity.High && Categories.HasFlag(RiskCategories.NonTransactional));

    public bool IsRisk => Severity >= RiskSeverity.Medium;

    /// <summary>Whether code that is written for the schema of before may fail, or find something else.</summary>
    public bool MayBreakCode => IsRisk && Categories.HasFlag(RiskCategories.BreaksApplication);
}
