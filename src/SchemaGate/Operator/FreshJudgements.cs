using SchemaGate.Api;
using SchemaGate.Core.Gates;

namespace SchemaGate.Operator;

/// <summary>
/// A moment's wait for what the leader is just finding out about a revision that a Deployment was given a moment ago. The Deployment
/// controller keeps the words of the first refusal, whatever a later one says, and what is let through at once was never held.
/// </summary>
/// <param name="reader">Reads Deployments.</param>
/// <param name="time">Measures the wait.</param>
internal sealed class FreshJudgements(WorkloadReader reader, TimeProvider time)
{
    /// <summary>The Deployment controller has five workers for the whole cluster: not all of them may wait here.</summary>
    private const int AtOnce = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private int waiting;

    /// <param name="owner">The Deployment as it is.</param>
    /// <param name="workload">Its ReplicaSet that is being born.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The workload with the record or the note that its Deployment has got; as it was where nobody judged it by then.</returns>
    public async Task<Workload> AwaitAsync(
        Func<Deployment?> owner, Workload workload, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref waiting) > AtOnce)
            {
                return workload;
            }

            long began = time.GetTimestamp();
            while (time.GetElapsedTime(began) < Patience)
            {
                if (owner() is { } found && reader.Read(found) is var judged && IsJudged(judged, workload))
                {
                    return workload with { Record = judged.Record, Hold = judged.Hold };
                }

                await Task.Delay(Interval, time, cancellation);
            }

            return workload;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private static bool IsJudged(Workload judged, Workload workload) => judged.Template == workload.Template
        && (judged.Record is not null || judged.Hold is { Reason: not Reasons.AwaitingDecision });
}
