using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace SchemaGate.Postgres.Connections;

/// <summary>
/// Connections by URL, within each server's <see cref="ServerShare"/>. As many as <see cref="KeptConnections"/> allows stay open, so
/// that a recheck costs one round trip; a URL that nobody asks for any more is forgotten. Thread-safe.
/// </summary>
/// <param name="time">The time.</param>
/// <param name="mostKept">URLs whose connections stay open, of all servers together.</param>
public sealed class DatabaseConnections(TimeProvider time, int mostKept = DatabaseConnections.MostKept) : IDisposable
{
    /// <summary>A tenth of a megabyte each.</summary>
    public const int MostKept = 500;

    private const int IdleSeconds = 600;

    /// <summary>More than an operator has gates; two hundred bytes each where no connection is kept.</summary>
    private const int MostUrls = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pool> _pools = new(StringComparer.Ordinal);
    private readonly ServerShares _servers = new(time);

    // Without it Npgsql rewrites texts: it splits them at semicolons and renames $1. The switch is read once, before the first command.
    static DatabaseConnections() => AppContext.SetSwitch("Npgsql.EnableSqlRewriting", false);

    /// <summary>Reads over a pooled connection.</summary>
    /// <param name="url">The database.</param>
    /// <param name="tenant">Whose share of the server it takes.</param>
    /// <param name="read">Reads.</param>
    /// <param name="cancellation">Ends the waiting for a connection.</param>
    /// <exception cref="DatabaseException">No connection can be had.</exception>
    internal async Task<T> ReadAsync<T>(
        DatabaseUrl url, string tenant, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation)
    {
        ServerShare server = _servers.Enter(url.Servers, out IReadOnlyList<string> forgotten);
        try
        {
            Forget(forgotten);
            return await ReadAsync(url, server, tenant, read, cancellation);
        }
        finally
        {
            _servers.Leave(url.Servers);
        }
    }

    private async Task<T> ReadAsync<T>(
        DatabaseUrl url, ServerShare server, string tenant, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation)
    {
        IDisposable place = await server.EnterAsync(url.ConnectionKey, tenant, cancellation);
        long started = time.GetTimestamp();
        bool answered = false;
        Pool? pool = null;
        try
        {
            (pool, NpgsqlDataSource source) = Take(url);
            T result = await ReadAsync(await OpenAsync(source, url, cancellation), read);
            answered = true;
            return result;
        }
        catch (DatabaseException exception)
        {
            server.Failed(exception, started);
            throw;
        }
        finally
        {
            bool hasRoom = Give(pool);
            server.Leave(url.ConnectionKey, place, answered, answered && hasRoom, Close);
        }
    }

    private static async Task<T> ReadAsync<T>(NpgsqlConnection connection, Func<NpgsqlConnection, Task<T>> read)
    {
        try
        {
            return await read(connection);
        }
        finally
        {
            try
            {
                await connection.DisposeAsync();
            }
            catch (Exception)
            {
                // It broke, and that is no news beside what was read or why it was not.
            }
        }
    }

    /// <summary>
    /// A source of connections of their own for a migration's run: not pooled, without a time limit on statements, kept alive while idle.
    /// </summary>
    internal static NpgsqlDataSource ForRun(DatabaseUrl url, string? database = null)
    {
        NpgsqlConnectionStringBuilder settings = url.Settings();
        settings.Database = database ?? settings.Database;
        settings.Pooling = false;
        settings.CommandTimeout = 0;
        settings.KeepAlive = 30;
        settings.CancellationTimeout = 20_000;
        settings.IncludeErrorDetail = true;
        settings.IncludeFailedBatchedCommand = true;
        TargetSessionAttributes target = url.TargetSession == TargetSessionAttributes.Any
            ? TargetSessionAttributes.Any
            : TargetSessionAttributes.Primary;
        return Build(url, settings, target);
    }

