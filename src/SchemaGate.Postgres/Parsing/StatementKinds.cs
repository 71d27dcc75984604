namespace SchemaGate.Postgres.Parsing;

/// <summary>
/// Tells a statement's kind by its words, not by its tree: that reads syntax which is newer than the installed parser, and a hostile
/// expression's depth cannot overflow a stack. What is missed here the server says (25001), and the run starts over statement by statement.
/// </summary>
internal static class StatementKinds
{
    private const int MostWords = 64;

    /// <summary>
    /// Every caller of the server's PreventInTransactionBlock (13 to 18) whose words tell, and what begins or ends a transaction.
    /// </summary>
    public static StatementKind Of(string statement) => SqlLexer.Words(statement, MostWords) switch
    {
        ["BEGIN" or "START" or "COMMIT" or "END" or "ABORT", ..] => StatementKind.TransactionControl,
        ["PREPARE", "TRANSACTION", ..] => StatementKind.TransactionControl,
        ["ROLLBACK", .. var rest] when !rest.Contains("TO") => StatementKind.TransactionControl,
        ["COPY", .. var rest] when rest.Zip(rest.Skip(1)).Any(pair => pair is ("FROM" or "TO", "STDIN" or "STDOUT")) =>
            StatementKind.ClientCopy,
        ["CREATE", "INDEX", "CONCURRENTLY", ..] or ["CREATE", "UNIQUE", "INDEX", "CONCURRENTLY", ..]
            or ["DROP", "INDEX", "CONCURRENTLY", ..] => StatementKind.Concurrent,
        ["REINDEX", .. var rest] when rest.Contains("CONCURRENTLY") || HasConcurrentlyOption(statement) => StatementKind.Concurrent,
        ["REINDEX", "DATABASE" or "SYSTEM" or "SCHEMA", ..] => StatementKind.OutsideTransaction,
        ["ALTER", "TABLE", .. var rest] when rest.Contains("DETACH") && rest.Contains("CONCURRENTLY") => StatementKind.Concurrent,
        ["VACUUM", ..] or ["CLUSTER"] or ["CLUSTER", "VERBOSE"] or ["DISCARD", "ALL"] => StatementKind.OutsideTransaction,
        ["CREATE" or "DROP", "DATABASE" or "TABLESPACE" or "SUBSCRIPTION", ..] or ["ALTER", "SYSTEM", ..] =>
            StatementKind.OutsideTransaction,
        ["ALTER", "DATABASE", .. var rest] when rest.Zip(rest.Skip(1)).Contains(("SET", "TABLESPACE")) => StatementKind.OutsideTransaction,
        ["ALTER", "SUBSCRIPTION", _, "SET" or "ADD" or "DROP" or "REFRESH", "PUBLICATION", ..] => StatementKind.OutsideTransaction,
        _ => StatementKind.Ordinary,
    };

    /// <summary>REINDEX (VERBOSE, CONCURRENTLY) TABLE t (14 and newer).</summary>
    private static bool HasConcurrentlyOption(string statement)
    {
        SqlTokens tokens = new(statement);
        bool isOption = tokens.Next() && tokens.Next() && tokens.Token is "(";
        bool isFound = false;
        while (isOption && tokens.Next() && tokens.Token is not ")")
        {
            bool isName = tokens.Token.Equals("CONCURRENTLY", StringComparison.OrdinalIgnoreCase);
            isFound = isName || (isFound && tokens.Token is not ("0" or "FALSE" or "OFF" or "false" or "off"));
        }

        return isFound;
    }
}
