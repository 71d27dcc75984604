using Npgsql;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Indexes that a failed CREATE INDEX or REINDEX CONCURRENTLY left behind: they are kept up to date, serve no query, and make a second
/// attempt fail, or with IF NOT EXISTS do nothing (PostgreSQL documentation, CREATE INDEX, "Building Indexes Concurrently").
/// </summary>
internal static class InvalidIndexes
{
    private const string Query = """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT i.indisvalid AND c.relkind = 'i'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
        ORDER BY 1 LIMIT 100
        """;

    /// <summary>Quoted, with their schemas; without those that are being built.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new(Query, connection) { CommandTimeout = 10 };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> names = [];
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
