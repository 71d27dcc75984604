using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates.Running;

/// <summary>How a run ended.</summary>
public enum RunResult
{
    /// <summary>The history has every migration.</summary>
    Succeeded,

    Failed,

    /// <summary>It was ended because the gate asks for something else now.</summary>
    Canceled,
}

/// <summary>
/// The gate's last run, as status keeps it: everything that the next step needs is here, so that a restart forgets nothing.
/// </summary>
/// <param name="Job">The Job's name, which follows from gate, plan and attempt: creating it again is harmless.</param>
/// <param name="Plan">The hash of what it was to do.</param>
/// <param name="Scope">See <see cref="RunPlan.Scope"/>.</param>
/// <param name="Attempt">Counts the gate's runs, from 1; never reset, so that no name comes twice.</param>
/// <param name="Failures">How many runs of this scope have failed in a row, this one included.</param>
public sealed record RunRecord(string Job, string Plan, string Scope, int Attempt, int Failures)
{
    /// <summary>When its Job was made; null until that has been seen.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Null while it runs.</summary>
    public RunResult? Result { get; init; }

    public RunFailure? Error { get; init; }

    /// <summary>When it is tried again; null where it is not.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The history when it failed, as a hash: when it is another one, somebody has done something about it.</summary>
    public string? History { get; init; }

    /// <summary>The value of the annotation <see cref="Names.Retry"/> when it started.</summary>
    public string? Retry { get; init; }

    /// <summary>The image's reference as the gate named it; null in a status that knew none.</summary>
    public string? Image { get; init; }

    /// <summary>See <see cref="RunSettings.Fingerprint"/>: when that is another one, somebody has done something about a failure.</summary>
    public string? Settings { get; init; }

    public bool IsActive => Result is null;
}

/// <summary>What is known of a run's Job.</summary>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Finished">Whether its pod has ended, or nothing is to be heard of it any more.</param>
/// <param name="Succeeded">Whether that ended well, by its exit code: no proof of anything.</param>
/// <param name="Report">What its container reported; null where it said nothing that can be read.</param>
/// <param name="Trouble">What keeps its pod from starting, or ended it from outside, in a sentence.</param>
public sealed record JobObservation(
    string Name,
    DateTimeOffset CreatedAt,
    bool Finished,
    bool Succeeded,
    RunReport? Report,
    string? Trouble);

/// <summary>What a gate's runs rest on beside its evidence.</summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="Namespace">The gate's namespace.</param>
/// <param name="Uid">The gate's uid.</param>
/// <param name="Record">The last run.</param>
/// <param name="Job">The Job of that run; null where there is none.</param>
/// <param name="Approval">The last approval that is genuine, whatever it approves.</param>
/// <param name="Retry">The value of the annotation <see cref="Names.Retry"/>.</param>
/// <param name="Problem">Why this operator cannot run anything, in a sentence; null where it can.</param>
public sealed record RunEvidence(
    string Gate,
    string Namespace,
    string Uid,
    RunRecord? Record,
    JobObservation? Job,
    Approval? Approval,
    string? Retry = null,
    string? Problem = null)
{
    /// <summary>The gate's rehearsals.</summary>
    public RehearsalEvidence Rehearsal { get; init; } = RehearsalEvidence.None;
}

/// <summary>Why a run is ended before its time.</summary>
public enum CancelReason
{
    ModeIsExternal,
    AnotherImage,
    AnotherPlan,
    MoreIsPending,
    Suspended,
}

/// <summary>What is to be done about a gate's run.</summary>
public abstract record RunAction
{
    private RunAction()
    {
    }

    /// <summary>Make the record's Job, unless it is there.</summary>
    public sealed record Start(RunRecord Record) : RunAction;

    /// <summary>Make the rehearsal's Job, unless it is there.</summary>
    public sealed record Rehearse(RehearsalRecord Record) : RunAction;

    /// <summary>End this Job: the gate asks for something else now.</summary>
    public sealed record Cancel(string Job, CancelReason Why) : RunAction
    {
        /// <summary>A clause.</summary>
        public string Message => RunWords.Of(Why);
    }
}
