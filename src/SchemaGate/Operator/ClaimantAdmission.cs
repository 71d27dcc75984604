using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator;

/// <summary>
/// The webhook of all other kinds with pods: one that has no way to be held is refused in words, and one whose pods are held must say
/// what it requires where that is read.
/// </summary>
/// <param name="view">Which namespaces are looked after.</param>
/// <param name="judge">Decides whether a Job's pods would wait.</param>
/// <param name="questions">Has judged what is refused.</param>
internal sealed class ClaimantAdmission(ClusterView view, HoldJudge judge, Questions questions)
{
    private readonly HeldWords words = new(view);

    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        if (request.OldObject is null && view.Unserved(request.Namespace ?? "") is { } unserved)
        {
            return request.Deny(unserved);
        }

        string? refusal = ClaimReader.Refusal(request) ?? await DenialAsync(request, cancellation);
        return refusal is null ? request.Allow(Warnings(request)) : request.Deny(refusal);
    }

    /// <summary>Why a gate refuses a new Job. One that a CronJob makes is made, and its pods wait: no run is missed.</summary>
    private async Task<string?> DenialAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        if (request is not { Kind.Kind: "Job", OldObject: null, Object: { } job, Namespace: { } ns }
            || RawMetadata.Of(job).OwnerReferences.Any(owner => owner.Controller ?? false))
        {
            return null;
        }

        Workload workload = WorkloadReader.ReadPod(OptInReader.Read(job).Claim.Template?.Requires);
        (HoldOutcome outcome, workload) = await judge.ProveAsync(ns, workload, cancellation);
        if (outcome is HoldOutcome.Held { By: Enforcement.Deny })
        {
            JsonElement metadata = job.Member("metadata");
            string by = $"job/{metadata.Text("name") ?? metadata.Text("generateName")}";
            (outcome, workload) = await questions.AskAsync(request, by, workload, [], cancellation);
        }

        return outcome is HoldOutcome.Held { By: Enforcement.Deny } denied ? words.Denial(ns, workload, denied) : null;
    }

    /// <summary>Its pods' wait counts: a Job would fail without ever having started.</summary>
    private static string[] Warnings(AdmissionRequest request)
    {
        JsonElement spec = request.Object is { } value ? value.Member("spec") : default;
        JsonElement job = request.Kind.Kind == "CronJob" ? spec.Member("jobTemplate").Member("spec") : spec;
        JsonElement deadline = job.Member("activeDeadlineSeconds");
        return request.OldObject is null && deadline.ValueKind == JsonValueKind.Number
            ? [$"activeDeadlineSeconds ({deadline.GetRawText()}) counts while its pods wait for their migrations: {request.Kind.Kind} "
                + "fails when that takes longer"]
            : [];
    }
}
