using System.Collections.Concurrent;
using k8s.Models;
using SchemaGate.Core.Gates;

namespace SchemaGate.Operator;

/// <summary>
/// Tells a status that stays wrong, because its controller does not come to writing it, from one that is a moment behind. Thread-safe.
/// </summary>
internal sealed class StaleStatuses(TimeProvider time)
{
    /// <summary>Longer than a controller takes that is not stuck.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> since = new(StringComparer.Ordinal);

    /// <summary>Whether the status of a workload that is held has been stale for long, or is what it was paused for already.</summary>
    public bool IsLong(V1ObjectMeta metadata, Workload workload, IReadOnlyList<Revision> revisions)
    {
        string uid = metadata.Uid ?? "";
        if (!PauseNeed.IsStale(workload, revisions))
        {
            since.TryRemove(uid, out _);
            return false;
        }

        DateTimeOffset now = time.GetUtcNow();
        return now - since.GetOrAdd(uid, now) >= Patience || workload.Hold?.Paused is not null;
    }

    /// <summary>Whether this workload's status has to be looked at again.</summary>
    public bool IsWatched(V1ObjectMeta metadata) => since.ContainsKey(metadata.Uid ?? "");

    public void Forget(V1ObjectMeta metadata) => since.TryRemove(metadata.Uid ?? "", out _);
}
