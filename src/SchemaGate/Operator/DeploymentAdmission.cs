using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator;

/// <summary>
/// The Deployments' webhook: writes the record of what is proved already, and recomputes what stands of a hold at every CREATE and UPDATE,
/// whoever writes and whatever changes. What is held is held by the refusal of its ReplicaSet (<see cref="ReplicaSetAdmission"/>); here it
/// is paused only where that is not enough. It answers with registry and database gone, and without a leader.
/// </summary>
/// <param name="view">Gates and revisions.</param>
/// <param name="reader">Reads workloads; a record that SchemaGate did not seal is none.</param>
/// <param name="proofs">What is proved already.</param>
/// <param name="patches">Writes them.</param>
/// <param name="time">The time of a hold.</param>
internal sealed class DeploymentAdmission(
    ClusterView view, WorkloadReader reader, BirthProofs proofs, WorkloadPatch patches, TimeProvider time)
{
    /// <summary>Less than the webhook's ten seconds: who asks a replica that is cut off is told so, and can ask another.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly HeldWords words = new(view);

    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        if (request.Object is not { ValueKind: JsonValueKind.Object } now
            || Read(now, request) is not { Metadata.DeletionTimestamp: null } deployment)
        {
            return request.Allow();
        }

        string ns = deployment.Metadata.NamespaceProperty!;
        Workload? before = request.OldObject is { ValueKind: JsonValueKind.Object } old ? reader.Read(Read(old, request)) : null;
        Workload workload = Continued(deployment, reader.Read(deployment), before);
        if (!view.Watches(ns))
        {
            // What stands already is nobody's to refuse: it must still be scaled.
            return before?.Template == workload.Template ? request.Allow() : request.Deny(ClusterView.Unwatched(ns));
        }

        if (ClaimReader.Refusal(request) is { } refusal)
        {
            return request.Deny(refusal);
        }

        Decided decided = await DecideAsync(deployment, workload, before, cancellation);
        HoldOutcome outcome = Standing(decided.Outcome, workload, before);
        if (outcome is HoldOutcome.Refused refused)
        {
            return request.Deny($"{refused.Why.Message} ({refused.Why.Reason})");
        }

        string? warning = outcome is HoldOutcome.Held held ? words.Warning(ns, workload, held.Why) : null;
        return request.Allow(
            patches.Of(deployment, Pause(outcome, workload, before, decided.Revisions), decided.Workload.Record),
            warning is null ? [] : [warning]);
    }

    /// <summary>What is held from now on is noted by the leader, with its reason; here only what must be paused at once.</summary>
    private Pause Pause(HoldOutcome outcome, Workload workload, Workload? before, IReadOnlyList<Revision> revisions)
    {
        bool isPausing = (before?.Hold?.Paused ?? workload.Hold?.Paused) is not null;
        bool isNeeded = outcome is HoldOutcome.Held
            && (PauseNeed.Of(workload, revisions) || (isPausing && PauseNeed.IsStale(workload, revisions)));
        return isNeeded || (before?.Hold ?? workload.Hold) is not null
            ? Core.Gates.Pause.For(outcome, workload, before, isNeeded, time.GetUtcNow())
            : new(workload.Paused, Hold: null);
    }

    /// <summary>
    /// A record outlives a write that leaves it out, while the template stays the same. What is there and proves nothing was left so on
    /// purpose: the operator takes a release back by an empty text.
    /// </summary>
    private static Workload Continued(Deployment deployment, Workload workload, Workload? before)
    {
        bool leftOut = !deployment.Metadata.Annotations.ContainsKey(Names.Released) && before?.Template == workload.Template;
        RevisionRecord? record = leftOut ? before!.Record : workload.Record;
        return workload with { Record = workload.Gated ? record : null };
    }

    /// <summary>What costs nothing is asked first, and the API server before anything is held.</summary>
    private async Task<Decided> DecideAsync(Deployment deployment, Workload workload, Workload? before, CancellationToken cancellation)
    {
        GateView? Gate(string name) => view.View(deployment.Metadata.NamespaceProperty!, name);
        Workload asked = workload with { Hold = before?.Hold ?? workload.Hold };
        HoldOutcome outcome = HoldDecision.Decide(asked, [], Gate);
        if (outcome is HoldOutcome.Held)
        {
            asked = await proofs.AddAsync(deployment.Metadata.NamespaceProperty!, asked, cancellation);
            outcome = HoldDecision.Decide(asked, [], Gate);
        }

        if (outcome is HoldOutcome.Pass)
        {
            return new(outcome, asked, []);
        }

        IReadOnlyList<Revision> revisions = await RevisionsAsync(deployment, cancellation);
        return new(HoldDecision.Decide(asked, revisions, Gate), asked, revisions);
    }

    private async Task<IReadOnlyList<Revision>> RevisionsAsync(Deployment deployment, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return (await view.ReadAsync(deployment, either.Token)).Revisions;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new KubernetesException(
                StatusReason.Timeout,
                $"the API server did not tell SchemaGate within {Patience.TotalSeconds:0} s which revisions there are; try again",
                retryable: true);
        }
    }

    /// <summary>A template that stands already cannot be refused any more (scaling it must still work): it is held.</summary>
    private static HoldOutcome Standing(HoldOutcome outcome, Workload workload, Workload? before) =>
        outcome is HoldOutcome.Refused refused && before?.Template == workload.Template
            ? new HoldOutcome.Held(Gate: null, refused.Why)
            : outcome;

    /// <summary>An object that is being created need not name its namespace; the request does.</summary>
    private static Deployment Read(JsonElement value, AdmissionRequest request)
    {
        Deployment deployment = Deployment.Resource.Read(value);
        deployment.Metadata.NamespaceProperty = request.Namespace;
        return deployment;
    }

    /// <summary>A decision with what it rests on; the revisions are not read where the workload passes without.</summary>
    private sealed record Decided(HoldOutcome Outcome, Workload Workload, IReadOnlyList<Revision> Revisions);
}
