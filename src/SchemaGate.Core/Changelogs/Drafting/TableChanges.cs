using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>Tables, their columns and what ALTER TABLE does to them, in words.</summary>
internal static class TableChanges
{
    public static Change Created(CreateTable create, KnownSchema schema)
    {
        string kind = create switch
        {
            { Persistence: Persistence.Temporary } => "temporary table",
            { IsForeign: true } => "foreign table",
            { PartitionOf: { } parent } => $"partition of {Marked.Name(parent, schema)}",
            _ => "table",
        };
        string columns = create switch
        {
            { AsQuery: true } => " with the columns of a query",
            { Columns.Count: > 0 } => $" with {Marked.Count(create.Columns.Count, "column")}",
            _ => "",
        };
        string command = create.IsForeign ? "FOREIGN TABLE" : "TABLE";
        Undo undo = create switch
        {
            { Persistence: Persistence.Temporary } => Undo.Nothing,
            { IfNotExists: true } => new Undo.ByHand($"drop table {Marked.Name(create.Table, schema)}, if this migration made it"),
            _ => new Undo.Reverse("drop", "table", $"DROP {command} {Sql.Name(create.Table)};"),
        };
        return Change.Additive($"CREATE {command}", $"New {Marked.Name(create.Table, schema)} {kind}{columns}", undo);
    }

    public static Change Index(CreateIndex create, KnownSchema schema)
    {
        string keys = Marked.List(create.Keys.Select(key => key.Column ?? "an expression"));
        string name = create.Name is null ? "" : $" {Marked.Code(create.Name)}";
        string rows = create.Where is null ? "" : ", of the rows that its WHERE names";
        return Change.Additive(
            create.Concurrently ? "CREATE INDEX CONCURRENTLY" : "CREATE INDEX",
            $"New {(create.Unique ? "unique index" : "index")}{name} on {Marked.Name(create.Table, schema)} ({keys}){rows}",
            UndoIndex(create, schema));
    }

    private static Undo UndoIndex(CreateIndex create, KnownSchema schema)
    {
        string table = Marked.Name(create.Table, schema);
        return create switch
        {
            { Name: null } => new Undo.ByHand(
                $"drop the index of {table} on {Marked.List(create.Keys.Select(key => key.Column ?? "an expression"))}"),
            { IfNotExists: true } => new Undo.ByHand($"drop the index {Marked.Code(create.Name)}, if this migration made it"),
            _ => new Undo.Reverse(
                "drop",
                "index",
                $"DROP INDEX {(create.Concurrently ? "CONCURRENTLY " : "")}{Sql.Name(create.Table with { Name = create.Name })};"),
        };
    }

    public static Change Altered(AlterTable alter, TableAction action, StatementContext step) => action switch
    {
        ColumnAction column => ColumnChanges.Of(alter, column, step),
        AddConstraint add => ConstraintChanges.Added(alter, add.Constraint, step.Schema),
        DropConstraint drop => ConstraintChanges.Dropped(alter, drop, step),
        _ => Other(alter, action, step.Schema),
    };

    private static Change Other(AlterTable alter, TableAction action, KnownSchema schema)
    {
        string table = Marked.Name(alter.Table, schema);
        return action switch
        {
            ValidateConstraint valid => new(
                "VALIDATE CONSTRAINT", $"{Marked.Code(valid.Name)} of {table} is checked for all rows", Undo.Nothing),
            AttachPartition attach => Change.Additive(
                "ATTACH PARTITION",
                $"{Marked.Name(attach.Partition, schema)} is a partition of {table}",
                new Undo.Reverse("detach", "partition", Sql.Alter(alter, $"DETACH PARTITION {Sql.Name(attach.Partition)}"))),
            DetachPartition detach => new(
                "DETACH PARTITION",
                $"{Marked.Name(detach.Partition, schema)} is no partition of {table} any more",
                new Undo.ByHand($"attach {Marked.Name(detach.Partition, schema)} to {table} with its bounds")),
            SetRowSecurity security => Security(security, table),
            SetTrigger { Name: { } name, Enabled: var enabled, IsRule: var isRule } => Switched(name, enabled, isRule, table),
            SetLogged logged => new(
                logged.Logged ? "SET LOGGED" : "SET UNLOGGED",
                $"{table} is {(logged.Logged ? "logged" : "not logged, and empty after a crash")}",
                logged.Logged ? new Undo.ByHand($"set {table} UNLOGGED, if it was so before")
                    : new Undo.Reverse("set", "logging mode", Sql.Alter(alter, "SET LOGGED"))),
            _ => Vague(action, table),
        };
    }

    /// <summary>It may have been so before, and the reverse would then open what was closed.</summary>
    private static Change Security(SetRowSecurity security, string table)
    {
        (string words, string back) = security.Mode switch
        {
            RowSecurity.Enable => ("ENABLE", "DISABLE"),
            RowSecurity.Disable => ("DISABLE", "ENABLE"),
            RowSecurity.Force => ("FORCE", "NO FORCE"),
            _ => ("NO FORCE", "FORCE"),
        };
        return new(
            $"{words} ROW LEVEL SECURITY", $"Row security of {table}: {words}",
            new Undo.ByHand($"{back} row level security of {table}, if it was so before"));
    }

    private static Change Switched(string name, bool enabled, bool isRule, string table)
    {
        string kind = isRule ? "RULE" : "TRIGGER";
        (string verb, string back) = enabled ? ("ENABLE", "DISABLE") : ("DISABLE", "ENABLE");
        return new(
            $"{verb} {kind}", $"{Marked.Code(name)} of {table} is {(enabled ? "on" : "off")}",
            new Undo.ByHand($"{back} {kind.ToLowerInvariant()} {Marked.Code(name)} of {table}, if it was so before"));
    }

    /// <summary>Nothing tells what it was before.</summary>
    private static Change Vague(TableAction action, string table)
    {
        (string command, string what) = action switch
        {
            AlterConstraint alter => ("ALTER CONSTRAINT", $"the way {Marked.Code(alter.Name)} is checked"),
            ChangeTableOwner => ("OWNER TO", "the owner"),
            SetTablespace => ("SET TABLESPACE", "the tablespace"),
            SetAccessMethod => ("SET ACCESS METHOD", "the access method"),
            SetStorageParameters set => (
                set.Reset ? "RESET" : "SET", $"the storage parameters {Marked.List(set.Parameters.Select(parameter => parameter.Name))}"),
            Inherit => ("INHERIT", "what it inherits from"),
            NoInherit => ("NO INHERIT", "what it inherits from"),
            SetTrigger => ("TRIGGER", "which triggers are on"),
            SetReplicaIdentity => ("REPLICA IDENTITY", "the replica identity"),
            ClusterOn => ("CLUSTER ON", "the index that it is clustered on"),
            SetOfType => ("OF", "the type that it is of"),
            OtherAction other => (other.Tag, $"{Marked.Code(other.Tag)}"),
            _ => (action.GetType().Name, Marked.Code(action.GetType().Name)),
        };
        return new(command, $"Changed {what} of {table}", new Undo.ByHand($"set {what} of {table} as before"));
    }
}
