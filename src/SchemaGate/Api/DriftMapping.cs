using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>The last comparison of a gate's schema, to and from its status.</summary>
internal static class DriftMapping
{
    public static DriftRecord? Record(DriftStatus? status) =>
        status is { Basis: { } basis, Differences: { } differences } && status.CheckedAt.ToOffset() is { } at
            ? new(basis, at, differences, [.. (status.First ?? []).Take(DriftRecord.MostFirst)], status.NotFollowed ?? 0)
            : null;

    public static DriftStatus? Status(DriftRecord? record) => record is null ? null : new()
    {
        CheckedAt = RunMapping.Time(record.CheckedAt),
        Differences = record.Differences,
        First = record.First.Count == 0 ? null : record.First,
        NotFollowed = record.NotFollowed == 0 ? null : record.NotFollowed,
        Basis = record.Basis,
    };
}