    /// <exception cref="DatabaseException">No connection can be had.</exception>
    internal static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, DatabaseUrl url, CancellationToken cancellation)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, url);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Pool pool in _pools.Values)
            {
                pool.End();
            }

            _pools.Clear();
        }
    }

    private (Pool Pool, NpgsqlDataSource Source) Take(DatabaseUrl url)
    {
        lock (_lock)
        {
            if (!_pools.TryGetValue(url.ConnectionKey, out Pool? pool))
            {
                pool = new Pool(url.Servers);
                _pools.Add(url.ConnectionKey, pool);
            }

            pool.Source ??= Build(url, ForReading(url), url.TargetSession);
            pool.UsedAt = time.GetUtcNow();
            pool.InUse++;
            return (pool, pool.Source);
        }
    }

    /// <returns>Whether its connections may stay open.</returns>
    private bool Give(Pool? pool)
    {
        lock (_lock)
        {
            if (pool is not null)
            {
                pool.InUse--;
            }

            return _pools.Values.Count(kept => kept.Source is not null) <= mostKept;
        }
    }

    /// <summary>
    /// The idle connections of a URL now, those in use when they come back. Where none is in use, what holds them goes, too: a thousand
    /// that are empty take tens of megabytes.
    /// </summary>
    private void Close(string connectionKey)
    {
        lock (_lock)
        {
            Pool? pool = _pools.GetValueOrDefault(connectionKey);
            pool?.Source?.Clear();
            if (pool is { InUse: 0 })
            {
                pool.End();
            }
        }
    }

    /// <summary>
    /// URLs that nobody asks for any more, those of servers that are forgotten, and of too many those that were not asked for the longest.
    /// </summary>
    private void Forget(IReadOnlyList<string> servers)
    {
        DateTimeOffset oldest = time.GetUtcNow() - (2 * KeptConnections.Patience);
        lock (_lock)
        {
            foreach ((string key, Pool pool) in _pools
                .Where(entry => entry.Value.InUse == 0)
                .OrderBy(entry => entry.Value.UsedAt)
                .Where((entry, index) => index < _pools.Count - MostUrls + 1 || entry.Value.UsedAt < oldest
                    || servers.Contains(entry.Value.Servers, StringComparer.Ordinal))
                .ToList())
            {
                pool.End();
                _pools.Remove(key);
            }
        }
    }

    private static NpgsqlConnectionStringBuilder ForReading(DatabaseUrl url)
    {
        NpgsqlConnectionStringBuilder settings = url.Settings();
        settings.MaxPoolSize = ServerShare.MostInUse;
        settings.ConnectionIdleLifetime = IdleSeconds;
        settings.ConnectionPruningInterval = 60;
        settings.CommandTimeout = 20;
        // What is canceled has told too much or nothing: its connection ends with it, however much the server still has to say.
        settings.CancellationTimeout = -1;
        return settings;
    }

    private static NpgsqlDataSource Build(DatabaseUrl url, NpgsqlConnectionStringBuilder settings, TargetSessionAttributes target)
    {
        NpgsqlDataSourceBuilder builder = new(settings.ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        if (url.Password is not null || settings.Passfile is null)
        {
            // Without one, an empty one of our own: the driver would look into this process's environment and home directory.
            string password = url.Password ?? "";
            builder.UsePasswordProvider(_ => password, (_, _) => ValueTask.FromResult(password));
        }

        if (url.Identity is { } identity)
        {
            X509Certificate2 certificate = LoadIdentity(identity.Path, identity.Password);
            builder.UseSslClientAuthenticationOptionsCallback(tls => tls.ClientCertificates = [certificate]);
        }

        return settings.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(target)
            : builder.Build();
    }

    private static X509Certificate2 LoadIdentity(string path, string? password)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(path, password);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new DatabaseException(
                DatabaseFailure.SettingsUnusable,
                "The file that the URL's sslidentity names cannot be read as a PKCS#12 certificate with the URL's sslpassword. "
                    + "Check the path and the password.");
        }
    }

    private sealed class Pool(string servers)
    {
        public string Servers { get; } = servers;

        /// <summary>Null where no connection is kept.</summary>
        public NpgsqlDataSource? Source { get; set; }

        public DateTimeOffset UsedAt { get; set; }

        /// <summary>By so many readings.</summary>
        public int InUse { get; set; }

        public void End()
        {
            Source?.Dispose();
            Source = null;
        }
    }
}
