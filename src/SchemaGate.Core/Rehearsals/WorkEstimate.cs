using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Rehearsals;

/// <summary>
/// About how long work on a table takes, by its bytes. The rates are wide on purpose and nobody's measurement of the server in question:
/// the slow ends are a network volume of 100 MB/s that others use, too, the fast ends are a local disk's with the table in memory.
/// </summary>
internal static class WorkEstimate
{
    private const double Megabyte = 1_000_000;

    /// <summary>Reading all rows of a table and checking each.</summary>
    private static readonly (double Slow, double Fast) s_scan = (50 * Megabyte, 1000 * Megabyte);

    /// <summary>Reading all rows, sorting a key of each, and writing an index.</summary>
    private static readonly (double Slow, double Fast) s_index = (15 * Megabyte, 200 * Megabyte);

    /// <summary>Writing all rows and all indexes anew, and both to the log; counted by the bytes of all of them.</summary>
    private static readonly (double Slow, double Fast) s_rewrite = (10 * Megabyte, 150 * Megabyte);

    public static DurationRange Of(ObservedLock held, TableSize size)
    {
        DurationRange most = held.Work switch
        {
            LockWork.None => DurationRange.None,
            _ when held.Work.HasFlag(LockWork.Rewrite) => At(size.TotalBytes, s_rewrite),
            _ when held.Work.HasFlag(LockWork.BuildIndex) => At(size.Bytes, s_index),
            _ => At(size.Bytes, s_scan),
        };
        // What writes rows may write all of them or, by an index that an empty table's plan does not use, only one.
        return held.Mode == LockMode.RowExclusive && held.Work != LockWork.None
            ? new(TimeSpan.Zero, At(size.TotalBytes, s_rewrite).Most)
            : most;
    }

    private static DurationRange At(long bytes, (double Slow, double Fast) rate) =>
        new(TimeSpan.FromSeconds(bytes / rate.Fast), TimeSpan.FromSeconds(bytes / rate.Slow));
}
