using SchemaGate.Core.Gates.Wording;

namespace SchemaGate.Core.Gates;

/// <summary>
/// The answer to who asks whether a requirement is released: facts. The set is closed; <see cref="VerdictWords"/> has the sentences.
/// </summary>
/// <param name="Released">Whether whoever waits for it may go on.</param>
/// <param name="Reason">A constant of <see cref="Reasons"/>.</param>
public abstract record VerdictAnswer(bool Released, string Reason)
{
    /// <summary>One or two sentences for people.</summary>
    public string Message => VerdictWords.Of(this);

    public sealed record Satisfied(Requirement Asked) : VerdictAnswer(Released: true, Reasons.Satisfied);

    public sealed record Overridden(Requirement Asked) : VerdictAnswer(Released: true, Reasons.Overridden);

    public sealed record NotEnforced(string Gate) : VerdictAnswer(Released: true, Reasons.NotEnforced);

    public sealed record GateNotFound(string Gate) : VerdictAnswer(Released: false, Reasons.GateNotFound);

    public sealed record RequirementUnpinned(string Gate) : VerdictAnswer(Released: false, Reasons.RequirementUnpinned);

    public sealed record Suspended(string Gate) : VerdictAnswer(Released: false, Reasons.Suspended);

    public sealed record HistoryRegressed(Requirement Asked) : VerdictAnswer(Released: false, Reasons.HistoryRegressed);

    public sealed record DatabaseChanged(Requirement Asked) : VerdictAnswer(Released: false, Reasons.DatabaseChanged);

    public sealed record RequirementUnknown(Requirement Asked) : VerdictAnswer(Released: false, Reasons.RequirementUnknown);

    public sealed record AwaitingDecision(Requirement Asked) : VerdictAnswer(Released: false, Reasons.AwaitingDecision);

    /// <summary>What is on record says why: the gate's status, or a workload's hold.</summary>
    public sealed record OnRecord(string Reason, string Words) : VerdictAnswer(Released: false, Reason);
}
