namespace SchemaGate.Core.Risk.Statements;

/// <summary>LOCK TABLE.</summary>
public sealed record LockTables(ValueList<ObjectName> Tables, LockMode Mode, bool NoWait) : Statement;

/// <summary>Table-level lock modes (documentation, 13.3.1), weakest first; the values are PostgreSQL's.</summary>
public enum LockMode
{
    None = 0,
    AccessShare = 1,
    RowShare = 2,
    RowExclusive = 3,
    ShareUpdateExclusive = 4,
    Share = 5,
    ShareRowExclusive = 6,
    Exclusive = 7,
    AccessExclusive = 8,
}

/// <summary>VACUUM, and ANALYZE where it stands alone.</summary>
/// <param name="Tables">Empty: all of the database.</param>
public sealed record VacuumTables(ValueList<ObjectName> Tables, bool IsVacuum, bool Full, bool Analyze) : Statement;

/// <summary>CLUSTER; the table null: all that were clustered before.</summary>
public sealed record ClusterTable(ObjectName? Table, string? Index) : Statement;

/// <summary>REINDEX.</summary>
/// <param name="Name">Of the index, table or schema; of the database where it is written; else null.</param>
public sealed record Reindex(ReindexTarget Target, ObjectName? Name, bool Concurrently) : Statement;

public enum ReindexTarget
{
    Index,
    Table,
    Schema,
    System,
    Database,
}

/// <summary>BEGIN, COMMIT, ROLLBACK and their kin.</summary>
public sealed record TransactionControl(TransactionCommand Command) : Statement;

public enum TransactionCommand
{
    Begin,
    Commit,
    Rollback,
    Savepoint,
    Release,
    RollbackTo,
    PrepareTransaction,
    CommitPrepared,
    RollbackPrepared,
}

/// <summary>SET, RESET and SET TRANSACTION.</summary>
/// <param name="Name">In lower case; null for RESET ALL.</param>
/// <param name="Value">As written, without quotes, lists joined by commas; null for RESET and DEFAULT.</param>
/// <param name="IsLocal">SET LOCAL: until the transaction ends.</param>
public sealed record SetParameter(string? Name, string? Value, bool IsLocal) : Statement;

/// <summary>DO: a program that the parser does not read.</summary>
/// <param name="Language">plpgsql where none is written.</param>
/// <param name="Body">Its text.</param>
public sealed record DoBlock(string Language, string Body) : Statement;

/// <summary>CALL of a procedure.</summary>
public sealed record CallProcedure(ObjectName Name) : Statement;

/// <summary>PREPARE; its statement is opaque as long as nothing executes it.</summary>
public sealed record PrepareStatement(string Name) : Statement;

/// <summary>EXECUTE of a prepared statement.</summary>
public sealed record ExecutePrepared(string Name) : Statement;

/// <summary>What acts on the whole cluster, and mostly not in a transaction: databases, tablespaces, subscriptions, ALTER SYSTEM.</summary>
/// <param name="Name">Null for ALTER SYSTEM.</param>
public sealed record ClusterCommand(ClusterCommandKind Command, string? Name) : Statement;

public enum ClusterCommandKind
{
    CreateDatabase,
    AlterDatabase,
    AlterSystem,
    CreateTablespace,
    AlterTablespace,
    CreateSubscription,
    AlterSubscription,
    DiscardAll,
}
