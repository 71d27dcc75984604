using Npgsql;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tracing;

/// <summary>
/// Watches one migration's run on a scratch database, statement by statement: which locks its session holds behind each, what was
/// rewritten and what was read. A statement that has its own transaction gets one that is looked at before it ends.
/// </summary>
/// <param name="scratch">Nobody else uses it.</param>
internal sealed class MigrationTrace(DatabaseUrl scratch, string migration, TimeProvider time, CancellationToken cancellation)
{
    private readonly List<ObservedStatement> _statements = [];
    private IReadOnlyDictionary<long, RelationState>? _existing;

    /// <summary>How the session was behind the statement before, in the same transaction.</summary>
    private SessionState? _last;

    private int _transaction;
    private bool _wasOpen;

    public ObservedMigration Observed => new(migration, [.. _statements]);

    /// <inheritdoc cref="AroundStatement"/>
    public Task AroundAsync(NpgsqlConnection runner, SqlStatement statement, bool inTransaction, Func<Task> run)
    {
        // What the server refused in a transaction runs a second time from its beginning.
        _statements.RemoveAll(seen => seen.Offset >= statement.Offset);
        return statement.Kind switch
        {
            StatementKind.Concurrent => WatchAsync(runner, statement, run, isHeldUp: true),
            StatementKind.OutsideTransaction => WatchAsync(runner, statement, run, isHeldUp: false),
            StatementKind.Ordinary when !IsOfSession(statement) => TraceAsync(runner, statement, inTransaction, run),
            _ => PassAsync(statement, run),
        };
    }

    /// <summary>A query before SET TRANSACTION would make it come too late.</summary>
    private static bool IsOfSession(SqlStatement statement) =>
        SqlLexer.Words(statement.Text, 1) is ["SET" or "RESET" or "SAVEPOINT" or "RELEASE" or "ROLLBACK" or "DISCARD"];

    private async Task PassAsync(SqlStatement statement, Func<Task> run)
    {
        long start = time.GetTimestamp();
        await run();
        Add(statement, time.GetElapsedTime(start), [], isWatched: false);
        // A savepoint that is rolled back gives its locks back.
        _last = null;
    }

    private async Task TraceAsync(NpgsqlConnection runner, SqlStatement statement, bool inTransaction, Func<Task> run)
    {
        bool isOpen = inTransaction || await IsInTransactionAsync(runner);
        if (!isOpen || !_wasOpen)
        {
            (_transaction, _last) = (_transaction + 1, null);
        }

        _wasOpen = isOpen;
        await (isOpen ? ObserveAsync(runner, statement, run) : AloneAsync(runner, statement, run));
    }

    private async Task ObserveAsync(NpgsqlConnection runner, SqlStatement statement, Func<Task> run)
    {
        SessionState before = _last ?? await SessionState.ReadAsync(runner, runner.ProcessID, cancellation);
        _existing ??= before.Relations;
        long start = time.GetTimestamp();
        await run();
        TimeSpan duration = time.GetElapsedTime(start);
        _last = await SessionState.ReadAsync(runner, runner.ProcessID, cancellation);
        Add(statement, duration, new SessionChange(_existing, before, _last).Locks(isWatched: false), isWatched: false);
    }

    /// <summary>In a transaction of ours, where the server lets it.</summary>
    private async Task AloneAsync(NpgsqlConnection runner, SqlStatement statement, Func<Task> run)
    {
        await ExecuteAsync(runner, "BEGIN");
        try
        {
            await ObserveAsync(runner, statement, run);
            await ExecuteAsync(runner, "COMMIT");
        }
        catch (PostgresException error) when (error.SqlState is "25001" or "2D000")
        {
            await ExecuteAsync(runner, "ROLLBACK");
            await WatchAsync(runner, statement, run, isHeldUp: false);
        }
    }

    private async Task WatchAsync(NpgsqlConnection runner, SqlStatement statement, Func<Task> run, bool isHeldUp)
    {
        (_transaction, _last, _wasOpen) = (_transaction + 1, null, false);
        await using SecondSession second = await SecondSession.OpenAsync(scratch, runner.ProcessID, cancellation);
        SessionState before = await second.ReadAsync();
        _existing ??= before.Relations;
        await (isHeldUp ? second.HoldUpAsync(before) : Task.CompletedTask);
        long start = time.GetTimestamp();
        IReadOnlyDictionary<long, LockMode> locks = await second.OverAsync(run());
        TimeSpan duration = time.GetElapsedTime(start);
        SessionState after = await second.ReadAsync() with { Locks = locks };
        Add(statement, duration, new SessionChange(_existing, before, after).Locks(isWatched: true), isWatched: true);
    }

    private void Add(SqlStatement statement, TimeSpan duration, IReadOnlyList<ObservedLock> locks, bool isWatched) =>
        _statements.Add(new(statement.Offset, statement.Line, ApplyFailures.Shown(statement), _transaction, duration, locks)
        {
            IsWatched = isWatched,
        });

    /// <summary>The script's own: only a transaction block takes a savepoint.</summary>
    private async Task<bool> IsInTransactionAsync(NpgsqlConnection runner)
    {
        try
        {
            await ExecuteAsync(runner, "SAVEPOINT schemagate_trace");
            await ExecuteAsync(runner, "RELEASE SAVEPOINT schemagate_trace");
            return true;
        }
        catch (PostgresException error) when (error.SqlState == "25P01")
        {
            return false;
        }
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
