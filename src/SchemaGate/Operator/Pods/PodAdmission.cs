using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Operator.Pods;

/// <summary>
/// The pods' webhook, but for those of ReplicaSets without the label that asks for it: what is not released is made, and waits. A CronJob
/// so misses no run, and a set's first revision starts by itself; what runs of a set is made again. The decision needs neither leader nor
/// database.
/// </summary>
/// <param name="view">The gates.</param>
/// <param name="reader">Reads the records of a set's revisions.</param>
/// <param name="judge">Decides.</param>
/// <param name="questions">Has judged what is refused.</param>
/// <param name="hold">Keeps them from starting.</param>
internal sealed class PodAdmission(ClusterView view, WorkloadReader reader, HoldJudge judge, Questions questions, PodHold hold)
{
    private readonly HeldWords words = new(view);

    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        string ns = request.Namespace ?? "";
        if (request.Object is not { ValueKind: JsonValueKind.Object } value || Pod.Resource.Read(value) is not { } pod)
        {
            return request.Allow();
        }

        if (view.Unserved(ns) is { } unserved)
        {
            // What is known of its revision may not be seen: the registration says whether it is made all the same, which runs.
            if (pod.Metadata.Labels.ContainsKey(ControllerRevision.HashLabel) && view.Watches(ns))
            {
                throw new KubernetesException(StatusReason.ServiceUnavailable, unserved, retryable: true);
            }

            return pod.IsBorn ? request.Allow() : request.Deny(unserved);
        }

        // What a ReplicaSet makes was let through with it. Its label is anybody's to copy: its owner tells.
        if (pod.IsBorn && await view.Deployments.OwnerAsync(pod, ns, cancellation) is { Template.HoldsPods: false })
        {
            return request.Allow();
        }

        if (ClaimReader.Refusal(request) is { } refusal)
        {
            return request.Deny(refusal);
        }

        (HoldOutcome outcome, Workload workload) = await DecideAsync(pod, ns, cancellation);
        if (outcome is HoldOutcome.Held { By: Enforcement.Deny } && !pod.Metadata.OwnerReferences.Any(owner => owner.Controller ?? false))
        {
            // What a controller makes waits: the controller itself was let through.
            (outcome, workload) = await questions.AskAsync(request, pod.Maker, workload, [], cancellation);
            if (outcome.Told() is HoldOutcome.Held { By: Enforcement.Deny } denied)
            {
                return request.Deny(words.Denial(ns, workload, denied));
            }
        }

        return outcome.Told() switch
        {
            HoldOutcome.Refused { Why: var why } => request.Deny($"{why.Message} ({why.Reason})"),
            HoldOutcome.Held { Why: var why } => Hold(request, pod, value, words.Warning(ns, workload, why)),
            _ => request.Allow(),
        };
    }

    private async Task<(HoldOutcome Outcome, Workload Workload)> DecideAsync(Pod pod, string ns, CancellationToken cancellation)
    {
        if (await view.Sets.OwnersAsync(pod, ns, cancellation) is { Set: var set, Revision: var revision })
        {
            return await OfRevisionAsync(
                ns, reader.ReadPod(pod, set, revision), async token => (await view.Sets.ReadAsync(set, token)).Revisions, cancellation);
        }

        return await view.Deployments.OwnerAsync(pod, ns, cancellation) is { } replicaSet
            ? await OfRevisionAsync(
                ns, reader.ReadPod(pod, replicaSet), async token => [await view.Deployments.ReadAsync(replicaSet, ns, token)], cancellation)
            : await judge.ProveAsync(ns, WorkloadReader.ReadPod(pod), cancellation);
    }

    /// <summary>
    /// What was let through once is made again, whatever became of the gate. Before another is held, the API server says whether others of
    /// its revision run.
    /// </summary>
    private async Task<(HoldOutcome Outcome, Workload Workload)> OfRevisionAsync(
        string ns, Workload workload, Func<CancellationToken, Task<IReadOnlyList<Revision>>> read, CancellationToken cancellation)
    {
        if (workload.WasLetThrough)
        {
            return (new HoldOutcome.Pass(), workload);
        }

        HoldJudge.Judgement judgement = await judge.JudgeAsync(
            ns, workload, async token => workload.Template.Length == 0 ? [] : await read(token), cancellation);
        return (judgement.Outcome, judgement.Workload);
    }

    private AdmissionResponse Hold(AdmissionRequest request, Pod pod, JsonElement value, string? warning)
    {
        if (pod.IsStatic)
        {
            return request.Deny($"a static pod is started by its node, and nothing can hold it: remove the label {Names.Gated}.");
        }

        return hold.Problem is { } problem
            ? request.Deny(problem)
            : request.Allow(hold.Of(pod, value, request.Namespace ?? ""), Some(warning));
    }

    private static IReadOnlyList<string> Some(string? warning) => warning is null ? [] : [warning];
}
