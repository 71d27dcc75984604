using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Operator;

/// <summary>
/// The webhook of Deployments and Rollouts: writes the record of what is proved already, and recomputes what stands of a hold at every
/// CREATE and UPDATE, whoever writes and whatever changes. What is held is held by the refusal of its ReplicaSet
/// (<see cref="ReplicaSetAdmission"/>); here it is paused only where that is not enough. It answers with registry and database gone, and
/// without a leader.
/// </summary>
/// <param name="view">Gates and revisions.</param>
/// <param name="reader">Reads workloads; a record that SchemaGate did not seal is none.</param>
/// <param name="judge">Decides.</param>
/// <param name="questions">Has judged what is refused.</param>
/// <param name="patches">Writes them.</param>
/// <param name="time">The time of a hold.</param>
internal sealed class DeploymentAdmission(
    ClusterView view, WorkloadReader reader, HoldJudge judge, Questions questions, WorkloadPatch patches, TimeProvider time)
{
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
        Workload workload = HoldJudge.Continued(
            reader.Read(deployment), before, !deployment.Metadata.Annotations.ContainsKey(Names.Released));
        if (Unfollowed(ns, deployment) is { } problem)
        {
            // What stands already is nobody's to refuse: it must still be scaled.
            return before?.Template == workload.Template || ClaimReader.IsTakenAway(request) ? request.Allow() : request.Deny(problem);
        }

        if (ClaimReader.Refusal(request) is { } refusal && !await judge.RunsAsync(workload, Revisions, cancellation))
        {
            return request.Deny(refusal);
        }

        HoldJudge.Judgement judgement = await judge.JudgeAsync(
            ns, workload with { Hold = before?.Hold ?? workload.Hold }, Revisions, cancellation);
        HoldOutcome outcome = HoldJudge.Standing(judgement.Outcome, workload, before);
        if (outcome is HoldOutcome.Held { By: Enforcement.Deny } && before?.Template != workload.Template)
        {
            (outcome, Workload asked) = await questions.AskAsync(
                request, deployment.Word, judgement.Workload, judgement.Revisions, cancellation);
            judgement = judgement with { Workload = asked };
            if (outcome.Told() is HoldOutcome.Held { By: Enforcement.Deny } denied)
            {
                return request.Deny(words.Denial(ns, asked, denied));
            }
        }

        if (outcome.Told() is HoldOutcome.Refused refused)
        {
            return request.Deny($"{refused.Why.Message} ({refused.Why.Reason})");
        }

        string? warning = outcome is HoldOutcome.Held held ? words.Warning(ns, workload, held.Why) : null;
        return request.Allow(
            patches.Of(deployment, Pause(outcome, workload, before, judgement.Revisions), judgement.Workload.Record),
            warning is null ? [] : [warning]);

        async Task<IReadOnlyList<Revision>> Revisions(CancellationToken token) =>
            (await view.Deployments.ReadAsync(deployment, token)).Revisions;
    }

    /// <summary>Why nobody would look after it; null where somebody does.</summary>
    private string? Unfollowed(string ns, Deployment deployment) => (view.Unserved(ns), view.Deployments.RolloutsProblem(ns)) switch
    {
        ({ } unserved, _) => unserved,
        (_, { } problem) when deployment.IsRollout =>
            $"SchemaGate does not look after Rollouts: {problem}. Try again, or remove the label {Names.Gated}.",
        _ => null,
    };

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

    /// <summary>An object that is being created need not name its namespace; the request does.</summary>
    private static Deployment Read(JsonElement value, AdmissionRequest request)
    {
        bool isRollout = request.Kind.Kind == Deployment.Rollouts.Kind;
        Deployment deployment = (isRollout ? Deployment.Rollouts : Deployment.Resource).Read(value);
        deployment.Metadata.NamespaceProperty = request.Namespace;
        return deployment;
    }
}
