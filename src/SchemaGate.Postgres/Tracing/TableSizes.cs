using Npgsql;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Tracing;

/// <summary>How large tables of the live database are: one query that reads no row of them.</summary>
public static class TableSizes
{
    private const int MostTables = 10_000;

    /// <summary>A size takes ACCESS SHARE for a moment: behind a running ALTER TABLE nobody waits for it.</summary>
    private static readonly string[] s_limits =
        ["BEGIN READ ONLY", "SET LOCAL lock_timeout TO '2s'", "SET LOCAL statement_timeout TO '15s'"];

    private const string Query = """
        SELECT n.nspname::text, c.relname::text, c.reltuples::float8, pg_catalog.pg_relation_size(c.oid)::int8,
          pg_catalog.pg_total_relation_size(c.oid)::int8
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm', 'p') AND
          pg_catalog.concat(n.nspname, '.', c.relname) = ANY (pg_catalog.string_to_array($1, pg_catalog.chr(10)))
        LIMIT 10000
        """;

    /// <summary>
    /// Those of the tables that are there. A name with a line break is not asked for; tables beyond the first ten thousand are not.
    /// </summary>
    /// <exception cref="DatabaseException">The database cannot be asked, or the answer waits for somebody's lock.</exception>
    public static async Task<IReadOnlyDictionary<ObjectName, TableSize>> ReadAsync(
        DatabaseUrl url, IEnumerable<ObjectName> tables, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        string[] names = [.. tables.Select(table => $"{table.Schema}.{table.Name}").Where(name => !name.Contains('\n')).Take(MostTables)];
        try
        {
            await using NpgsqlDataSource source = DatabaseConnections.ForRun(url);
            await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
            await using NpgsqlBatch batch = new(connection);
            foreach (string limit in s_limits)
            {
                batch.BatchCommands.Add(new(limit));
            }

            batch.BatchCommands.Add(new(Query)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = string.Join('\n', names) } },
            });
            return await ReadAsync(batch, cancellation);
        }
        catch (NpgsqlException exception)
        {
            throw FailureSentences.Of(exception, url);
        }
    }

    private static async Task<Dictionary<ObjectName, TableSize>> ReadAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        Dictionary<ObjectName, TableSize> sizes = [];
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            ObjectName table = new(reader.GetString(0), reader.GetString(1));
            double rows = reader.GetDouble(2);
            sizes[table] = new(table, rows < 0 ? null : (long)rows, reader.GetInt64(3), reader.GetInt64(4));
        }

        return sizes;
    }
}
