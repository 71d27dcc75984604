using Npgsql;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Scratch;

/// <summary>The schemas that somebody has made in a database: not the server's, and not an extension's.</summary>
public static class UserSchemas
{
    private const string Query = """
        SELECT n.nspname::text FROM pg_catalog.pg_namespace n
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid AND d.deptype = 'e')
        ORDER BY 1 LIMIT 1000
        """;

    /// <exception cref="DatabaseException">The database cannot be read.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(DatabaseUrl url, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        try
        {
            await using NpgsqlDataSource source = DatabaseConnections.ForRun(url);
            await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
            await using NpgsqlCommand command = new(Query, connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
            List<string> schemas = [];
            while (await reader.ReadAsync(cancellation))
            {
                schemas.Add(reader.GetString(0));
            }

            return schemas;
        }
        catch (NpgsqlException exception) when (!cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, url);
        }
    }
}
