using System.Globalization;
using Npgsql;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Prisma's migration lock, by polling. A session that waits inside <c>pg_advisory_lock</c> holds a snapshot that the holder's
/// CREATE INDEX CONCURRENTLY waits for: a deadlock that leaves an invalid index behind.
/// </summary>
internal static class MigrationLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly string Try = $"SELECT pg_catalog.pg_try_advisory_lock({HistoryTable.LockKey})";

    private static readonly string Release = $"SELECT pg_catalog.pg_advisory_unlock({HistoryTable.LockKey})";

    private static readonly string Holder = $"""
        SELECT l.pid, coalesce(nullif(a.application_name, ''), 'unnamed'), a.state,
               EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.state_change)::float8,
               EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.backend_start)::float8
        FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.classid = 0 AND l.objid = {HistoryTable.LockKey} AND l.objsubid = 1 AND l.granted
          AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        """;

    /// <exception cref="DatabaseException">LockUnavailable: another session still has it after the timeout.</exception>
    public static async Task AcquireAsync(
        NpgsqlConnection connection, TimeSpan timeout, TimeProvider time, IProgress<ApplyProgress>? progress,
        CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        for (bool first = true; !await TryAsync(connection, cancellation); first = false)
        {
            if (time.GetElapsedTime(start) >= timeout)
            {
                throw new DatabaseException(DatabaseFailure.LockUnavailable, await HeldByAsync(connection, timeout, cancellation));
            }

            if (first)
            {
                progress?.Report(new ApplyProgress.WaitingForLock((await HolderAsync(connection, cancellation)).Text));
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>Lets go before the connection closes, which would do it too, only later.</summary>
    public static async Task ReleaseAsync(NpgsqlConnection connection)
    {
        try
        {
            await using NpgsqlCommand command = new(Release, connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the lock with it.
        }
    }

    private static async Task<bool> TryAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Try, connection);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static async Task<string> HeldByAsync(NpgsqlConnection connection, TimeSpan timeout, CancellationToken cancellation)
    {
        (string holder, int? process) = await HolderAsync(connection, cancellation);
        string end = process is { } left ? " The server does not see at once that a client has died: if nobody runs any more, "
            + $"`{LeftSession.End(left)}` ends the session." : "";
        return $"Another migration run holds the lock ({HistoryTable.LockKey}): {holder}. "
            + $"It was waited for {Seconds(timeout.TotalSeconds)} s. Wait for that run.{end}";
    }

    /// <summary>Who holds the lock, and for how long it has been at it; a role that may not see that is told less.</summary>
    private static async Task<(string Text, int? Process)> HolderAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Holder, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return ("a session that just let go", null);
        }

        string state = reader.IsDBNull(2) || reader.IsDBNull(3) ? "" : $", {reader.GetString(2)} for {Seconds(reader.GetDouble(3))} s";
        string age = reader.IsDBNull(4) ? "" : $", connected for {Seconds(reader.GetDouble(4))} s";
        return ($"server process {reader.GetInt32(0)} ({reader.GetString(1)}{state}{age})", reader.GetInt32(0));
    }

    private static string Seconds(double seconds) => seconds.ToString("0.#", CultureInfo.InvariantCulture);
}
