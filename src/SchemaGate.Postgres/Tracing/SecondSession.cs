using Npgsql;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Tracing;

/// <summary>
/// A session beside the one that runs a statement outside of a transaction, whose locks nobody sees behind it. It looks at them ever again
/// meanwhile, and holds up what waits for others: on an empty database a build takes a few milliseconds.
/// </summary>
internal sealed class SecondSession : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);

    /// <summary>In looks. What does not wait for anybody by then needs no holding up.</summary>
    private const int MostHeld = 1000;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _watcher;
    private readonly int _process;
    private readonly CancellationToken _cancellation;
    private NpgsqlConnection? _holder;

    private SecondSession(NpgsqlDataSource source, NpgsqlConnection watcher, int process, CancellationToken cancellation) =>
        (_source, _watcher, _process, _cancellation) = (source, watcher, process, cancellation);

    /// <exception cref="DatabaseException">No connection can be had.</exception>
    public static async Task<SecondSession> OpenAsync(DatabaseUrl url, int process, CancellationToken cancellation)
    {
        NpgsqlDataSource source = DatabaseConnections.ForRun(url);
        try
        {
            return new(source, await DatabaseConnections.OpenAsync(source, url, cancellation), process, cancellation);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public Task<SessionState> ReadAsync() => SessionState.ReadAsync(_watcher, _process, _cancellation);

    /// <summary>
    /// Takes the lock of a CONCURRENTLY on all tables, until the statement waits for that: a wait is seen however long it lasts. (DETACH
    /// has its own lock for a moment only.)
    /// </summary>
    public async Task HoldUpAsync(SessionState state)
    {
        string tables = string.Join(", ", state.Relations.Values.Where(relation => relation.Kind is 'r' or 'p')
            .Select(relation => $"{HistoryTable.Quote(relation.Name.Schema!)}.{HistoryTable.Quote(relation.Name.Name)}"));
        if (tables.Length > 0)
        {
            _holder = await _source.OpenConnectionAsync(_cancellation);
            await using NpgsqlBatch batch = new(_holder)
            {
                BatchCommands = { new("BEGIN"), new($"LOCK TABLE {tables} IN SHARE UPDATE EXCLUSIVE MODE") },
            };
            await batch.ExecuteNonQueryAsync(_cancellation);
        }
    }

    /// <summary>Ends, or fails, as the statement does.</summary>
    /// <returns>The strongest mode that it was seen to hold, by oid.</returns>
    public async Task<IReadOnlyDictionary<long, LockMode>> OverAsync(Task running)
    {
        Dictionary<long, LockMode> seen = [];
        for (int look = 0; !running.IsCompleted; look++)
        {
            (IReadOnlyDictionary<long, LockMode> locks, bool waits) = await SessionState.LocksAsync(_watcher, _process, _cancellation);
            foreach ((long oid, LockMode mode) in locks)
            {
                seen[oid] = SessionState.Stronger(seen.GetValueOrDefault(oid), mode);
            }

            if (waits || look == MostHeld)
            {
                await ReleaseAsync();
            }

            await Task.WhenAny(running, Task.Delay(s_pause, _cancellation));
        }

        await running;
        return seen;
    }

    private async Task ReleaseAsync()
    {
        if (_holder is { } holder)
        {
            _holder = null;
            await holder.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        await _watcher.DisposeAsync();
        await _source.DisposeAsync();
    }
}
