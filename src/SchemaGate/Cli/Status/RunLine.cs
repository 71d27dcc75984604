using SchemaGate.Api;

namespace SchemaGate.Cli.Status;

/// <summary>A gate's last run.</summary>
/// <param name="Job">Its Job's name.</param>
/// <param name="Attempt">Counts the gate's runs, from 1.</param>
/// <param name="State">Starting, Running, Succeeded, Failed or Canceled.</param>
/// <param name="Since">Since when it is in that state; null while it is starting.</param>
/// <param name="NextAttemptAt">When it is tried again; null where it is not.</param>
/// <param name="Migration">The migration that failed, and the next why; both are null where nothing did.</param>
internal sealed record RunLine(
    string Job, int Attempt, string State, DateTimeOffset? Since, DateTimeOffset? NextAttemptAt, string? Migration, string? Error)
{
    public static RunLine? Of(RunStatus? run)
    {
        if (run?.Job is not { } job)
        {
            return null;
        }

        (string state, DateTimeOffset? since) = run switch
        {
            { Result: { } result } => (result, run.FinishedAt),
            { StartedAt: null } => ("Starting", null),
            _ => ("Running", run.StartedAt),
        };
        return new(job, run.Attempt ?? 1, state, since, run.NextAttemptAt, run.Error?.Migration, run.Error?.Message);
    }
}
