using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>How a script failed.</summary>
/// <param name="Cause">What the driver threw, or null where the script left its transaction open.</param>
/// <param name="Statement">The statement that failed; null where it was the end of the transaction.</param>
internal sealed record ScriptFailure(Exception? Cause, SqlStatement? Statement);

/// <summary>How a script ended.</summary>
/// <param name="InTransaction">Whether it ran in one transaction, with its history row: all of it remains, or nothing.</param>
internal sealed record ScriptResult(bool InTransaction, ScriptFailure? Failure);

/// <summary>Runs one migration's statements on a connection that does nothing else.</summary>
internal sealed class ScriptRun(NpgsqlConnection runner)
{
    /// <summary>
    /// Gives the migration a session as new: what an earlier one SET, created temporarily or left prepared is gone.
    /// </summary>
    public async Task PrepareAsync(DatabaseUrl url, ApplyOptions options, CancellationToken cancellation)
    {
        await ExecuteAsync("DISCARD ALL", cancellation);
        if (url.HasSchema)
        {
            await ExecuteAsync($"SET search_path TO {History.HistoryTable.Quote(url.Schema)}", cancellation);
        }

        if (options.TableLockTimeout is { } timeout)
        {
            await ExecuteAsync($"SET lock_timeout TO '{(long)timeout.TotalMilliseconds}ms'", cancellation);
        }
    }

    /// <summary>
    /// One transaction, where every statement may run in one; the row that says "applied" is part of it, so that no crash can come between. Otherwise
    /// one statement after the other, and the caller writes the row.
    /// </summary>
    public async Task<ScriptResult> RunAsync(
        IReadOnlyList<SqlStatement> statements, Func<NpgsqlBatchCommand> finish, CancellationToken cancellation)
    {
        if (statements.All(statement => statement.Kind == StatementKind.Ordinary))
        {
            ScriptFailure? failure = await InTransactionAsync(statements, finish, cancellation);
            if (failure is null || !RefusesTransaction(failure))
            {
                return new ScriptResult(InTransaction: true, failure);
            }
        }

        return new ScriptResult(InTransaction: false, await OneByOneAsync(statements, cancellation));
    }

    /// <summary>
    /// The server's ways to say that a statement needs a transaction of its own: a CONCURRENTLY that its words did not show (25001), a procedure that
    /// commits (2D000), a new enum value in use (55P04). Nothing remains of the attempt, so it may run again.
    /// </summary>
    private static bool RefusesTransaction(ScriptFailure failure) =>
        failure is { Cause: PostgresException { SqlState: "25001" or "2D000" or "55P04" } };

    private async Task<ScriptFailure?> InTransactionAsync(IReadOnlyList<SqlStatement> statements, Func<NpgsqlBatchCommand> finish, CancellationToken cancellation)
    {
        ScriptFailure? failure = await TryAsync(() => ExecuteAsync("BEGIN", cancellation))
            ?? await ExecuteAllAsync(statements, cancellation)
            ?? await TryAsync(() => CommitAsync(finish(), cancellation));
        return await RolledBackAsync(failure);
    }

    private async Task CommitAsync(NpgsqlBatchCommand finish, CancellationToken cancellation)
    {
        // A migration that changed its role may have lost the right to write the history.
        await using NpgsqlBatch end = new(runner) { BatchCommands = { new("SET SESSION AUTHORIZATION DEFAULT"), finish, new("COMMIT") } };
        await end.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<ScriptFailure?> OneByOneAsync(IReadOnlyList<SqlStatement> statements, CancellationToken cancellation)
    {
        bool isOpen = false;
        ScriptFailure? failure = await ExecuteAllAsync(statements, cancellation) ?? await TryAsync(async () => isOpen = await IsInTransactionAsync());
        SqlStatement? begin = statements.LastOrDefault(statement => statement.Kind == StatementKind.TransactionControl);
        return await RolledBackAsync(isOpen ? new ScriptFailure(Cause: null, begin) : failure);
    }

    private async Task<ScriptFailure?> ExecuteAllAsync(IReadOnlyList<SqlStatement> statements, CancellationToken cancellation)
    {
        ScriptFailure? failure = null;
        for (int index = 0; index < statements.Count && failure is null; index++)
        {
            SqlStatement statement = statements[index];
            failure = await TryAsync(() => ExecuteAsync(statement.Text, cancellation), statement);
        }

        return failure;
    }

    /// <summary>Whatever a statement throws belongs into the history's row.</summary>
    private static async Task<ScriptFailure?> TryAsync(Func<Task> action, SqlStatement? statement = null)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception exception)
        {
            return new ScriptFailure(exception, statement);
        }
    }

    /// <summary>Only a transaction block takes a savepoint; the driver does not show the session's state, and the script may be newer than the parser.</summary>
    private async Task<bool> IsInTransactionAsync()
    {
        try
        {
            await ExecuteAsync("SAVEPOINT schemagate", CancellationToken.None);
            return true;
        }
        catch (PostgresException error) when (error.SqlState is "25P01" or "25P02")
        {
            return error.SqlState == "25P02";
        }
    }

    /// <summary>Ends the transaction of a failed script. Where the connection is gone the server does it by itself.</summary>
    private async Task<ScriptFailure?> RolledBackAsync(ScriptFailure? failure)
    {
        if (failure is not null)
        {
            await TryAsync(() => ExecuteAsync("ROLLBACK", CancellationToken.None));
        }

        return failure;
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(statement, runner);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
