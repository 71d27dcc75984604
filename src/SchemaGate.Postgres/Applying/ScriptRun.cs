using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>Runs one migration's statements on a connection that does nothing else.</summary>
internal sealed class ScriptRun(NpgsqlConnection runner, StatementWatch watch, RunLimits limits)
{
    /// <summary>The session's lock_timeout in milliseconds; null where it is the server's.</summary>
    private long? _lockTimeout;

    private AroundStatement? _around;

    /// <summary>
    /// Gives the migration a session as new, in one round trip: what an earlier one SET, created temporarily or left prepared is gone.
    /// </summary>
    public async Task PrepareAsync(DatabaseUrl url, ApplyOptions options)
    {
        // First, and so a transaction of its own: it may not run within one.
        await using NpgsqlBatch batch = new(runner) { BatchCommands = { new("DISCARD ALL") } };
        if (url.HasSchema)
        {
            batch.BatchCommands.Add(new($"SET search_path TO {HistoryTable.Quote(url.Schema)}"));
        }

        (_lockTimeout, _around) = (Milliseconds(options.TableLockTimeout), options.Around);
        foreach ((string setting, long? value) in (ReadOnlySpan<(string, long?)>)[
            ("lock_timeout", _lockTimeout), ("statement_timeout", Milliseconds(options.StatementTimeout)),
        ])
        {
            if (value is { } timeout)
            {
                batch.BatchCommands.Add(new($"SET {setting} TO '{timeout}ms'"));
            }
        }

        await batch.ExecuteNonQueryAsync(limits.Cancellation);
    }

    /// <summary>
    /// One transaction, where every statement may run in one; the row that says "applied" is part of it, so that no crash can come between.
    /// Otherwise one statement after the other, and the caller writes the row.
    /// </summary>
    public async Task<ScriptResult> RunAsync(IReadOnlyList<SqlStatement> statements, Func<NpgsqlBatchCommand> finish)
    {
        if (statements.All(statement => statement.Kind == StatementKind.Ordinary))
        {
            ScriptFailure? failure = await InTransactionAsync(statements, finish);
            bool isEnded = await IsRolledBackAsync(failure);
            if (failure is null || !isEnded || !RefusesTransaction(failure))
            {
                return new ScriptResult(InTransaction: true, failure) { IsEnded = isEnded };
            }
        }

        ScriptFailure? failed = await OneByOneAsync(statements);
        return new ScriptResult(InTransaction: false, failed) { IsEnded = await IsRolledBackAsync(failed) };
    }

    /// <summary>
    /// The server's ways to say that a statement needs a transaction of its own: what its words do not show (25001), a procedure or DO that
    /// commits (2D000), a new enum value in use (55P04). Nothing remains of the attempt, so it may run again. A SET TRANSACTION that comes
    /// too late is 25001 as well, and outside of a block it would do nothing at all: which of the two it is tells the place in the server's
    /// sources, in every language.
    /// </summary>
    private static bool RefusesTransaction(ScriptFailure failure) => failure.Cause is
        PostgresException { SqlState: "25001", Routine: "PreventInTransactionBlock" or "CreateInitDecodingContext" }
        or PostgresException { SqlState: "2D000" or "55P04" };

    private async Task<ScriptFailure?> InTransactionAsync(IReadOnlyList<SqlStatement> statements, Func<NpgsqlBatchCommand> finish) =>
        await ExecuteAllAsync(statements, inTransaction: true)
            ?? await TryAsync(() => CommitAsync(finish(), begins: statements.Count == 0));

    /// <summary>
    /// Never in one round trip with the last statement: if this process is killed during that, nothing of the migration is to remain.
    /// </summary>
    private async Task CommitAsync(NpgsqlBatchCommand finish, bool begins)
    {
        try
        {
            // A migration that changed its role may have lost the right to write the history.
            await ExecuteAsync([.. Beginning(begins), new("SET SESSION AUTHORIZATION DEFAULT"), finish, new("COMMIT")], limits.Either);
        }
        catch (PostgresException error) when (HistoryWriter.FoundNoRow(error))
        {
            throw HistoryWriter.RowIsGone();
        }
    }

    private async Task<ScriptFailure?> OneByOneAsync(IReadOnlyList<SqlStatement> statements)
    {
        bool isOpen = false;
        ScriptFailure? failure = await ExecuteAllAsync(statements, inTransaction: false)
            ?? await TryAsync(async () => isOpen = await IsInTransactionAsync());
        return isOpen
            ? new ScriptFailure(Cause: null, statements.LastOrDefault(statement => statement.Kind == StatementKind.TransactionControl))
            : failure;
    }

    /// <param name="inTransaction">Whether a transaction begins in the first statement's round trip.</param>
    private async Task<ScriptFailure?> ExecuteAllAsync(IReadOnlyList<SqlStatement> statements, bool inTransaction)
    {
        ScriptFailure? failure = null;
        for (int index = 0; index < statements.Count && failure is null; index++)
        {
            failure = await ExecuteAsync(statements[index], index + 1, statements.Count, inTransaction);
        }

        return failure;
    }

