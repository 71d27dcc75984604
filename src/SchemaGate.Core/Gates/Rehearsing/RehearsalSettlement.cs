using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;

namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>What became of the last rehearsal: its Job ended, and its report says what it found out.</summary>
internal static class RehearsalSettlement
{
    /// <returns>The record as it is now; the same one where nothing is news.</returns>
    public static RehearsalRecord? Settle(RehearsalEvidence evidence, GateSpec spec, DateTimeOffset now)
    {
        if (evidence.Record is not { IsActive: true } record)
        {
            return evidence.Record;
        }

        record = evidence.Job is { } job ? record with { StartedAt = record.StartedAt ?? job.CreatedAt } : record;
        bool isOver = evidence.Job?.Finished ?? record.StartedAt is not null;
        return isOver ? Ended(record, Report(evidence), spec, now) : record;
    }

    private static RehearsalRecord Ended(RehearsalRecord record, RehearsalReport report, GateSpec spec, DateTimeOffset now)
    {
        record = record with { FinishedAt = now, Report = Placed(report, spec) };
        if (report.Unavailable is { } why)
        {
            int failures = record.Failures + 1;
            bool again = why.Class != FailureClass.Permanent && failures <= spec.Migrate.Retries;
            return record with
            {
                Result = RehearsalResult.Unavailable,
                Failures = failures,
                NextAttemptAt = again ? now + RunSettlement.Pause(record.Job, failures) : null,
            };
        }

        return record with { Result = report.Failure is null ? RehearsalResult.Passed : RehearsalResult.Failed, Failures = 0 };
    }

    /// <summary>A lost connection or a deadlock in a scratch database says nothing of the migration.</summary>
    private static RehearsalReport Report(RehearsalEvidence evidence) => evidence switch
    {
        { Report: { Unavailable: null, Failure: { Class: FailureClass.Transient } passing } report } =>
            report with { Failure = null, Unavailable = passing },
        { Report: { } report } => report,
        { Job: null } => Nothing("JobGone", RunWords.JobGone),
        { Job.Trouble: var trouble } => Nothing("RunnerFailed", trouble ?? RunWords.NoReport),
    };

    private static RehearsalReport Nothing(string kind, string message) =>
        new([], 0) { Unavailable = new(FailureClass.Unknown, kind, message) };

    private static RehearsalReport Placed(RehearsalReport report, GateSpec spec) => report with
    {
        Failure = report.Failure is { } failure ? failure with { File = RunSettlement.FileOf(failure.Migration, spec) } : null,
    };
}
