namespace SchemaGate.Core.Gates;

/// <summary>What a rule closes: the gate, the single requirement of a revision, or both.</summary>
[Flags]
public enum RuleScope
{
    Gate = 1,
    Requirement = 2,
    Both = Gate | Requirement,
}

/// <summary>One rule of the ordered list. A rule whose witness was not read finds nothing: an earlier rule has closed already.</summary>
/// <param name="Name">The rule's name, as in the design's list.</param>
/// <param name="Scope">What it closes.</param>
/// <param name="Condition">The witness condition that it speaks for; null where only the verdict does.</param>
internal sealed record GateRule(string Name, RuleScope Scope, string? Condition, Func<Judgement, GateReason?> Check);
