using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>How a script failed.</summary>
/// <param name="Cause">What was thrown, or null where the script left its transaction open.</param>
/// <param name="Statement">The statement that failed; null where it was the end of the transaction.</param>
internal sealed record ScriptFailure(Exception? Cause, SqlStatement? Statement)
{
    /// <summary>What the statement waited for when it was looked at last.</summary>
    public LockWait? Waiting { get; init; }

    /// <summary>Before a CONCURRENTLY: the indexes that were invalid already.</summary>
    public IReadOnlyList<string> InvalidBefore { get; init; } = [];

    /// <summary>The invalid index that the statement's IF NOT EXISTS took for the one it asks for, quoted; else null.</summary>
    public string? PassedOver { get; init; }
}

/// <summary>How a script ended.</summary>
/// <param name="InTransaction">Whether it ran in one transaction, with its history row: all of it remains, or nothing.</param>
internal sealed record ScriptResult(bool InTransaction, ScriptFailure? Failure)
{
    /// <summary>Whether the session answered that no transaction is open any more; else it has to be looked for.</summary>
    public bool IsEnded { get; init; } = true;
}
