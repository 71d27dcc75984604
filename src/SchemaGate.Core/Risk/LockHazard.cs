using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk;

/// <summary>A lock that a statement takes on a relation which exists before its migration.</summary>
/// <param name="Table">With its schema.</param>
/// <param name="Mode">The table-level lock mode (documentation, 13.3.1).</param>
/// <param name="Work">What is done to the table meanwhile.</param>
/// <param name="IsOther">Not the statement's own table: one that a foreign key references, a partition's parent.</param>
/// <param name="IsAssumed">Too little is known: it may be less.</param>
/// <param name="Span">The action or the statement.</param>
/// <param name="Sentence">What waits, and for how long.</param>
public sealed record LockHazard(
    ObjectName Table, LockMode Mode, LockWork Work, bool IsOther, bool IsAssumed, TextSpan Span, string Sentence)
{
    /// <summary>No migration tells whose index it is: <see cref="Table"/> is the index's name.</summary>
    public bool IsOfIndex { get; init; }

    /// <summary>It stops writes, or reads and writes, of the table.</summary>
    public bool BlocksWrites => Mode >= LockMode.Share;

    public bool BlocksReads => Mode == LockMode.AccessExclusive;
}
