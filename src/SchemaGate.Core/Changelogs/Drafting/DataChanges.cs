using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>What is done to rows, in words; null where the statement is about something else.</summary>
internal static class DataChanges
{
    public static Change? Of(Statement statement, KnownSchema schema) => statement switch
    {
        DataChange change => OfRows(change, Marked.Name(change.Table, schema)),
        TruncateTables truncate => Emptied(Marked.List(truncate.Tables.Select(table => table.Name)), truncate),
        CopyData { IsFrom: true, Table: { } table } => new(
            "COPY", $"Copies rows into {Marked.Name(table, schema)}",
            new Undo.ByHand($"delete the rows that were copied into {Marked.Name(table, schema)}")),
        CopyData => new("COPY", "Copies rows out of the database", Undo.Nothing),
        SelectQuery => new("SELECT", "Runs a query", Undo.Nothing),
        _ => null,
    };

    private static Change OfRows(DataChange change, string table) => change switch
    {
        InsertRows { Rows: { } rows } => new(
            "INSERT", $"Inserts {Marked.Count(rows, "row")} into {table}", new Undo.ByHand($"delete the inserted rows of {table}")),
        InsertRows => new(
            "INSERT", $"Inserts the rows of a query into {table}", new Undo.ByHand($"delete the inserted rows of {table}")),
        UpdateRows update => new(
            "UPDATE", $"Sets {Marked.List(update.Columns)} in {Which(update.HasWhere)} of {table}", Overwritten(change, table)),
        DeleteRows delete => new(
            "DELETE", $"Deletes {Which(delete.HasWhere)} of {table}", new Undo.Lost($"the deleted rows of {table}")),
        MergeRows { Deletes: true } => new(
            "MERGE", $"Merges rows into {table}, and deletes some", new Undo.Lost($"the deleted rows of {table}")),
        _ => new("MERGE", $"Merges rows into {table}", Overwritten(change, table)),
    };

    private static Undo Overwritten(DataChange change, string table) => change.Overwritten.Count > 0
        ? new Undo.Lost($"the overwritten values of {Marked.List(change.Overwritten)} of {table}")
        : new Undo.ByHand($"take back the values that were set in {table}");

    private static string Which(bool hasWhere) => hasWhere ? "some rows" : "all rows";

    private static Change Emptied(string tables, TruncateTables truncate)
    {
        string more = truncate.Cascade ? " and what references them" : "";
        return new("TRUNCATE", $"Empties {tables}{more}", new Undo.Lost($"all rows of {tables}{more}"));
    }
}
