namespace SchemaGate.Core.Risk.Statements;

/// <summary>CREATE TABLE, CREATE FOREIGN TABLE, CREATE TABLE AS and SELECT INTO.</summary>
public sealed record CreateTable(ObjectName Table) : Statement
{
    public Persistence Persistence { get; init; }

    public bool IsForeign { get; init; }

    public bool IfNotExists { get; init; }

    public ValueList<ColumnDefinition> Columns { get; init; }

    /// <summary>The table's own constraints; those of a column stand with the column.</summary>
    public ValueList<Constraint> Constraints { get; init; }

    public ValueList<ObjectName> Inherits { get; init; }

    public ValueList<LikeClause> Like { get; init; }

    /// <summary>The parent that PARTITION OF names.</summary>
    public ObjectName? PartitionOf { get; init; }

    /// <summary>PARTITION OF … DEFAULT.</summary>
    public bool IsDefaultPartition { get; init; }

    /// <summary>It has PARTITION BY.</summary>
    public bool IsPartitioned { get; init; }

    /// <summary>The composite type that OF names.</summary>
    public ObjectName? OfType { get; init; }

    /// <summary>Its columns come from a query, and are not known.</summary>
    public bool AsQuery { get; init; }
}

/// <summary>LIKE in CREATE TABLE.</summary>
public sealed record LikeClause(ObjectName Table, bool IncludingConstraints, bool IncludingDefaults, bool IncludingIndexes);

public enum Persistence
{
    Permanent,
    Unlogged,
    Temporary,
}

/// <summary>
/// ALTER TABLE; also ALTER INDEX, VIEW, MATERIALIZED VIEW, SEQUENCE, FOREIGN TABLE and TYPE where they take the same actions.
/// </summary>
/// <param name="Kind">Table, ForeignTable, Index, View, MaterializedView, Sequence, or Type of a composite type.</param>
public sealed record AlterTable(ObjectKind Kind, ObjectName Table, ValueList<TableAction> Actions) : Statement
{
    public bool IfExists { get; init; }

    public bool Only { get; init; }
}

/// <summary>CREATE INDEX.</summary>
/// <param name="Name">Null where PostgreSQL will make one up.</param>
/// <param name="Table">The table; the index is in its schema.</param>
/// <param name="Keys">In order.</param>
public sealed record CreateIndex(string? Name, ObjectName Table, ValueList<IndexKey> Keys) : Statement
{
    public bool Unique { get; init; }

    /// <summary>NULLS NOT DISTINCT (15).</summary>
    public bool NullsNotDistinct { get; init; }

    public bool Concurrently { get; init; }

    public bool IfNotExists { get; init; }

    /// <summary>ON ONLY: not on the partitions.</summary>
    public bool Only { get; init; }

    /// <summary>btree where USING is missing.</summary>
    public string Method { get; init; } = "btree";

    public ValueList<string> Include { get; init; }

    public Expression? Where { get; init; }
}

/// <summary>One key of an index.</summary>
/// <param name="Column">Null for an expression.</param>
/// <param name="Expression">Null for a column.</param>
public sealed record IndexKey(string? Column, Expression? Expression, string? OperatorClass = null, string? Collation = null);
