using System.Text.Json;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator;

/// <summary>
/// The gates' webhook: what is wrong with a spec, and whether its writer may read what the gate will read. A gate reads its Secrets with
/// the operator's rights; without the question it would be a way to them for everyone who may create gates.
/// </summary>
/// <param name="view">Which namespaces are looked after.</param>
/// <param name="reviews">
/// Asks the API server for the requester's rights. It knows nothing of a Secret but its name, so neither the answer nor its time tells
/// whether there is one.
/// </param>
internal sealed class GateAdmission(ClusterView view, AccessReviews reviews)
{
    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        // A finalizer must come off even a gate that is wrong.
        if (request.Object is not { ValueKind: JsonValueKind.Object } value
            || SchemaGateResource.Resource.Read(value) is not { Metadata.DeletionTimestamp: null } gate)
        {
            return request.Allow();
        }

        if (view.Unserved(request.Namespace ?? "") is { } unserved)
        {
            return request.Deny(unserved);
        }

        (GateSpec spec, IReadOnlyList<string> problems) = Read(gate);
        if (problems.Count > 0)
        {
            return request.Deny(string.Join(" ", problems), "Invalid", 422);
        }

        // Whoever changes nothing of what is read, or from where, needs no right to it.
        return SameSpec(value, request.OldObject) || await RefusalAsync(request, spec, cancellation) is not { } refusal
            ? request.Allow()
            : request.Deny(refusal);
    }

    public static (GateSpec Spec, IReadOnlyList<string> Problems) Read(SchemaGateResource gate) =>
        SpecReader.Read(gate.Spec, ImageProblems.OfReference, ImageProblems.OfKeys);

    private async Task<string?> RefusalAsync(AdmissionRequest request, GateSpec spec, CancellationToken cancellation)
    {
        // A template is a pod that somebody else creates.
        foreach ((string group, string resource) in spec.Migrate.HasTemplate
            ? (IEnumerable<(string, string)>)[("", "pods"), ("batch", "jobs")]
            : [])
        {
            if (!await MayAsync(
                request,
                new() { NamespaceProperty = request.Namespace, Verb = "create", Group = group, Version = "v1", Resource = resource },
                cancellation))
            {
                return $"{request.UserInfo.Username} may not create {resource}, which spec.migrate.template asks for: "
                    + $"grant create on {resource} in namespace {request.Namespace}, or leave the template out.";
            }
        }

        foreach ((string field, string name) in spec.Secrets.DistinctBy(secret => secret.Name, StringComparer.Ordinal))
        {
            if (!await MayAsync(
                request,
                new() { NamespaceProperty = request.Namespace, Verb = "get", Version = "v1", Resource = "secrets", Name = name },
                cancellation))
            {
                return $"{request.UserInfo.Username} may not get the Secret {name}, which {field} names: "
                    + "a gate reads its Secrets, so whoever writes it must be allowed to. "
                    + $"Grant get on it in namespace {request.Namespace}, or let somebody who has that right write the gate.";
            }
        }

        return null;
    }

    /// <exception cref="KubernetesException">It could not be asked.</exception>
    private async Task<bool> MayAsync(AdmissionRequest request, V1ResourceAttributes what, CancellationToken cancellation)
    {
        AccessAnswer answer = await reviews.MayAsync(request.UserInfo, what, cancellation);
        return answer.Failure is { } failure ? throw failure : answer.Allowed;
    }

    private static bool SameSpec(JsonElement now, JsonElement? before) =>
        before is { ValueKind: JsonValueKind.Object } old
        && now.TryGetProperty("spec", out JsonElement spec) && old.TryGetProperty("spec", out JsonElement oldSpec)
        && JsonElement.DeepEquals(spec, oldSpec);
}
