using SchemaGate.Core.Gates.Running;

namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>
/// The next step of a gate's rehearsals. Each can be repeated: a Job's name follows from the record that was written before it.
/// </summary>
internal static class RehearsalSteps
{
    /// <summary>What may close a gate whose pending migrations are rehearsed; whatever else does is to be mended first.</summary>
    private static readonly HashSet<string> Beside =
    [
        Reasons.MigrationsPending, Reasons.HistoryRegressed, Reasons.MigrationRetrying, Reasons.MigrationFailed, Reasons.ApprovalRequired,
        Reasons.Rehearsing, Reasons.RehearsalFailed, Reasons.StatementsBroken, Reasons.StatementsNotProven, Reasons.ContractWaits,
        Reasons.ContractStuck, Reasons.Migrating,
    ];

    /// <summary>How long a proof counts while what is pending waits.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    /// <param name="judgement">The evidence, with the last rehearsal, settled.</param>
    /// <param name="closing">The reasons that close the gate.</param>
    /// <param name="now">The time.</param>
    public static (RehearsalRecord? Record, RunAction.Rehearse? Action) Next(
        Judgement judgement, IReadOnlyList<string> closing, DateTimeOffset now)
    {
        RehearsalRecord? last = judgement.Run?.Rehearsal.Record;
        if (judgement.Run is not { } run)
        {
            return (null, null);
        }

        if (judgement.Spec.Rehearsal.Mode == RehearsalMode.Never)
        {
            // What it found counts no more; its number does, so that no Job of before is taken for a new one.
            return (last is null ? null : Canceled(last, now) with { Report = null }, null);
        }

        if (judgement.Pending is { Count: 0 } && last is { IsAwaited: true })
        {
            return (Canceled(last, now), null);
        }

        bool may = judgement is { RehearsalPlan: not null, RehearsalObstacle: null, Unfinished.Count: 0 }
            && !IsAtWork(run) && closing.All(Beside.Contains);
        if (judgement.Rehearsal is { IsActive: true } record)
        {
            return (record, may && run.Rehearsal.Job is null && record.StartedAt is null ? new RunAction.Rehearse(record) : null);
        }

        bool due = judgement.Rehearsal is not { } ended || ended.NextAttemptAt <= now || IsStale(judgement.Spec, ended, now);
        return may && due ? Start(run, judgement, last) : (last, null);
    }

    /// <summary>Whether a run has begun, and not only been announced.</summary>
    internal static bool IsAtWork(RunEvidence run) => run.Record is { IsActive: true } record
        && (run.Job is not null || record.StartedAt is not null);

    private static RehearsalRecord Canceled(RehearsalRecord last, DateTimeOffset now) =>
        last with { Result = RehearsalResult.Canceled, FinishedAt = last.FinishedAt ?? now, NextAttemptAt = null };

    /// <summary>Code that was deployed since uses other statements.</summary>
    private static bool IsStale(GateSpec spec, RehearsalRecord ended, DateTimeOffset now) =>
        spec.AsksForStatements && ended.Result == RehearsalResult.Passed && ended.FinishedAt + Fresh <= now;

    private static (RehearsalRecord Record, RunAction.Rehearse Action) Start(RunEvidence run, Judgement judgement, RehearsalRecord? last)
    {
        string plan = judgement.RehearsalPlan!.Hash;
        int attempt = (last?.Attempt ?? 0) + 1;
        RehearsalRecord record = new(
            RunSteps.JobName(run, "rehearse", plan, attempt), plan, attempt, judgement.Rehearsal?.Failures ?? 0)
        {
            Retry = run.Retry,
            Settings = judgement.Spec.Migrate.Fingerprint,
        };
        return (record, new(record));
    }
}
