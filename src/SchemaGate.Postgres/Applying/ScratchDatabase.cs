using System.Globalization;
using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// A database for one trial, beside the one that a URL names. Who made it drops it; what somebody left who died meanwhile, the next one
/// drops.
/// </summary>
public sealed class ScratchDatabase : IAsyncDisposable
{
    private const string Prefix = "schemagate_scratch_";

    /// <summary>No trial takes so long: what is older is left over.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(6);

    private readonly DatabaseUrl _server;
    private readonly string _name;

    private ScratchDatabase(DatabaseUrl server, string name)
    {
        _server = server;
        _name = name;
    }

    /// <summary>The URL's, but for the database.</summary>
    public DatabaseUrl Url => _server.WithDatabase(_name);

    /// <exception cref="DatabaseException">The server cannot be reached, or the role may not create databases.</exception>
    public static async Task<ScratchDatabase> CreateAsync(DatabaseUrl server, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(server);
        DateTimeOffset now = time.GetUtcNow();
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{now.ToUnixTimeSeconds()}_{Guid.NewGuid():N}");
        try
        {
            await using NpgsqlDataSource source = DatabaseConnections.ForRun(server);
            await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, server, cancellation);
            await DropOldAsync(connection, now, cancellation);
            await RunAsync(connection, $"CREATE DATABASE {HistoryTable.Quote(name)} TEMPLATE template0", cancellation);
            return new(server, name);
        }
        catch (NpgsqlException exception)
        {
            throw FailureSentences.Of(exception, server);
        }
    }

    /// <summary>Also where the trial was canceled. What fails here is left for the next one.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using NpgsqlDataSource source = DatabaseConnections.ForRun(_server);
            await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, _server, CancellationToken.None);
            await DropAsync(connection, _name, CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or DatabaseException)
        {
            // It has a time in its name.
        }
    }

    private static async Task DropOldAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellation)
    {
        List<string> old = [];
        await using (NpgsqlCommand list = new($"SELECT datname FROM pg_database WHERE starts_with(datname, '{Prefix}')", connection))
        await using (NpgsqlDataReader reader = await list.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                old.Add(reader.GetString(0));
            }
        }

        long oldest = (now - s_longest).ToUnixTimeSeconds();
        foreach (string name in old.Where(name => MadeAt(name) < oldest))
        {
            try
            {
                await DropAsync(connection, name, cancellation);
            }
            catch (PostgresException)
            {
                // Another role's, or gone already.
            }
        }
    }

    private static long MadeAt(string name) => long.TryParse(
        name[Prefix.Length..].Split('_')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds : long.MaxValue;

    private static Task DropAsync(NpgsqlConnection connection, string name, CancellationToken cancellation) =>
        RunAsync(connection, $"DROP DATABASE IF EXISTS {HistoryTable.Quote(name)} WITH (FORCE)", cancellation);

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
