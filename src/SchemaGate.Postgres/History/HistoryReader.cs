using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History.Dialects;

namespace SchemaGate.Postgres.History;

/// <summary>Reads what a database says of its migrations; a role that may read the history is enough. Thread-safe.</summary>
public sealed class HistoryReader
{
    private const int MostReadings = 6;

    /// <summary>Looks that find another table than the one before: somebody changes histories at this moment.</summary>
    private const int MostLooks = 4;

    /// <summary>More than an operator has gates. They are only a short cut: without them a look costs another round trip.</summary>
    private const int MostSources = 4096;

    /// <summary>By place (without credentials) and named tool, where the history was found that is not Prisma's.</summary>
    private readonly ConcurrentDictionary<(string Url, MigrationTool? Tool), HistorySource> _sources = new();

    private readonly DatabaseConnections _connections;
    private readonly HistoryLimits _limits;

    public HistoryReader(DatabaseConnections connections)
        : this(connections, HistoryLimits.Default)
    {
    }

    internal HistoryReader(DatabaseConnections connections, HistoryLimits limits) => (_connections, _limits) = (connections, limits);

    /// <summary>Prisma's history where there is one, else the only one that there is.</summary>
    /// <exception cref="DatabaseException">The database or its history cannot be read.</exception>
    public Task<DatabaseState> ReadAsync(DatabaseUrl url, CancellationToken cancellation) => ReadAsync(url, tool: null, cancellation);

    /// <summary>
    /// One round trip on an idle database; one or a few more while a row is unfinished. The first look at a history that is not Prisma's
    /// costs two more, and each look at a database without any costs one more.
    /// </summary>
    /// <param name="url">The database.</param>
    /// <param name="tool">Whose history is meant; null for Prisma's where there is one, else the only one that there is.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="mayHold">Whether there is room for so many bytes; asked ever again as they become more. Null: there is.</param>
    /// <param name="tenant">Who reads: whoever is slow leaves a place at the server to others.</param>
    /// <exception cref="DatabaseException">The database or its history cannot be read.</exception>
    public async Task<DatabaseState> ReadAsync(
        DatabaseUrl url, MigrationTool? tool, CancellationToken cancellation, Func<long, bool>? mayHold = null, string tenant = "")
    {
        HistoryLook look = new(url, Source: null, WithCatalog: true)
        {
            Limits = _limits,
            // The rows of the look before are still there.
            MayHold = mayHold is null ? null : bytes => mayHold(2 * bytes),
        };
        for (bool again = false; ; again = true)
        {
            try
            {
                return await _connections.ReadAsync(
                    url, tenant, connection => ReadAgainAsync(connection, look, tool, cancellation), cancellation);
            }
            catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
            {
                // A kept connection may have outlived its server: that is no news of the database, and none of the URL's is left.
                if (again || !FailureSentences.IsBrokenConnection(exception))
                {
                    throw FailureSentences.Of(exception, url);
                }
            }
        }
    }

    /// <summary>
    /// An unfinished row is a run in progress only if the lock was held between two readings that agree. A run that ends between the first
    /// reading and the look at the lock would otherwise be called failed. Prisma's lock is of no interest where nothing is unfinished; most
    /// other tools leave no unfinished row, and their lock is all that tells of a run.
    /// </summary>
    private async Task<DatabaseState> ReadAgainAsync(
        NpgsqlConnection connection, HistoryLook look, MigrationTool? tool, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        (DatabaseState state, bool lockHeld) = await ReadOnceAsync(connection, look, tool, cancellation);
        for (int reading = 1; reading < MostReadings && Stopwatch.GetElapsedTime(start) < _limits.Patience; reading++)
        {
            if (state.History is not { Unfinished.Count: > 0 } history)
            {
                return state with { RunInProgress = lockHeld && state.History is { Tool: not MigrationTool.Prisma } };
            }

            (DatabaseState next, bool lockHeldNext) = await ReadOnceAsync(connection, look, tool, cancellation);
            if (next.History is { } nextHistory && nextHistory.Rows.SequenceEqual(history.Rows))
            {
                return next with { RunInProgress = lockHeld };
            }

            (state, lockHeld) = (next, lockHeldNext);
        }

        // Rows that keep changing are a run at work; and so, to be safe, are those that are slow to read.
        return state with { RunInProgress = true };
    }

    /// <summary>
    /// Where there is a table of Prisma's, it is what an unnamed tool means: so it is asked for before the catalog is. What was found
    /// elsewhere is asked for together with the catalog, which may say something else by now.
    /// </summary>
    private async Task<(DatabaseState State, bool LockHeld)> ReadOnceAsync(
        NpgsqlConnection connection, HistoryLook look, MigrationTool? tool, CancellationToken cancellation)
    {
        (string, MigrationTool?) key = (look.Url.ToString(), tool);
        HistorySource? source = _sources.GetValueOrDefault(key);
        if (source is null && tool is null or MigrationTool.Prisma)
        {
            HistoryReading prisma = await HistoryQuery.ReadAsync(
                connection, look with { Source = HistoryDialects.PrismaIn(look.Url.Schema), WithCatalog = false }, cancellation);
            if (prisma.State.History is not null || tool is not null)
            {
                return (prisma.State, prisma.LockHeld);
            }
        }

        for (int looks = 0; looks < MostLooks; looks++)
        {
            HistoryReading reading = await HistoryQuery.ReadAsync(connection, look with { Source = source }, cancellation);
            HistorySource? chosen = HistoryDialects.Choose(reading.Catalog, look.Url.Schema, tool);
            if (chosen == source)
            {
                return (reading.State, reading.LockHeld);
            }

            source = chosen;
            Remember(key, source);
        }

        throw new DatabaseException(
            DatabaseFailure.HistoryUnreadable, $"The history in {look.Url} changes its tables while it is read. Look again later.");
    }

    private void Remember((string, MigrationTool?) key, HistorySource? source)
    {
        if (source is null || source.Dialect == HistoryDialects.Prisma)
        {
            _sources.TryRemove(key, out _);
        }
        else
        {
            if (_sources.Count >= MostSources)
            {
                _sources.Clear();
            }

            _sources[key] = source;
        }
    }
}