    private async Task<ScriptFailure?> ExecuteAsync(SqlStatement statement, int number, int total, bool inTransaction)
    {
        IReadOnlyList<string> invalid = statement.Kind == StatementKind.Concurrent ? await watch.InvalidIndexesAsync() : [];
        ScriptFailure? failure = await TryAsync(
            () =>
            {
                limits.ThrowIfOver();
                Task running = AroundAsync(statement, inTransaction, begins: inTransaction && number == 1);
                return watch.OverAsync(running, statement, number, total);
            },
            statement);
        failure ??= await PassedOverAsync(statement);
        return failure is null ? null : failure with { Waiting = watch.Waiting, InvalidBefore = invalid };
    }

    private async Task AroundAsync(SqlStatement statement, bool inTransaction, bool begins)
    {
        if (_around is null)
        {
            await StatementAsync(statement, begins);
            return;
        }

        await (begins ? ExecuteAsync([new("BEGIN")], limits.Either) : Task.CompletedTask);
        await _around(runner, statement, inTransaction, () => StatementAsync(statement, begins: false));
    }

    /// <summary>An error in BEGIN keeps the server from the statement behind it, up to the batch's end.</summary>
    private Task StatementAsync(SqlStatement statement, bool begins) => statement.Kind == StatementKind.Concurrent
        ? ConcurrentAsync(statement)
        : ExecuteAsync([.. Beginning(begins), new(statement.Text)], limits.For(statement.Kind));

    private async Task<ScriptFailure?> PassedOverAsync(SqlStatement statement)
    {
        ScriptFailure? failure = null;
        ScriptFailure? broken = await TryAsync(
            async () => failure = await PassedOverIndex.OfAsync(statement, runner, limits.Either) is { } found
                ? new ScriptFailure(ApplyFailures.PassedOver(found), statement) { PassedOver = found }
                : null,
            statement);
        return broken ?? failure;
    }

    /// <summary>
    /// A CONCURRENTLY waits for every older transaction as for a lock: on a busy database the session's lock_timeout would cut off each
    /// build and leave an invalid index. Its own lock, SHARE UPDATE EXCLUSIVE, keeps nobody from reading or writing, so it may wait. What
    /// it waits for without a limit is that lock, too (another build, VACUUM or ALTER TABLE), and a DETACH at its end the partition's own.
    /// </summary>
    private async Task ConcurrentAsync(SqlStatement statement)
    {
        bool isLifted = _lockTimeout is { } limit && await ChangeLockTimeoutAsync(limit, 0);
        await ExecuteAsync([new(statement.Text)], limits.For(statement.Kind));
        if (isLifted)
        {
            await ChangeLockTimeoutAsync(0, _lockTimeout!.Value);
        }
    }

    /// <summary>False where the session has another one: what the migration itself SET stays in force.</summary>
    private async Task<bool> ChangeLockTimeoutAsync(long from, long to)
    {
        await using NpgsqlCommand command = new(
            $"SELECT pg_catalog.set_config('lock_timeout', '{to}', false) FROM pg_catalog.pg_settings WHERE name = 'lock_timeout' AND "
                + $"setting = '{from}'", runner);
        return await command.ExecuteScalarAsync() is not null;
    }

    /// <summary>Zero would be no limit.</summary>
    private static long? Milliseconds(TimeSpan? limit) => limit is { } length ? Math.Max(1, (long)length.TotalMilliseconds) : null;

    private static IEnumerable<NpgsqlBatchCommand> Beginning(bool begins) => begins ? [new("BEGIN")] : [];

    /// <summary>Whatever a statement throws belongs into the history's row.</summary>
    private async Task<ScriptFailure?> TryAsync(Func<Task> action, SqlStatement? statement = null)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception exception)
        {
            return new ScriptFailure(exception is OperationCanceledException ? limits.Passed ?? exception : exception, statement);
        }
    }

    /// <summary>
    /// Only a transaction block takes a savepoint; the driver does not show the session's state, and the script may be newer than the
    /// parser.
    /// </summary>
    private async Task<bool> IsInTransactionAsync()
    {
        try
        {
            await ExecuteAsync([new("SAVEPOINT schemagate")], CancellationToken.None);
            return true;
        }
        catch (PostgresException error) when (error.SqlState is "25P01" or "25P02")
        {
            return error.SqlState == "25P02";
        }
    }

    /// <summary>
    /// Ends the transaction of a failed script. False where the connection is gone: then the server does it, but when is not known.
    /// </summary>
    private async Task<bool> IsRolledBackAsync(ScriptFailure? failure) =>
        failure is null || await TryAsync(() => ExecuteAsync([new("ROLLBACK")], CancellationToken.None)) is null;

    /// <summary>In one round trip, each text as it is.</summary>
    private async Task ExecuteAsync(NpgsqlBatchCommand[] commands, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = new(runner);
        foreach (NpgsqlBatchCommand command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
