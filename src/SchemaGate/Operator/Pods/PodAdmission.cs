using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator.Pods;

/// <summary>
/// The pods' webhook, for those of Jobs and for bare ones, which no revision of a workload stands for: what is not released is made, and
/// waits. A CronJob so misses no run. The decision needs neither leader nor database.
/// </summary>
/// <param name="view">The gates.</param>
/// <param name="proofs">What is proved already.</param>
/// <param name="hold">Keeps them from starting.</param>
internal sealed class PodAdmission(ClusterView view, BirthProofs proofs, PodHold hold)
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

        Workload workload = WorkloadReader.ReadPod(pod);
        GateView? Gate(string name) => view.View(ns, name);
        HoldOutcome outcome = HoldDecision.Decide(workload, [], Gate);
        if (outcome is HoldOutcome.Held)
        {
            outcome = HoldDecision.Decide(await proofs.AddAsync(ns, workload, cancellation), [], Gate);
        }

        return outcome switch
        {
            HoldOutcome.Refused { Why: var why } => request.Deny($"{why.Message} ({why.Reason})"),
            HoldOutcome.Held { Why: var why } => Hold(request, pod, words.Warning(ns, workload, why)),
            _ => request.Allow(),
        };
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
