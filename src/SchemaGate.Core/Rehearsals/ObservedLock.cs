using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Rehearsals;

/// <summary>What a statement was seen to lock that was there before its migration, and what it did to it.</summary>
/// <param name="Table">A table, view or materialized view, with its schema.</param>
/// <param name="Mode">The strongest lock that its transaction holds on it behind the statement.</param>
/// <param name="Work">What this statement did to it: a rewrite shows as a new file, a scan in the session's own statistics.</param>
public sealed record ObservedLock(ObjectName Table, LockMode Mode, LockWork Work)
{
    /// <summary>
    /// The index of the table that the lock is on, where its own is the stronger one. Planning any query on a table locks each of its
    /// indexes, so that an exclusive lock on one stops the reads of the table.
    /// </summary>
    public string? Index { get; init; }

    /// <summary>Of a partitioned table: what the statement did to any of its partitions, which have locks of their own.</summary>
    public LockWork WorkOnPartitions { get; init; }

    /// <summary>It is a partitioned table that had none: of what is done to its rows nothing can be seen.</summary>
    public bool HasNoPartition { get; init; }

    /// <summary>
    /// It is a partitioned table that gets a partition: a default one, which only the live database may have, is read for rows of the new
    /// one's.
    /// </summary>
    public bool AddsPartition { get; init; }

    /// <summary>Writers wait: SHARE is the weakest mode that conflicts with ROW EXCLUSIVE (documentation, 13.3.1).</summary>
    public bool BlocksWrites => Mode >= LockMode.Share;

    public bool BlocksReads => Mode == LockMode.AccessExclusive;
}
