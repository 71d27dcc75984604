using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Tracing;

/// <summary>What a statement did, from how its session was before and behind it.</summary>
/// <param name="existing">The relations that were there before the migration: nobody waits for what it has made itself.</param>
internal sealed class SessionChange(IReadOnlyDictionary<long, RelationState> existing, SessionState before, SessionState after)
{
    /// <summary>Those before the statement: of one that it makes itself nothing is to be seen.</summary>
    private readonly ILookup<long, long> _partitions = before.Relations.Where(one => one.Value is { Parent: not 0, IsIndex: false })
        .ToLookup(one => one.Value.Parent, one => one.Key);

    private readonly HashSet<long> _added = [.. after.Relations.Where(one => one.Value is { Parent: not 0, IsIndex: false }
        && before.Relations.GetValueOrDefault(one.Key)?.Parent != one.Value.Parent).Select(one => one.Value.Parent)];

    /// <summary>
    /// Each relation with a new lock, or with work done to it; an index where its own lock is the stronger one.
    /// </summary>
    /// <param name="isWatched">Seen by another session: then statistics tell nothing, and a new index was built.</param>
    public IReadOnlyList<ObservedLock> Locks(bool isWatched)
    {
        List<ObservedLock> locks = [];
        foreach ((long oid, RelationState relation) in existing.Where(one => !one.Value.IsIndex))
        {
            LockMode mode = after.Locks.GetValueOrDefault(oid);
            LockWork work = Work(oid, isWatched);
            if (work != LockWork.None || mode > before.Locks.GetValueOrDefault(oid) || _added.Contains(oid))
            {
                bool isPartitioned = relation.Kind == 'p';
                locks.Add(new(relation.Name, mode, work)
                {
                    WorkOnPartitions = isPartitioned ? OnPartitions(oid, isWatched) : LockWork.None,
                    HasNoPartition = isPartitioned && !HasRows(oid),
                    AddsPartition = isPartitioned && _added.Contains(oid),
                });
            }
        }

        foreach ((long oid, RelationState index) in existing.Where(one => one.Value.IsIndex))
        {
            LockMode mode = after.Locks.GetValueOrDefault(oid);
            if (mode > before.Locks.GetValueOrDefault(oid) && mode >= LockMode.ShareUpdateExclusive
                && mode > after.Locks.GetValueOrDefault(index.TableOid) && existing.TryGetValue(index.TableOid, out RelationState? table))
            {
                locks.Add(new(table.Name, mode, LockWork.None) { Index = index.Name.Name });
            }
        }

        return [.. locks.OrderBy(held => held.Table.ToString(), StringComparer.Ordinal)];
    }

    private bool HasRows(long oid) =>
        _partitions[oid].Any(partition => before.Relations[partition].Kind != 'p' || HasRows(partition));

    private LockWork OnPartitions(long oid, bool isWatched) => _partitions[oid].Aggregate(
        LockWork.None, (work, partition) => work | Work(partition, isWatched) | OnPartitions(partition, isWatched));

    private LockWork Work(long oid, bool isWatched)
    {
        if (before.Relations.GetValueOrDefault(oid) is not { IsTable: true } old
            || after.Relations.GetValueOrDefault(oid) is not { } now)
        {
            return LockWork.None;
        }

        long builds = after.Relations.LongCount(one => one.Value.TableOid == oid && one.Value.File != 0
            && before.Relations.GetValueOrDefault(one.Key)?.File != one.Value.File);
        long scans = now.Scans - old.Scans;
        return (now.File != old.File, scans > 0 || isWatched) switch
        {
            (true, _) when scans > builds || isWatched || now.Tablespace != old.Tablespace || old.Kind == 'm' || IsReadByIndex(oid) =>
                LockWork.Rewrite,
            // A TRUNCATE: of a new file, which is empty, each index is built anew.
            (true, _) => LockWork.None,
            (_, true) when builds > 0 => LockWork.BuildIndex,
            _ when scans > 0 => LockWork.Scan,
            _ => LockWork.None,
        };
    }

    /// <summary>CLUSTER may read the rows in an index's order.</summary>
    private bool IsReadByIndex(long table) => after.Relations.Any(one => one.Value.TableOid == table
        && before.Relations.TryGetValue(one.Key, out RelationState? old) && one.Value.Scans > old.Scans);
}
