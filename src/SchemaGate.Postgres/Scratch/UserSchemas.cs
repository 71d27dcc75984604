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
        """;

    private const string OnlyFilled = """
          AND (n.nspname <> 'public' OR EXISTS (
            SELECT FROM pg_catalog.pg_depend d
            WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.refobjid = n.oid AND d.deptype = 'n'
              AND d.classid <> 'pg_catalog.pg_extension'::pg_catalog.regclass AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e')))
        """;

    /// <summary>All of them.</summary>
    /// <exception cref="DatabaseException">The database cannot be read.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(DatabaseUrl url, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        try
        {
            await using NpgsqlDataSource source = DatabaseConnections.ForRun(url);
            await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
            return await ReadAsync(connection, Query, cancellation);
        }
        catch (NpgsqlException exception) when (!cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, url);
        }
    }

    /// <summary>
    /// Without <c>public</c> where nothing is in it, which every new database has. Over a kept connection, which is there for what follows.
    /// </summary>
    /// <exception cref="DatabaseException">The database cannot be read.</exception>
    public static async Task<IReadOnlyList<string>> ReadFilledAsync(
        DatabaseConnections connections, DatabaseUrl url, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connections);
        ArgumentNullException.ThrowIfNull(url);
        try
        {
            return await connections.ReadAsync(
                url, "", connection => ReadAsync(connection, Query + OnlyFilled, cancellation), cancellation);
        }
        catch (NpgsqlException exception) when (!cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, url);
        }
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlConnection connection, string query, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new($"{query}\nORDER BY 1 LIMIT 1000", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        List<string> schemas = [];
        while (await reader.ReadAsync(cancellation))
        {
            schemas.Add(reader.GetString(0));
        }

        return schemas;
    }
}
