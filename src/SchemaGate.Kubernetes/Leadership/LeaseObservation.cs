using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Leadership;

/// <summary>A lease as it was read last, and since when it has been like that by this process's own clock.</summary>
/// <param name="Lease">What was read.</param>
/// <param name="Since">A monotonic timestamp, taken after the answer that brought this version first.</param>
internal sealed record LeaseObservation(V1Lease Lease, long Since)
{
    /// <summary>Null where nobody holds it.</summary>
    public string? Holder => Lease.Spec?.HolderIdentity is { Length: > 0 } holder ? holder : null;

    /// <summary>The same version keeps its first sight: whatever any clock wrote into the lease, only a write is a sign of life.</summary>
    public static LeaseObservation Of(LeaseObservation? before, V1Lease lease, long now) =>
        before?.Lease.Metadata is { } known && known.Uid == lease.Metadata.Uid && known.ResourceVersion == lease.Metadata.ResourceVersion
            ? before
            : new(lease, now);

    /// <summary>
    /// How long its holder may still believe to lead: by the holder's own word where the lease has it, zero where nobody holds it.
    /// </summary>
    public TimeSpan Left(TimeProvider time, TimeSpan otherwise)
    {
        var duration = Lease.Spec?.LeaseDurationSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : otherwise;
        var left = duration - time.GetElapsedTime(Since);
        return Holder is null || left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    /// <summary>The lease's content once <paramref name="identity"/> has taken or renewed it.</summary>
    public static V1LeaseSpec Taken(V1LeaseSpec? before, string identity, TimeSpan duration, DateTimeOffset now)
    {
        var renewed = before?.HolderIdentity == identity;
        return new()
        {
            HolderIdentity = identity,
            LeaseDurationSeconds = (int)duration.TotalSeconds,
            AcquireTime = renewed ? before!.AcquireTime : now.ToMicroTime(),
            RenewTime = now.ToMicroTime(),
            LeaseTransitions = (before?.LeaseTransitions ?? 0) + (renewed || before is null ? 0 : 1),
        };
    }
}
