namespace SchemaGate.Core.Gates;

/// <summary>What a rule closes: the gate, the single requirement of a revision, or both.</summary>
[Flags]
public enum RuleScope
{
    Gate = 1,
    Requirement = 2,
    Both = Gate | Requirement,
}

/// <summary>What a rule found.</summary>
/// <param name="Closes">Whether it closes; a policy that only warns reports without closing.</param>
/// <param name="Reason">A constant of <see cref="Reasons"/>.</param>
/// <param name="Message">One or two sentences: the migration, the file and line, and what to do next.</param>
public sealed record RuleResult(bool Closes, string Reason, string Message);

/// <summary>One rule of the ordered list. A rule whose witness was not read finds nothing: an earlier rule has closed already.</summary>
/// <param name="Name">The rule's name, as in the design's list.</param>
/// <param name="Scope">What it closes.</param>
/// <param name="Condition">The witness condition that it speaks for; null where only the verdict does.</param>
internal sealed record GateRule(string Name, RuleScope Scope, string? Condition, Func<Judgement, RuleResult?> Check);
