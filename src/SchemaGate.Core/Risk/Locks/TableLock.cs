using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Locks;

/// <summary>What a statement does to a table while it holds the lock: how long it takes follows from the table's size.</summary>
[Flags]
public enum LockWork
{
    None = 0,

    /// <summary>Reads all rows.</summary>
    Scan = 1,

    /// <summary>Builds an index, which reads all rows and sorts them.</summary>
    BuildIndex = 2,

    /// <summary>Writes all rows anew, with all indexes.</summary>
    Rewrite = 4,
}

internal static class LockWorks
{
    public static LockWork If(this LockWork work, bool isDone) => isDone ? work : LockWork.None;
}

/// <summary>A lock on a relation that exists before the migration.</summary>
/// <param name="Table">With its schema.</param>
/// <param name="IsOther">Not the statement's own table: a foreign key's, a partition's parent.</param>
internal sealed record TableLock(ObjectName Table, LockMode Mode, LockWork Work = LockWork.None, bool IsOther = false)
{
    /// <summary>Too little is known of the table: it may take less.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>No migration tells whose index it is: <see cref="Table"/> is the index's name.</summary>
    public bool IsOfIndex { get; init; }

    /// <summary>Only a brief wait for its turn, no work.</summary>
    public bool IsBrief => Work == LockWork.None;
}
