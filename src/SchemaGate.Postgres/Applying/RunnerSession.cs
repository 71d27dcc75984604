using System.Buffers.Binary;
using System.Security.Cryptography;
using Npgsql;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Applying;

/// <summary>The session that runs the migrations, as the server knows it.</summary>
/// <param name="Process">Its server process.</param>
/// <param name="StartedAt">
/// When that began, in seconds since 1970 as text: a process's number is used again. Empty where the server does not show it: a login whose
/// default role (<c>ALTER ROLE … SET role</c>) is not a member of the login sees its own sessions as another's. Then a session of that
/// number counts as this one. </param>
internal sealed record RunnerSession(NpgsqlConnection Connection, int Process, string StartedAt)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(10);

    private const string Self = """
        SELECT pid, coalesce(EXTRACT(epoch FROM backend_start)::text, ''), pg_catalog.pg_try_advisory_lock($1)
        FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()
        """;

    private const string Found = "FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND coalesce(EXTRACT(epoch FROM backend_start)::text = "
        + "nullif($2, ''), true)";

    private const string Find = $"SELECT EXISTS (SELECT {Found})";

    private const string End = $"SELECT pg_catalog.pg_terminate_backend(pid) {Found}";

    /// <summary>
    /// Opens it where the lock is kept: a list of hosts, or a name of several servers, may lead one connection to another server than the
    /// one before, where the lock of that keeps nobody from anything. So the keeper takes one more, with a key that nobody else can know,
    /// and the runner must not get it. (Advisory locks are a database's, so it is the same database, too.)
    /// </summary>
    /// <exception cref="DatabaseException">No connection can be had, or it leads elsewhere.</exception>
    public static async Task<RunnerSession> OpenAsync(
        NpgsqlDataSource source, NpgsqlConnection keeper, DatabaseUrl url, CancellationToken cancellation)
    {
        long key = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long)));
        await LockAsync(keeper, "pg_advisory_lock", key, cancellation);
        NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
        try
        {
            RunnerSession session = await DescribeAsync(connection, key, url, cancellation);
            await LockAsync(keeper, "pg_advisory_unlock", key, cancellation);
            return session;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<RunnerSession> DescribeAsync(
        NpgsqlConnection connection, long key, DatabaseUrl url, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Self, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = key } } };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return !reader.GetBoolean(2)
            ? new RunnerSession(connection, reader.GetInt32(0), reader.GetString(1))
            : throw new DatabaseException(
                DatabaseFailure.SettingsUnusable,
                $"{url.Servers} is more than one server: the session that is to migrate is on another than the one that holds the "
                + "migration lock. Name one primary in the URL, no list of hosts and no name of several servers.");
    }

    private static async Task LockAsync(NpgsqlConnection keeper, string function, long key, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new($"SELECT pg_catalog.{function}($1)", keeper)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = key } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
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
