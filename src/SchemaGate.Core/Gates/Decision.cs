using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;

namespace SchemaGate.Core.Gates;

/// <summary>What was decided about a gate, and everything that its status says.</summary>
/// <param name="Reason">The first rule that closed, or <see cref="Reasons.Open"/>.</param>
/// <param name="Conditions">The kstatus conditions and one per witness that was read.</param>
/// <param name="Plan">What applying the pending migrations will do; null while there are none, or it is unknown.</param>
/// <param name="Findings">All that the document says wrongly, whether it closes the gate or not; empty while it is unknown.</param>
/// <param name="RecheckAfter">When to look again, if nothing happens before.</param>
public sealed record Decision(
    Verdict Verdict,
    string Reason,
    string Message,
    IReadOnlyList<GateCondition> Conditions,
    MigrationSummary? Migrations,
    PlanSummary? Plan,
    IReadOnlyList<Finding> Findings,
    TimeSpan RecheckAfter)
{
    /// <summary>The last run as status is to say it, before <see cref="Action"/> is taken; null where there never was one.</summary>
    public RunRecord? Run { get; init; }

    /// <summary>What the gate's receiver knows and is owed; null where nobody is told.</summary>
    public NotifyRecord? Notify { get; init; }

    /// <summary>What is to be done about the run; null where nothing is.</summary>
    public RunAction? Action { get; init; }

    /// <summary>The last rehearsal as status is to say it, before <see cref="Rehearse"/> is taken; null where there is none.</summary>
    public RehearsalRecord? Rehearsal { get; init; }

    /// <summary>Whether its Job is to be made; null where it is not.</summary>
    public RunAction.Rehearse? Rehearse { get; init; }
}

/// <summary>The migrations of a gate by state; null in <see cref="Decision"/> while image or history is unknown.</summary>
/// <param name="Required">How many the gate requires.</param>
/// <param name="Applied">How many of those are applied.</param>
/// <param name="Pending">Those that are not, in order.</param>
/// <param name="Failed">Begun and not finished, while nobody runs.</param>
/// <param name="Edited">Applied from another text than the image's.</param>
/// <param name="Unknown">Applied, and not in the image.</param>
/// <param name="Through">The last required one.</param>
public sealed record MigrationSummary(
    int Required,
    int Applied,
    IReadOnlyList<string> Pending,
    IReadOnlyList<string> Failed,
    IReadOnlyList<string> Edited,
    IReadOnlyList<string> Unknown,
    string? Through);
