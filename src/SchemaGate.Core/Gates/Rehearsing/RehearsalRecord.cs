using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Rehearsals;

namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>How a rehearsal ended.</summary>
public enum RehearsalResult
{
    /// <summary>Every pending migration ran in the scratch database.</summary>
    Passed,

    /// <summary>One of them failed there.</summary>
    Failed,

    /// <summary>Nothing could be rehearsed: nothing is known.</summary>
    Unavailable,

    /// <summary>Nothing is pending any more.</summary>
    Canceled,
}

/// <summary>The gate's last rehearsal, as status keeps it, with everything that the next step needs.</summary>
/// <param name="Job">The Job's name, which follows from gate, plan and attempt: creating it again is harmless.</param>
/// <param name="Plan">The hash of what it rehearses.</param>
/// <param name="Attempt">Counts the gate's rehearsals, from 1; never reset, so that no name comes twice.</param>
/// <param name="Failures">How many in a row found nothing out, this one included.</param>
public sealed record RehearsalRecord(string Job, string Plan, int Attempt, int Failures)
{
    /// <summary>When its Job was made; null until that has been seen.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Null while it runs.</summary>
    public RehearsalResult? Result { get; init; }

    public RehearsalReport? Report { get; init; }

    /// <summary>When it is tried again; null where it is not.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The value of the annotation <see cref="Names.Retry"/> when it started.</summary>
    public string? Retry { get; init; }

    /// <summary>See <see cref="RunSettings.Fingerprint"/>.</summary>
    public string? Settings { get; init; }

    public bool IsActive => Result is null;

    /// <summary>Whether it tells nothing yet, and will.</summary>
    public bool IsAwaited => IsActive || NextAttemptAt is not null;
}

/// <summary>What is known of a gate's rehearsals.</summary>
/// <param name="Record">The last one.</param>
/// <param name="Job">Its Job; null where there is none.</param>
/// <param name="Report">What its container reported; null where it said nothing that can be read.</param>
/// <param name="Problem">Why this operator cannot rehearse anything, in a sentence; null where it can.</param>
public sealed record RehearsalEvidence(
    RehearsalRecord? Record, JobObservation? Job, RehearsalReport? Report = null, string? Problem = null)
{
    public static RehearsalEvidence None { get; } = new(null, null);

    /// <summary>What the last one found out; null where that is nothing.</summary>
    public RehearsalReport? Known => Report ?? Record?.Report;
}
