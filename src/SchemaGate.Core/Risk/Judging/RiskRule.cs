using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>A rule: what it is called, and a pure function that says where it applies.</summary>
/// <param name="Title">One line that says what happens, without a full stop.</param>
/// <param name="SafeWay">What to do instead; empty where there is nothing.</param>
internal sealed record RiskRule(string Id, string Title, RiskCategories Categories, RiskSeverity Severity, string SafeWay = "")
{
    /// <summary>Asked for each statement, and for each action of ALTER TABLE.</summary>
    public Func<StatementContext, IEnumerable<Hit>> Judge { get; init; } = static _ => [];

    /// <summary>Asked once, when all statements are known.</summary>
    public Func<MigrationContext, IEnumerable<Hit>> JudgeWhole { get; init; } = static _ => [];

    /// <summary>A matter of taste: judged where somebody asks for it.</summary>
    public bool IsOptional { get; init; }
}

/// <summary>A place where a rule applies.</summary>
/// <param name="Message">One sentence with the names of the objects.</param>
internal sealed record Hit(string Message)
{
    /// <summary>Another severity than the rule's.</summary>
    public RiskSeverity? Severity { get; init; }

    /// <summary>Narrower than the action or the statement.</summary>
    public TextSpan? Span { get; init; }

    /// <summary>Too little is known; this is the worst.</summary>
    public bool IsAssumed { get; init; }
}
