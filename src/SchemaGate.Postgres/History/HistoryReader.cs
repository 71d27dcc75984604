using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.History;

/// <summary>Reads what a database says of its migrations; a role that may read the history is enough. Thread-safe.</summary>
public sealed class HistoryReader(DatabaseConnections connections)
{
    private const int MostReadings = 6;

    /// <summary>One round trip on an idle database; one or a few more while a row is unfinished.</summary>
    /// <exception cref="DatabaseException">The database or its history cannot be read.</exception>
    public async Task<DatabaseState> ReadAsync(DatabaseUrl url, CancellationToken cancellation)
    {
        for (bool again = false; ; again = true)
        {
            try
            {
                return await connections.ReadAsync(url, connection => ReadOnceAsync(connection, url, cancellation), cancellation);
            }
            catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
            {
                // A pooled connection may have outlived its server: that is no news of the database.
                if (again || !FailureSentences.IsBrokenConnection(exception))
                {
                    throw FailureSentences.Of(exception, url);
                }

                connections.Clear(url);
            }
        }
    }

    /// <summary>
    /// An unfinished row is a run in progress only if the lock was held between two readings that agree. A run that ends between the first reading
    /// and the look at the lock would otherwise be called failed.
    /// </summary>
    private static async Task<DatabaseState> ReadOnceAsync(NpgsqlConnection connection, DatabaseUrl url, CancellationToken cancellation)
    {
        (DatabaseState state, bool lockHeld) = await HistoryQuery.ReadAsync(connection, url, cancellation);
        for (int reading = 1; reading < MostReadings; reading++)
        {
            if (state.History is not { Unfinished.Count: > 0 } history)
            {
                return state;
            }

            (DatabaseState next, bool lockHeldNext) = await HistoryQuery.ReadAsync(connection, url, cancellation);
            if (next.History is { } nextHistory && nextHistory.Rows.SequenceEqual(history.Rows))
            {
                return next with { RunInProgress = lockHeld };
            }

            (state, lockHeld) = (next, lockHeldNext);
        }

        // Rows that keep changing are a run at work.
        return state with { RunInProgress = true };
    }
}
