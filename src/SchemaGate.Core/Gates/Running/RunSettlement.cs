using System.Security.Cryptography;
using System.Text;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates.Running;

/// <summary>What became of the last run: its Job ended, and the history says what that means.</summary>
internal static class RunSettlement
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <returns>The record as it is now; the same one where nothing is news.</returns>
    public static RunRecord? Settle(RunEvidence run, Judgement judgement, DateTimeOffset now)
    {
        if (run.Record is not { IsActive: true } record)
        {
            return run.Record;
        }

        if (run.Job is { } job)
        {
            record = record with { StartedAt = record.StartedAt ?? job.CreatedAt };
        }

        // What is pending now is not what that run was for.
        if (judgement.Plan is { } plan && !plan.Continues(record.Scope))
        {
            return record;
        }

        // An exit code proves nothing: without the history the end of a run is not known.
        if (judgement.Pending is not { } pending || (run.Job is { } current
            ? !current.Finished
            : record.StartedAt is null && pending.Count > 0))
        {
            return record;
        }

        return pending.Count == 0
            ? record with { Result = RunResult.Succeeded, FinishedAt = now, Failures = 0, Error = null }
            : Failed(record, Cause(run.Job, pending), judgement, now);
    }

    /// <summary>The rows' ids and states: who has resolved one has done something about a failure.</summary>
    public static string Fingerprint(MigrationHistory history) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', history.Rows.Select(row => $"{row.Id} {row.State}")))))[..16];

    /// <summary>
    /// Doubling from ten seconds to five minutes; up to a fifth more by the name's chance, which a restart does not throw again.
    /// </summary>
    internal static TimeSpan Pause(string job, int failures)
    {
        TimeSpan pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 10));
        byte chance = SHA256.HashData(Encoding.UTF8.GetBytes(job))[0];
        return (pause < LongestPause ? pause : LongestPause) * (1 + (chance / 255.0 / 5));
    }

    private static RunRecord Failed(RunRecord record, RunFailure failure, Judgement judgement, DateTimeOffset now)
    {
        int failures = record.Failures + 1;
        // A row that is left unfinished stops every run until somebody has resolved it.
        bool again = failure.Class != FailureClass.Permanent && judgement.Unfinished.Count == 0
            && failures <= judgement.Spec.Migrate.Retries;
        return record with
        {
            Result = RunResult.Failed,
            FinishedAt = now,
            Failures = failures,
            Error = failure with { File = FileOf(failure.Migration, judgement.Spec) },
            NextAttemptAt = again ? now + Pause(record.Job, failures) : null,
            History = Fingerprint(judgement.History!),
        };
    }

    internal static string? FileOf(string? migration, GateSpec spec) =>
        migration is null ? null : $"{spec.Changelog.Migrations}/{migration}/migration.sql";

    private static RunFailure Cause(JobObservation? job, IReadOnlyList<string> pending) => job switch
    {
        { Report.Failure: { } failure } => failure,
        null => new(FailureClass.Unknown, "JobGone", RunWords.JobGone),
        { Succeeded: true } => new(FailureClass.Permanent, "NothingApplied", RunWords.NothingApplied(pending)),
        _ => new(FailureClass.Unknown, "RunnerFailed", job.Trouble ?? RunWords.NoReport),
    };
}
