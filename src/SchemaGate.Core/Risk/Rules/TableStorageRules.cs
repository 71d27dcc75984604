using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>What writes a table's file anew without changing what it holds.</summary>
internal static class TableStorageRules
{
    public static RiskRule ChangesStorage { get; } = new(
        "change-table-storage", "The table is rewritten elsewhere", Rewrite, RiskSeverity.High, "A new table that takes over, "
            + "or a quiet hour.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: SetLogged or SetTablespace or SetAccessMethod }
            && context.Locks.Any(held => held.Work == LockWork.Rewrite)
            ? [new($"{What(context.Action)} rewrites {context.TableName} under ACCESS EXCLUSIVE: reads and writes stop until it is done.")]
            : [],
    };

    public static RiskRule Unlogs { get; } = new(
        "set-unlogged", "A crash empties the table, and standbys and backups lack its rows", DataLoss, RiskSeverity.High,
        "Leave it logged; what may be lost belongs into an unlogged table of its own.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: SetLogged { Logged: false } }
            && context.Table.Persistence != Persistence.Unlogged
            ? [new($"{context.TableName} becomes UNLOGGED: a crash empties it, and standbys and backups have none of its rows.")]
            : [],
    };

    public static RiskRule Compacts { get; } = new(
        "cluster-or-vacuum-full", "The table is rewritten under ACCESS EXCLUSIVE", Rewrite, RiskSeverity.High, "pg_repack, which swaps the "
            + "file at the end; plain VACUUM for new room.")
    {
        Judge = static context => context.Statement switch
        {
            ClusterTable { Table: { } table } when context.Schema.IsExempt(table) => [],
            ClusterTable cluster =>
                [Rewritten("CLUSTER", cluster.Table is { } table ? context.Name(table) : "every table that was clustered before")],
            VacuumTables { Full: true, Tables.Count: 0 } => [Rewritten("VACUUM FULL", "every table")],
            VacuumTables { Full: true } vacuum => vacuum.Tables.Where(table => !context.Schema.IsExempt(table))
                .Select(table => Rewritten("VACUUM FULL", context.Name(table))),
            _ => [],
        },
    };

    private static Hit Rewritten(string command, string table) =>
        new($"{command} rewrites {table} under ACCESS EXCLUSIVE: reads and writes stop until it is done.");

    private static string What(TableAction? action) => action switch
    {
        SetLogged { Logged: true } => "SET LOGGED",
        SetLogged => "SET UNLOGGED",
        SetTablespace => "SET TABLESPACE",
        _ => "SET ACCESS METHOD",
    };
}
