using Npgsql;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Applying;

/// <summary>The session that runs the migrations, as the server knows it.</summary>
/// <param name="Process">Its server process.</param>
/// <param name="StartedAt">When that began, as the server writes it: a process's number is used again.</param>
internal sealed record RunnerSession(NpgsqlConnection Connection, int Process, string StartedAt)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(10);

    private const string Self = """
        SELECT pg_catalog.pg_backend_pid(), coalesce((SELECT backend_start::text FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()), '')
        """;

    private const string Find = "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND backend_start::text = $2)";

    private const string End = "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND backend_start::text = $2";

    /// <summary>Opens the session beside the one that holds the migration lock.</summary>
    /// <exception cref="DatabaseException">TransactionPooler: the two share a server process, so the lock is nobody's. Or no connection can be had.</exception>
    public static async Task<RunnerSession> OpenAsync(NpgsqlDataSource source, NpgsqlConnection keeper, DatabaseUrl url, CancellationToken cancellation)
    {
        NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
        try
        {
            (int process, string startedAt) = await SelfAsync(connection, cancellation);
            // The server tells each connection its process (protocol, BackendKeyData). Where that is not who answers, a pooler stands between.
            if (process != connection.ProcessID)
            {
                await RequireSessionsAsync(keeper, connection, cancellation);
                (process, startedAt) = await SelfAsync(connection, cancellation);
            }

            return new RunnerSession(connection, process, startedAt);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Whether the session has ended, and with it whatever it had not committed.
    /// </summary>
    /// <param name="end">End it after a moment, since nobody listens to it any more.</param>
    public async Task<bool> IsGoneAsync(NpgsqlConnection observer, bool end, TimeProvider time)
    {
        long start = time.GetTimestamp();
        bool ended = !end;
        while (await AskAsync(observer, Find))
        {
            TimeSpan elapsed = time.GetElapsedTime(start);
            if (elapsed >= MostPatience)
            {
                return false;
            }

            if (!ended && elapsed >= Patience)
            {
                ended = await AskAsync(observer, End);
            }

            await Task.Delay(Pause, time);
        }

        return true;
    }

    /// <summary>
    /// A session pooler gives each connection a server process for its whole life, so the two never meet. A transaction pooler gives the keeper's process,
    /// idle between two statements, to the next transaction (the usual, last in first out), or the keeper another one (in turns).
    /// </summary>
    private static async Task RequireSessionsAsync(NpgsqlConnection keeper, NpgsqlConnection runner, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < 5; attempt++)
        {
            (int first, _) = await SelfAsync(keeper, cancellation);
            (int second, _) = await SelfAsync(keeper, cancellation);
            await using NpgsqlTransaction held = await runner.BeginTransactionAsync(cancellation);
            (int other, _) = await SelfAsync(runner, cancellation);
            if (first != second || first == other)
            {
                throw new DatabaseException(
                    DatabaseFailure.TransactionPooler,
                    "The database URL leads to a transaction pooler (as PgBouncer with pool_mode = transaction or statement), which cannot hold the migration lock. "
                    + "Migrate with the direct URL (DIRECT_URL).");
            }
        }
    }

    private static async Task<(int Process, string StartedAt)> SelfAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Self, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt32(0), reader.GetString(1));
    }

    private async Task<bool> AskAsync(NpgsqlConnection observer, string question)
    {
        await using NpgsqlCommand command = new(question, observer)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = Process }, new NpgsqlParameter<string> { TypedValue = StartedAt } },
            CommandTimeout = 5,
        };
        return await command.ExecuteScalarAsync() is true;
    }
}
