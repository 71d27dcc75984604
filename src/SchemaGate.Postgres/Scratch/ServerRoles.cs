using Npgsql;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Scratch;

/// <summary>The roles of a server: a scratch database on another one than the live database's has others.</summary>
public static class ServerRoles
{
    private const string Query = "SELECT rolname::text FROM pg_catalog.pg_roles";

    /// <exception cref="DatabaseException">The server cannot be read.</exception>
    public static async Task<IReadOnlySet<string>> ReadAsync(DatabaseUrl url, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        try
        {
            await using NpgsqlDataSource source = DatabaseConnections.ForRun(url);
            await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
            await using NpgsqlCommand command = new(Query, connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
            HashSet<string> roles = new(StringComparer.Ordinal);
            while (await reader.ReadAsync(cancellation))
            {
                roles.Add(reader.GetString(0));
            }

            return roles;
        }
        catch (NpgsqlException exception) when (!cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, url);
        }
    }
}
