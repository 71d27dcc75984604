using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator;

/// <summary>
/// The webhook of all other kinds with pods: one that has no way to be held is refused in words, and one whose pods are held must say
/// what it requires where that is read.
/// </summary>
/// <param name="view">Which namespaces are looked after.</param>
internal sealed class ClaimantAdmission(ClusterView view)
{
    public Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
        => Task.FromResult(Review(request));

    private AdmissionResponse Review(AdmissionRequest request)
    {
        if (request.OldObject is null && !view.Watches(request.Namespace ?? ""))
        {
            return request.Deny(ClusterView.Unwatched(request.Namespace ?? ""));
        }

        return ClaimReader.Refusal(request) is { } refusal ? request.Deny(refusal) : request.Allow(Warnings(request));
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
