using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>The last comparison of a gate's schema, to and from its status.</summary>
internal static class DriftMapping
{
    public static DriftRecord? Record(DriftStatus? status) =>
        status is { Basis: { } basis, Differences: { } differences } && status.CheckedAt.ToOffset() is { } at
            ? new(basis, at, differences, [.. (status.First ?? []).Take(DriftRecord.MostFirst)])
            {
                Judged = status.Judged ?? 0,
                Unjudged = status.Unjudged ?? 0,
                UnjudgedFor = [.. (status.UnjudgedFor ?? []).Take(DriftRecord.MostFirst)],
            }
            : null;

    public static DriftStatus? Status(DriftRecord? record) => record is null ? null : new()
    {
        CheckedAt = RunMapping.Time(record.CheckedAt),
        Differences = record.Differences,
        First = record.First.Count == 0 ? null : record.First,
        Judged = record.Judged,
        Unjudged = record.Unjudged == 0 ? null : record.Unjudged,
        UnjudgedFor = record.UnjudgedFor.Count == 0 ? null : record.UnjudgedFor,
        Basis = record.Basis,
    };
}
