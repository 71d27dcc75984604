using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Rehearsals;

/// <summary>How large a table is in the live database.</summary>
/// <param name="Rows">As its statistics say (<c>reltuples</c>); null where nobody has analyzed it yet.</param>
/// <param name="Bytes">Of its rows (<c>pg_relation_size</c>).</param>
/// <param name="TotalBytes">With indexes and TOAST (<c>pg_total_relation_size</c>).</param>
public sealed record TableSize(ObjectName Table, long? Rows, long Bytes, long TotalBytes)
{
    /// <summary>
    /// How many partitions (and tables that inherit from it) only the live database has. Their rows and bytes are counted with it: they are
    /// in no other table's, since a scratch database could show nothing of them.
    /// </summary>
    public int Partitions { get; init; }
}
