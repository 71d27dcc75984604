using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Tracing;

/// <summary>A relation as a session sees it.</summary>
/// <param name="Kind">pg_class.relkind.</param>
/// <param name="TableOid">Of an index, whose it is; else 0.</param>
/// <param name="File">Another one is a rewrite, or a TRUNCATE; 0 where it has none.</param>
/// <param name="Tablespace">A move to another one copies the file as it is.</param>
/// <param name="Parent">Of a partition, the table that it is a part of; else 0.</param>
/// <param name="Scans">Of the session, since its statistics were reported last: the difference within one transaction counts.</param>
internal sealed record RelationState(ObjectName Name, char Kind, long TableOid, long File, long Tablespace, long Parent, long Scans)
{
    public bool IsIndex => Kind is 'i' or 'I';

    /// <summary>It has rows, or partitions that have them.</summary>
    public bool IsTable => Kind is 'r' or 'p' or 'm';
}
