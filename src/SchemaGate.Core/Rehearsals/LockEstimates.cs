using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Rehearsals;

/// <summary>
/// What the locks that were seen on an empty database mean for one with rows. A lock is held until its transaction ends, so it lasts as
/// long as all that the statements behind it do, to whichever table.
/// </summary>
public static class LockEstimates
{
    /// <param name="sizes">By table; empty where no live database was asked.</param>
    /// <returns>In the order in which they are taken; those that keep nobody from reading and writing rows are left out.</returns>
    public static IReadOnlyList<HeldLock> Of(ObservedMigration migration, IReadOnlyDictionary<ObjectName, TableSize> sizes)
    {
        ArgumentNullException.ThrowIfNull(migration);
        ArgumentNullException.ThrowIfNull(sizes);
        return [.. migration.Statements.GroupBy(statement => statement.Transaction)
            .SelectMany(transaction => Of([.. transaction.Select(statement => AsLive(statement, sizes))], sizes))];
    }

    /// <summary>
    /// To partitions that only the live database has, and there may be some where nobody could ask, a statement does what it did to others;
    /// what it does to a default one for another nobody has seen.
    /// </summary>
    private static ObservedStatement AsLive(ObservedStatement statement, IReadOnlyDictionary<ObjectName, TableSize> sizes) => statement with
    {
        Locks =
        [
            .. statement.Locks.Select(held => sizes.GetValueOrDefault(held.Table) is { Partitions: 0 }
                ? held with { HasNoPartition = false, AddsPartition = false }
                : held with { Work = held.Work | held.WorkOnPartitions }),
        ],
    };

    private static IEnumerable<HeldLock> Of(ObservedStatement[] statements, IReadOnlyDictionary<ObjectName, TableSize> sizes)
    {
        var taken = statements.Index()
            .SelectMany(at => at.Item.Locks.Where(held => held.Mode >= LockMode.ShareUpdateExclusive).Select(held => (at.Index, held)))
            .GroupBy(at => (at.held.Table, at.held.Index));
        foreach (var one in taken)
        {
            int first = one.First().Index;
            ObservedLock whole = one.Select(at => at.held).Aggregate((left, right) =>
                left with
                {
                    Mode = (LockMode)Math.Max((int)left.Mode, (int)right.Mode),
                    Work = left.Work | right.Work,
                    HasNoPartition = left.HasNoPartition || right.HasNoPartition,
                    AddsPartition = left.AddsPartition || right.AddsPartition,
                });
            ObservedLock[] meanwhile = [.. statements[first..].SelectMany(statement => statement.Locks)
                .Where(held => held.Work != LockWork.None || held.HasNoPartition || held.AddsPartition)];
            DurationRange? lasts = Sum(meanwhile, sizes);
            TableSize? size = sizes.GetValueOrDefault(whole.Table);
            HeldLock held = new(whole, statements[first].Line, lasts, size, Sentence: "");
            yield return held with { Sentence = HeldLockSentence.Of(held, meanwhile) };
        }
    }

    /// <summary>Null where a table's size is not known, of which the work depends, or the work on its partitions.</summary>
    private static DurationRange? Sum(IEnumerable<ObservedLock> work, IReadOnlyDictionary<ObjectName, TableSize> sizes)
    {
        DurationRange sum = DurationRange.None;
        foreach (ObservedLock held in work)
        {
            if (held.HasNoPartition || held.AddsPartition || !sizes.TryGetValue(held.Table, out TableSize? size))
            {
                return null;
            }

            sum += WorkEstimate.Of(held, size);
        }

        return sum;
    }
}
