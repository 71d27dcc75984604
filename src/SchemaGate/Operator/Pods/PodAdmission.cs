using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator.Pods;

/// <summary>
/// The pods' webhook, but for those of ReplicaSets: what is not released is made, and waits. A CronJob so misses no run, and a set's first
/// revision starts by itself; what runs of a set is made again. The decision needs neither leader nor database.
/// </summary>
/// <param name="view">The gates.</param>
/// <param name="reader">Reads the records of a set's revisions.</param>
/// <param name="judge">Decides.</param>
/// <param name="hold">Keeps them from starting.</param>
internal sealed class PodAdmission(ClusterView view, WorkloadReader reader, HoldJudge judge, PodHold hold)
{
    private readonly HeldWords words = new(view);

    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        string ns = request.Namespace ?? "";
        if (request.Object is not { ValueKind: JsonValueKind.Object } value || Pod.Resource.Read(value) is not { } pod)
        {
            return request.Allow();
        }

        if (!view.Watches(ns))
        {
            return request.Deny(ClusterView.Unwatched(ns));
        }

        if (ClaimReader.Refusal(request) is { } refusal)
        {
            return request.Deny(refusal);
        }

        (PodSet Set, ControllerRevision Revision)? owners = await view.Sets.OwnersAsync(pod, ns, cancellation);
        (HoldOutcome outcome, Workload workload) = owners is { } known
            ? await OfSetAsync(ns, reader.ReadPod(pod, known.Set, known.Revision), known.Set, cancellation)
            : await judge.ProveAsync(ns, WorkloadReader.ReadPod(pod), cancellation);
        return outcome switch
        {
            HoldOutcome.Refused { Why: var why } => request.Deny($"{why.Message} ({why.Reason})"),
            HoldOutcome.Held { Why: var why } => Hold(request, pod, words.Warning(ns, workload, why)),
            _ => request.Allow(),
        };
    }

    /// <summary>
    /// What was let through once is made again, as a ReplicaSet's pods are, whatever became of the gate. Before another is held, the API
    /// server says whether others of its revision run.
    /// </summary>
    private async Task<(HoldOutcome Outcome, Workload Workload)> OfSetAsync(
        string ns, Workload workload, PodSet set, CancellationToken cancellation)
    {
        if (workload.Record?.Covers(Requirement.Parse(workload.Requires, out _)) ?? false)
        {
            return (new HoldOutcome.Pass(), workload);
        }

        HoldJudge.Judgement judgement = await judge.JudgeAsync(
            ns, workload,
            async token => workload.Template.Length == 0 ? [] : (await view.Sets.ReadAsync(set, token)).Revisions, cancellation);
        return (judgement.Outcome, judgement.Workload);
    }

    private AdmissionResponse Hold(AdmissionRequest request, Pod pod, string? warning)
    {
        if (pod.IsStatic)
        {
            return request.Deny($"a static pod is started by its node, and nothing can hold it: remove the label {Names.Gated}.");
        }

        return hold.Problem is { } problem
            ? request.Deny(problem)
            : request.Allow(hold.Of(pod, request.Namespace ?? ""), Some(warning));
    }

    private static IReadOnlyList<string> Some(string? warning) => warning is null ? [] : [warning];
}
