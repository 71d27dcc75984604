using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;

namespace SchemaGate.Operator;

/// <summary>Decides in admission whether a workload's revision is held, without a leader, and with registry and database gone.</summary>
/// <param name="view">The gates.</param>
/// <param name="proofs">What is proved already.</param>
/// <param name="time">Measures the wait for the API server.</param>
internal sealed class HoldJudge(ClusterView view, BirthProofs proofs, TimeProvider time)
{
    /// <summary>Less than a webhook's ten seconds: who asks a replica that is cut off is told so, and can ask another.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>What costs nothing is asked first, and the API server before anything is held.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="workload">As it is to become, with the hold that is noted.</param>
    /// <param name="read">Asks the API server which revisions there are.</param>
    /// <param name="cancellation">Ends the requests.</param>
    public async Task<Judgement> JudgeAsync(
        string ns, Workload workload, Func<CancellationToken, Task<IReadOnlyList<Revision>>> read, CancellationToken cancellation)
    {
        (HoldOutcome outcome, Workload proved) = await ProveAsync(ns, workload, cancellation);
        if (outcome is HoldOutcome.Pass)
        {
            return new(outcome, proved, []);
        }

        IReadOnlyList<Revision> revisions = await BoundedAsync(read, cancellation);
        return new(HoldDecision.Decide(proved, revisions, name => view.View(ns, name)), proved, revisions);
    }

    /// <returns>What is decided from the records and the gates alone, and the workload with what they prove.</returns>
    public async Task<(HoldOutcome Outcome, Workload Proved)> ProveAsync(string ns, Workload workload, CancellationToken cancellation)
    {
        GateView? Gate(string name) => view.View(ns, name);
        HoldOutcome outcome = HoldDecision.Decide(workload, [], Gate);
        if (outcome is not HoldOutcome.Held)
        {
            return (outcome, workload);
        }

        Workload proved = await proofs.AddAsync(ns, workload, cancellation);
        return (HoldDecision.Decide(proved, [], Gate), proved);
    }

    /// <summary>Whether a template runs: it is gone back to, whatever it says of being gated; it may be older than its label.</summary>
    public async Task<bool> RunsAsync(
        Workload workload, Func<CancellationToken, Task<IReadOnlyList<Revision>>> read, CancellationToken cancellation) =>
        (await BoundedAsync(read, cancellation)).Any(revision => revision.Active && revision.Template == workload.Template);

    /// <exception cref="KubernetesException">Timeout: the API server took too long.</exception>
    private async Task<IReadOnlyList<Revision>> BoundedAsync(
        Func<CancellationToken, Task<IReadOnlyList<Revision>>> read, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await read(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new KubernetesException(
                StatusReason.Timeout,
                $"the API server did not tell SchemaGate within {Patience.TotalSeconds:0} s which revisions there are; try again",
                retryable: true);
        }
    }

    /// <summary>A record outlives a write that leaves it out, while the template stays the same.</summary>
    /// <param name="workload">As it is to become.</param>
    /// <param name="before">As it was.</param>
    /// <param name="isLeftOut">
    /// Whether there is no record at all. What is there and proves nothing was left so on purpose: the operator takes a release back by an
    /// empty text.
    /// </param>
    public static Workload Continued(Workload workload, Workload? before, bool isLeftOut)
    {
        RevisionRecord? record = isLeftOut && before?.Template == workload.Template ? before.Record : workload.Record;
        return workload with { Record = workload.Gated ? record : null };
    }

    /// <summary>A template that stands already cannot be refused any more (scaling it must still work): it is held.</summary>
    public static HoldOutcome Standing(HoldOutcome outcome, Workload workload, Workload? before) =>
        outcome is HoldOutcome.Refused refused && before?.Template == workload.Template
            ? new HoldOutcome.Held(Gate: null, refused.Why)
            : outcome;

    /// <summary>A decision with what it rests on; the revisions are not read where the workload passes without.</summary>
    internal sealed record Judgement(HoldOutcome Outcome, Workload Workload, IReadOnlyList<Revision> Revisions);
}
