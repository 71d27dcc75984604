using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Risk;

namespace SchemaGate.Cli.Lint;

/// <summary>How a pipeline weighs a finding.</summary>
internal enum LintSeverity
{
    Note,
    Warning,
    Risky,
}

/// <summary>The words of <see cref="LintSeverity"/>, and which finding has which.</summary>
internal static class LintSeverities
{
    /// <summary>What nobody can judge is risky at any severity: it may be anything.</summary>
    public static LintSeverity Of(RiskFinding finding) => finding switch
    {
        { Severity: RiskSeverity.High } or { IsRisk: true, IsAboutCompatibility: true } => LintSeverity.Risky,
        _ when finding.Categories.HasFlag(RiskCategories.Unjudged) => LintSeverity.Risky,
        { IsRisk: true } => LintSeverity.Warning,
        _ => LintSeverity.Note,
    };

    /// <summary>
    /// A migration in one word, on both axes: Risky with a risky finding; else Unknown, where not all could be read; else Blocking, where
    /// others wait for as long as its work takes; else Safe.
    /// </summary>
    public static string Level(MigrationRisk risk) => risk switch
    {
        _ when risk.Findings.Any(finding => Of(finding) == LintSeverity.Risky && !finding.Categories.HasFlag(RiskCategories.Unjudged)) =>
            nameof(Compatibility.Risky),
        { Level: not Compatibility.Safe } => risk.Level.ToString(),
        { LeastLevel: > RiskLevel.Low } => "Blocking",
        _ => nameof(Compatibility.Safe),
    };

    public static string Word(LintSeverity severity) => severity switch
    {
        LintSeverity.Risky => "risky",
        LintSeverity.Warning => "warning",
        _ => "note",
    };

    /// <summary>Null for <c>never</c>.</summary>
    public static LintSeverity? Threshold(string word) => word switch
    {
        "risky" => LintSeverity.Risky,
        "warning" => LintSeverity.Warning,
        "note" => LintSeverity.Note,
        _ => null,
    };

    /// <summary>The words of a category that has a single bit.</summary>
    public static IReadOnlyList<string> Words(RiskCategories categories) =>
    [
        .. new (RiskCategories Bit, string Word)[]
        {
            (RiskCategories.DataLoss, "data-loss"), (RiskCategories.BreaksApplication, "breaks-application"),
            (RiskCategories.Irreversible, "irreversible"), (RiskCategories.BlockingLock, "blocking-lock"),
            (RiskCategories.Rewrite, "rewrite"), (RiskCategories.NonTransactional, "non-transactional"),
            (RiskCategories.Convention, "convention"), (RiskCategories.Unjudged, "unjudged"),
        }.Where(pair => categories.HasFlag(pair.Bit)).Select(pair => pair.Word),
    ];
}
