using SchemaGate.Api;

namespace SchemaGate.Cli.Status;

/// <summary>A gate's last rehearsal.</summary>
/// <param name="Job">Its Job's name.</param>
/// <param name="State">Starting, Running, Passed, Failed, Unavailable or Canceled.</param>
/// <param name="Since">Since when it is in that state; null while it is starting.</param>
/// <param name="NextAttemptAt">When it is tried again; null where it is not.</param>
/// <param name="Rehearsed">How many migrations ran in the scratch database; null until that is known.</param>
/// <param name="Broken">How many statements of running code they break; null where nobody could tell.</param>
/// <param name="Error">Why it failed, or could not be; null where it did neither.</param>
internal sealed record RehearsalLine(
    string Job, string State, DateTimeOffset? Since, DateTimeOffset? NextAttemptAt, int? Rehearsed, int? Broken, string? Error)
{
    public static RehearsalLine? Of(RehearsalStatus? rehearsal)
    {
        if (rehearsal?.Job is not { } job)
        {
            return null;
        }

        (string state, DateTimeOffset? since) = rehearsal switch
        {
            { Result: { } result } => (result, rehearsal.FinishedAt),
            { StartedAt: null } => ("Starting", null),
            _ => ("Running", rehearsal.StartedAt),
        };
        int? broken = rehearsal.Statements is { Unavailable: null } statements ? statements.Broken : null;
        return new(job, state, since, rehearsal.NextAttemptAt, rehearsal.Rehearsed, broken, rehearsal.Error?.Message);
    }
}
