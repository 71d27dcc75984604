using Npgsql;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Prisma waits for the migration lock inside <c>pg_advisory_lock</c>, with a snapshot that our CREATE INDEX CONCURRENTLY waits for: each
/// would wait for the other, unseen by the server, because the lock is another session's than the index. Prisma gives up after ten seconds,
/// but its session on the server does not. Such a waiter is canceled: it has done nothing yet, and it could not get the lock before the
/// index is there.
/// </summary>
internal static class LockQueue
{
    private static readonly string Cancel = $"""
        SELECT pg_catalog.pg_cancel_backend(l.pid)
        FROM pg_catalog.pg_locks l
        WHERE l.locktype = 'advisory' AND l.classid = 0 AND l.objid = {HistoryTable.LockKey} AND l.objsubid = 1 AND NOT l.granted
          AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
          AND l.pid = ANY (pg_catalog.pg_blocking_pids($1))
        """;

    /// <summary>Cancels who waits for the lock while the run waits for them. Where the role may not, they are waited for.</summary>
    /// <param name="keeper">The idle connection that holds the lock.</param>
    /// <param name="process">The server process that runs the migration.</param>
    public static async Task CancelWaitersAsync(NpgsqlConnection keeper, int process)
    {
        try
        {
            await using NpgsqlCommand command =
                new(Cancel, keeper) { Parameters = { new NpgsqlParameter<int> { TypedValue = process } }, CommandTimeout = 5 };
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // A connection that is gone shows when the row is to be finished.
        }
    }
}
