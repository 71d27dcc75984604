namespace SchemaGate.Postgres.Parsing;

/// <summary>What running a statement asks for.</summary>
public enum StatementKind
{
    /// <summary>It may run in a transaction block, as far as its words tell.</summary>
    Ordinary,

    /// <summary>The server refuses it in a transaction block: <c>VACUUM</c>, <c>CREATE DATABASE</c>.</summary>
    OutsideTransaction,

    /// <summary>Likewise, and it lets others work meanwhile: <c>CREATE INDEX CONCURRENTLY</c>.</summary>
    Concurrent,

    /// <summary>It begins or ends a transaction itself: <c>BEGIN</c>, <c>COMMIT</c>; savepoints do not.</summary>
    TransactionControl,

    /// <summary><c>COPY</c> from or to the client, which has no data to send.</summary>
    ClientCopy,
}

/// <summary>One statement of a script.</summary>
/// <param name="Text">From its first word to before its semicolon, as written.</param>
/// <param name="Offset">Where it begins in the script, in UTF-16 code units.</param>
/// <param name="Line">The line of its first word, from 1.</param>
/// <param name="Kind">What running it asks for.</param>
public sealed record SqlStatement(string Text, int Offset, int Line, StatementKind Kind);
