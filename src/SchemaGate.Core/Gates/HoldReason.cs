using SchemaGate.Core.Gates.Wording;

namespace SchemaGate.Core.Gates;

/// <summary>Why a workload's revision is held or refused: facts. The set is closed; <see cref="HoldWords"/> has the sentences.</summary>
/// <param name="Reason">A constant of <see cref="Reasons"/>.</param>
public abstract record HoldReason(string Reason)
{
    public string Message => HoldWords.Of(this);

    /// <summary>The annotation cannot be read.</summary>
    public sealed record RequirementInvalid(string Problem) : HoldReason(Reasons.RequirementInvalid);

    /// <summary>The pod template lacks the label by which its pods are known.</summary>
    public sealed record TemplateUngated() : HoldReason(Reasons.RequirementInvalid);

    public sealed record RequirementUnpinned(string Gate) : HoldReason(Reasons.RequirementUnpinned);

    public sealed record GateNotFound(string Gate) : HoldReason(Reasons.GateNotFound);

    /// <summary>The gate is there, and nobody can read what it says.</summary>
    public sealed record GateUnreadable(string Gate, string Problem) : HoldReason(Reasons.GateUnreadable);

    /// <summary>The release is another database's.</summary>
    public sealed record DatabaseChanged(Requirement Requirement) : HoldReason(Reasons.DatabaseChanged);

    public sealed record AwaitingDecision(Requirement Requirement) : HoldReason(Reasons.AwaitingDecision);

    /// <summary>The requirement was judged, and a rule closes it.</summary>
    public sealed record Closed(string Gate, GateReason Why) : HoldReason(Why.Reason);
}
