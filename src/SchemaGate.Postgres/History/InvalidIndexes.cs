using Npgsql;

namespace SchemaGate.Postgres.History;

/// <summary>The indexes that are INVALID: see <see cref="Core.Databases.InvalidIndex"/>.</summary>
internal static class InvalidIndexes
{
    /// <summary>
    /// At most a hundred names, quoted, with their schemas; without those that are being built. Of another role's build the server shows
    /// that there is one, and as a lock, of which table.
    /// </summary>
    public const string Query = """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, n.nspname, c.relname,
          pg_catalog.pg_table_is_visible(c.oid) AS visible
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT i.indisvalid AND c.relkind = 'i'
          AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid
              OR (p.index_relid IS NULL AND p.datname = pg_catalog.current_database() AND EXISTS (
                SELECT FROM pg_catalog.pg_locks l WHERE l.pid = p.pid AND l.relation = i.indrelid AND l.granted)))
        ORDER BY 1 LIMIT 100
        """;

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
