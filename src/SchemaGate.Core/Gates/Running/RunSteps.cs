using System.Security.Cryptography;
using System.Text;

namespace SchemaGate.Core.Gates.Running;

/// <summary>
/// The next step of a gate's runs. Each can be repeated: a Job's name follows from the record that was written before it.
/// </summary>
internal static class RunSteps
{
    /// <summary>What a run is for; whatever else closes a gate keeps it from running, too.</summary>
    private static readonly HashSet<string> Opened =
        [Reasons.MigrationsPending, Reasons.DatabaseMissing, Reasons.HistoryRegressed, Reasons.MigrationRetrying, Reasons.MigrationFailed,
            Reasons.Migrating];

    /// <param name="run">The gate and its last run, settled.</param>
    /// <param name="plan">What there is to do; null where it is not known.</param>
    /// <param name="judgement">The evidence.</param>
    /// <param name="closing">The reasons that close the gate.</param>
    /// <param name="now">The time.</param>
    public static (RunRecord? Record, RunAction? Action) Next(
        RunEvidence run, RunPlan? plan, Judgement judgement, IReadOnlyList<string> closing, DateTimeOffset now)
    {
        bool mayRun = judgement.Spec.Migrate.Mode == MigrateMode.Job && plan is not null && judgement.Pending is { Count: > 0 }
            && judgement.Obstacle is null && judgement.Unfinished.Count == 0 && closing.All(Opened.Contains);
        if (run.Record is { IsActive: true } record)
        {
            return Active(run, record, plan, judgement, mayRun, now);
        }

        return mayRun && Due(run, plan!, judgement, now) is { } failures
            ? Start(run, plan!, judgement.Spec, failures)
            : (run.Record, null);
    }

    private static (RunRecord? Record, RunAction? Action) Active(
        RunEvidence run, RunRecord record, RunPlan? plan, Judgement judgement, bool mayRun, DateTimeOffset now)
    {
        if (Unwanted(run, record, plan, judgement.Spec) is { } why)
        {
            RunRecord ended = record with { Result = RunResult.Canceled, FinishedAt = now };
            return (ended, run.Job is { Finished: false } ? new RunAction.Cancel(record.Job, why) : null);
        }

        record = plan is null ? record : record with { Image = judgement.Spec.Changelog.Image };
        return (record, mayRun && run.Job is null && record.StartedAt is null ? new RunAction.Start(record) : null);
    }

    /// <returns>Why a run is not wanted any more; null where it is.</returns>
    private static CancelReason? Unwanted(RunEvidence run, RunRecord record, RunPlan? plan, GateSpec spec) => plan switch
    {
        _ when spec.Migrate.Mode == MigrateMode.External => CancelReason.ModeIsExternal,
        // Which image that is can be read later: what it replaces is not wanted any more.
        null when record.Image is { } image && image != spec.Changelog.Image => CancelReason.AnotherImage,
        { } known when !known.Continues(record.Scope) => CancelReason.AnotherPlan,
        { } known when run.Job is null && record.StartedAt is null && !known.IsPartOf(record.Plan, record) => CancelReason.MoreIsPending,
        _ when run.Job is null && spec.Suspend => CancelReason.Suspended,
        _ => null,
    };

    /// <returns>How many failures in a row came before a run that is due; null where none is.</returns>
    private static int? Due(RunEvidence run, RunPlan plan, Judgement judgement, DateTimeOffset now)
    {
        bool isNews = run.Record is not { Result: RunResult.Failed } record || !plan.Continues(record.Scope) || record.Retry != run.Retry
            || (record.Settings is { } settings && settings != judgement.Spec.Migrate.Fingerprint)
            || (record.History is { } then && judgement.History is { } history && then != RunSettlement.Fingerprint(history));
        if (isNews)
        {
            return 0;
        }

        return run.Record!.NextAttemptAt <= now ? run.Record.Failures : null;
    }

    private static (RunRecord? Record, RunAction? Action) Start(RunEvidence run, RunPlan plan, GateSpec spec, int failures)
    {
        int attempt = (run.Record?.Attempt ?? 0) + 1;
        RunRecord record = new(JobName(run, "migrate", plan.Hash, attempt), plan.Hash, plan.Scope, attempt, failures)
        {
            Retry = run.Retry,
            Image = spec.Changelog.Image,
            Settings = spec.Migrate.Fingerprint
        };
        return (record, new RunAction.Start(record));
    }

    /// <summary>A Job's name is a label's value, too: at most 63 characters.</summary>
    /// <param name="run">The gate.</param>
    /// <param name="what">What the Job does, in one word: another makes another name.</param>
    /// <param name="plan">The plan's hash.</param>
    /// <param name="attempt">Counts them.</param>
    internal static string JobName(RunEvidence run, string what, string plan, int attempt)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{run.Uid}\n{plan}\n{attempt}")))[..10];
        string gate = run.Gate.Length > 40 ? run.Gate[..40].TrimEnd('-', '.') : run.Gate;
        return $"{gate}-{what}-{hash}";
    }
}
