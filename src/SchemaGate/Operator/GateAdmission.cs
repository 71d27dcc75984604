using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator;

/// <summary>What is wrong with a gate's spec: for the validating webhook and the reconcile loop alike.</summary>
internal static class GateAdmission
{
    public static AdmissionResponse Review(AdmissionRequest request)
    {
        if (request.Object is not { ValueKind: JsonValueKind.Object } value || value.Deserialize(SchemaGateResource.Resource.Json) is not { } gate)
        {
            return request.Allow();
        }

        // A finalizer must come off even a gate that is wrong.
        (_, IReadOnlyList<string> problems) = gate.Metadata.DeletionTimestamp is null ? Read(gate) : (null!, []);
        return problems.Count == 0 ? request.Allow() : request.Deny(string.Join(" ", problems), "Invalid", 422);
    }

    public static (GateSpec Spec, IReadOnlyList<string> Problems) Read(SchemaGateResource gate)
    {
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(gate.Spec);
        string? image = spec.Changelog.Image.Length == 0 ? null : ImageEvidence.Problem(spec.Changelog.Image);
        return (spec, image is null ? problems : [.. problems, $"spec.changelog.image: {image}"]);
    }
}
