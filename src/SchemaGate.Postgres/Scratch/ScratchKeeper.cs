using Npgsql;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Scratch;

/// <summary>
/// The session from which scratch databases are made and dropped. It holds an advisory lock on the name of each of its databases from
/// before that is there until it is gone: whoever comes next sees in pg_locks at once that a maker has died, on whatever machine.
/// </summary>
internal sealed class ScratchKeeper : IAsyncDisposable
{
    private const string Pooled = "A scratch database needs a session of its own: the URL leads to a transaction pooler. "
        + "Name the server directly (DIRECT_URL), or another one with --scratch.";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly TimeProvider _time;

    private ScratchKeeper(DatabaseUrl server, NpgsqlDataSource source, NpgsqlConnection connection, TimeProvider time) =>
        (Server, _source, _connection, _time) = (server, source, connection, time);

    public DatabaseUrl Server { get; }

    /// <exception cref="DatabaseException">No connection can be had, or it is no session.</exception>
    public static async Task<ScratchKeeper> OpenAsync(DatabaseUrl server, TimeProvider time, CancellationToken cancellation)
    {
        if (server.UsesPooler)
        {
            throw new DatabaseException(DatabaseFailure.TransactionPooler, Pooled);
        }

        NpgsqlDataSource source = DatabaseConnections.ForRun(server);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await DatabaseConnections.OpenAsync(source, server, cancellation);
            await PoolerProbe.RequireSessionsAsync(source, connection, server, cancellation);
            ScratchKeeper keeper = new(server, source, connection, time);
            await keeper.RunAsync("SET statement_timeout = 0", cancellation);
            return keeper;
        }
        catch (Exception exception)
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            await source.DisposeAsync();
            if (exception is DatabaseException { Kind: DatabaseFailure.TransactionPooler })
            {
                throw new DatabaseException(DatabaseFailure.TransactionPooler, Pooled);
            }

            throw;
        }
    }

    public Task<ScratchListing> ListAsync(CancellationToken cancellation) => ScratchListing.ReadAsync(_connection, cancellation);

    public Task<ScratchLocale> LocaleAsync(DatabaseUrl? like, CancellationToken cancellation) =>
        like is null ? ScratchLocale.ReadAsync(_connection, cancellation) : ScratchLocale.ReadAsync(like, cancellation);

    /// <summary>A name for a new database, locked: one of at most so many on the server. What dead makers left is dropped first.</summary>
    /// <exception cref="DatabaseException">LockUnavailable: there are too many, and none went in time.</exception>
    public async Task<string> TakePlaceAsync(ScratchOptions options, CancellationToken cancellation)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            string name = ScratchName.New((await SweepAsync(cancellation)).Now);
            // The place is taken before it is counted: of two who come for the last one at least one sees both.
            await TryLockAsync(name, cancellation);
            ScratchListing listing = await ListAsync(cancellation);
            if (listing.Places <= options.Limit)
            {
                return name;
            }

            await UnlockAsync(name);
            if (_time.GetElapsedTime(start) >= options.Wait)
            {
                throw TooMany(listing, options);
            }

            await Task.Delay(s_pause * (0.5 + Random.Shared.NextDouble()), _time, cancellation);
        }
    }

    /// <summary>Drops what dead makers left.</summary>
    /// <returns>What was there before.</returns>
    public async Task<ScratchListing> SweepAsync(CancellationToken cancellation)
    {
        ScratchListing listing = await ListAsync(cancellation);
        await DropAsync(listing, static listing => listing.LeftOver, cancellation);
        return listing;
    }

    /// <summary>
    /// Drops what may be dropped; what is another role's, or is read or copied at this moment, stays for the next one. A second look under
    /// the name's lock must say so, too: what the first one saw dead may be built anew by now, and between the halves of one look it may
    /// have been finished.
    /// </summary>
    /// <param name="seen">The first look.</param>
    /// <param name="which">Those of a look that nobody needs.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task DropAsync(
        ScratchListing seen, Func<ScratchListing, IEnumerable<ScratchEntry>> which, CancellationToken cancellation)
    {
        foreach (string name in which(seen).Where(database => database.IsOurs).Select(database => database.Name).ToList())
        {
            if (!await TryLockAsync(name, cancellation))
            {
                continue;
            }

            try
            {
                ScratchListing now = (await ListAsync(cancellation)).OfOthers;
                if (which(now).FirstOrDefault(database => database.Name == name) is { } database)
                {
                    // A finished template is only read: who does is not thrown out.
                    await DropAsync(name, database is { IsTemplate: true, IsFinished: true } ? "" : "WITH (FORCE)", cancellation);
                }
            }
            finally
            {
                await UnlockAsync(name);
            }
        }
    }

    /// <summary>A template that this session was about to make; not where another was first, through another database.</summary>
    public async Task DropBegunAsync(string name)
    {
        try
        {
            ScratchListing seen = (await ListAsync(CancellationToken.None)).OfOthers;
            await DropAsync(seen, listing => listing.LeftOver.Where(database => database.Name == name), CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The session is gone: the next one does it.
        }
    }

    /// <summary>One that this session has made.</summary>
    public Task DropAsync(string name, CancellationToken cancellation) => DropAsync(name, "WITH (FORCE)", cancellation);

    /// <summary>Where that fails, or the session is gone and its lock with it, the next one does it.</summary>
    private async Task DropAsync(string name, string how, CancellationToken cancellation)
    {
        try
        {
            await RunAsync($"DROP DATABASE IF EXISTS {HistoryTable.Quote(name)} {how}", cancellation);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Whether it could be taken at once.</summary>
    public async Task<bool> TryLockAsync(string name, CancellationToken cancellation) =>
        await LockAsync("pg_try_advisory_lock", name, cancellation) is true;

    public async Task UnlockAsync(string name)
    {
        try
        {
            await LockAsync("pg_advisory_unlock", name, CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The session is gone, and the lock with it.
        }
    }

    public async Task RunAsync(string sql, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A setting of a database. Its text is as the catalog has it, whatever its kind is.</summary>
    public async Task SetAsync(string database, string name, string value, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await _connection.BeginTransactionAsync(cancellation);
        await using (NpgsqlCommand set = new($"SELECT {OwnStatements.Mark} pg_catalog.set_config($1, $2, true)", _connection, transaction)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = name }, new NpgsqlParameter<string> { TypedValue = value } },
        })
        {
            await set.ExecuteNonQueryAsync(cancellation);
        }

        await RunAsync($"ALTER DATABASE {HistoryTable.Quote(database)} SET {name} FROM CURRENT", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public Task PauseAsync(CancellationToken cancellation) => Task.Delay(s_pause, _time, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static DatabaseException TooMany(ScratchListing listing, ScratchOptions options) => new(
        DatabaseFailure.LockUnavailable,
        $"The server has {options.Limit} scratch databases of SchemaGate's already, and none went within "
            + $"{options.Wait.TotalSeconds:0.#} s: {string.Join(", ", listing.InUse)}. Wait for those runs, or name another server with "
            + "--scratch.");

    private async Task<object?> LockAsync(string function, string name, CancellationToken cancellation)
    {
        (int group, int key) = ScratchName.LockOf(name);
        await using NpgsqlCommand command = new($"SELECT {OwnStatements.Mark} pg_catalog.{function}($1, $2)", _connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = group }, new NpgsqlParameter<int> { TypedValue = key } },
        };
        return await command.ExecuteScalarAsync(cancellation);
    }
}
