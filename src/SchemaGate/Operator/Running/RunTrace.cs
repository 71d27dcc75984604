using System.Diagnostics;
using k8s.Models;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Running;

/// <summary>
/// A run as the operator sees it, told when it is known to have ended, by whichever replica leads then: the Job says what it belongs to.
/// </summary>
internal static class RunTrace
{
    /// <param name="job">Its Job; null where that is gone, and with it the trace.</param>
    /// <param name="run">How it ended.</param>
    /// <param name="now">The time, for a Job whose end nobody has written down.</param>
    public static void Tell(V1Job? job, RunRecord run, DateTimeOffset now)
    {
        if (Activities.Parse(job?.Metadata.Annotations.Find(Names.Traceparent)) is not { } started)
        {
            return;
        }

        DateTimeOffset from = (job!.Status?.StartTime ?? job.Metadata.CreationTimestamp).ToOffset() ?? now;
        DateTimeOffset to = (job.Status?.CompletionTime ?? job.End()?.LastTransitionTime).ToOffset() ?? now;
        using Activity? activity = Activities.Run(started, from, to > from ? to : now)
            .Of(job.Metadata.NamespaceProperty, "Job", run.Job);
        if (run.Result is not RunResult.Succeeded)
        {
            // What a runner reports of itself may be any text.
            activity.Fail((run.Error?.Class)?.ToString() ?? run.Result.ToString()!);
        }
    }
}
