using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// The webhook of the status of a StatefulSet that is parted. At zero replicas its controller calls the update complete, none of none, and
/// would come back with the revision that is held: its current revision stays the one that ran.
/// </summary>
internal static class PodSetStatusAdmission
{
    private const string Current = "currentRevision";

    public static Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation) =>
        Task.FromResult(Review(request));

    private static AdmissionResponse Review(AdmissionRequest request)
    {
        if (request is not { Object: { ValueKind: JsonValueKind.Object } now, OldObject: { ValueKind: JsonValueKind.Object } old })
        {
            return request.Allow();
        }

        Hold? hold = Hold.FromJson(PodSet.StatefulSets.Read(old).Metadata.Annotations.Find(Names.Hold));
        string? current = old.Member("status").Text(Current);
        return hold?.Partition is null || current is not { Length: > 0 } || now.Member("status").Text(Current) == current
            ? request.Allow()
            : request.Allow(JsonPatch.Empty.Add($"/status/{Current}", current));
    }
}
