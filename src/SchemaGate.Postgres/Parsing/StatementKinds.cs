namespace SchemaGate.Postgres.Parsing;

/// <summary>
/// Tells a statement's kind by its words, not by its tree: that reads syntax which is newer than the installed parser, and a hostile
/// expression's depth cannot overflow a stack. What is missed here the server says (25001), and the run starts over statement by statement.
/// </summary>
internal static class StatementKinds
{
    private const int MostWords = 64;

    public static StatementKind Of(string statement) => SqlLexer.Words(statement, MostWords) switch
    {
        ["BEGIN" or "START" or "COMMIT" or "END" or "ABORT", ..] => StatementKind.TransactionControl,
        ["PREPARE", "TRANSACTION", ..] => StatementKind.TransactionControl,
        ["ROLLBACK", .. var rest] when !rest.Contains("TO") => StatementKind.TransactionControl,
        ["COPY", .. var rest] when rest.Zip(rest.Skip(1)).Any(pair => pair is ("FROM" or "TO", "STDIN" or "STDOUT")) => StatementKind.ClientCopy,
        ["VACUUM", ..] => StatementKind.OutsideTransaction,
        ["CREATE" or "DROP" or "ALTER", "DATABASE" or "TABLESPACE" or "SUBSCRIPTION" or "SYSTEM", ..] => StatementKind.OutsideTransaction,
        ["CREATE", "INDEX", "CONCURRENTLY", ..] or ["CREATE", "UNIQUE", "INDEX", "CONCURRENTLY", ..] => StatementKind.OutsideTransaction,
        ["DROP", "INDEX", "CONCURRENTLY", ..] => StatementKind.OutsideTransaction,
        ["REINDEX", "DATABASE" or "SYSTEM" or "SCHEMA", ..] => StatementKind.OutsideTransaction,
        ["REINDEX", .. var rest] when rest.Contains("CONCURRENTLY") => StatementKind.OutsideTransaction,
        ["ALTER", "TABLE", .. var rest] when rest.Contains("DETACH") && rest.Contains("CONCURRENTLY") => StatementKind.OutsideTransaction,
        ["CLUSTER"] or ["DISCARD", "ALL"] => StatementKind.OutsideTransaction,
        _ => StatementKind.Ordinary,
    };
}
