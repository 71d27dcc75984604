using SchemaGate.Core.Changelogs;

namespace SchemaGate.Core.Risk;

/// <summary>The axis of compatibility: what a migration does to running code and to data.</summary>
public enum Compatibility
{
    Safe,
    Risky,

    /// <summary>Nothing risky is seen, but not everything could be read.</summary>
    Unknown,
}

/// <summary>A finding that a comment in the migration asks to ignore.</summary>
public sealed record IgnoredFinding(RiskFinding Finding, string Reason);

/// <summary>The verdict of a migration, on two axes that are never mixed.</summary>
/// <param name="Migration">Its name.</param>
/// <param name="Level">The axis of compatibility. Locks do not count; in <see cref="LeastLevel"/> they do.</param>
/// <param name="Locks">The axis of locks, in the order of the statements.</param>
/// <param name="Findings">Of both axes, in the order of the text.</param>
/// <param name="Ignored">Findings that a comment asks to ignore, with its reason; they do not count.</param>
/// <param name="InOneTransaction">Its statements share one transaction: all of it remains, or nothing, and every lock is held to the
/// end.</param>
/// <param name="Sentence">What a person needs to know first.</param>
public sealed record MigrationRisk(
    string Migration,
    Compatibility Level,
    IReadOnlyList<LockHazard> Locks,
    IReadOnlyList<RiskFinding> Findings,
    IReadOnlyList<IgnoredFinding> Ignored,
    bool InOneTransaction,
    string Sentence)
{
    /// <summary>
    /// What of SchemaGate itself failed on it, in a sentence; then something may have gone unseen. Null where nothing did.
    /// </summary>
    public string? Fault { get; init; }

    /// <summary>
    /// The least level that a changelog's entry may state, which looks at both axes: High or Medium where a finding of that severity is
    /// about code, data or locks, or the migration fails; Medium where not everything could be read; else Low. Critical is for people to
    /// say.
    /// </summary>
    public RiskLevel LeastLevel
    {
        get
        {
            RiskSeverity worst = Findings.Where(finding => finding.Weighs).Select(finding => finding.Severity).DefaultIfEmpty().Max();
            RiskLevel least = Level == Compatibility.Safe ? RiskLevel.Low : RiskLevel.Medium;
            return worst switch
            {
                RiskSeverity.High => RiskLevel.High,
                RiskSeverity.Medium => RiskLevel.Medium,
                _ => least,
            };
        }
    }
}
