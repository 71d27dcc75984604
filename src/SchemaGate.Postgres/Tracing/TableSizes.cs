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

    /// <summary>What is below two of the tables is counted with the nearer one.</summary>
    private static readonly string s_query = $"""
        WITH RECURSIVE asked AS (
          SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'm', 'p') AND
            pg_catalog.concat(n.nspname, '.', c.relname) = ANY (pg_catalog.string_to_array($1, pg_catalog.chr(10)))
          LIMIT {MostTables}),
        below AS (
          SELECT asked.oid AS root, asked.oid FROM asked
          UNION SELECT below.root, i.inhrelid FROM below JOIN pg_catalog.pg_inherits i ON i.inhparent = below.oid
          WHERE i.inhrelid NOT IN (SELECT asked.oid FROM asked)),
        parts AS (
          SELECT below.root, c.oid, c.reltuples
          FROM below JOIN pg_catalog.pg_class c ON c.oid = below.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE below.oid <> below.root AND c.relkind = 'r' AND pg_catalog.concat(n.nspname, '.', c.relname) NOT IN (
            SELECT name FROM pg_catalog.unnest(pg_catalog.string_to_array($2, pg_catalog.chr(10))) name)
          LIMIT {MostTables} + 1),
        sums AS (
          SELECT root, pg_catalog.count(*) AS parts, pg_catalog.min(reltuples) AS least, pg_catalog.sum(reltuples) AS rows,
            pg_catalog.sum(pg_catalog.pg_relation_size(oid)) AS bytes, pg_catalog.sum(pg_catalog.pg_total_relation_size(oid)) AS total
          FROM parts GROUP BY root)
        SELECT nspname::text, relname::text,
          CASE WHEN parts IS NULL THEN reltuples WHEN least < 0 THEN -1 ELSE rows + CASE WHEN relkind = 'p' THEN 0 ELSE reltuples END
            END::float8,
          (pg_catalog.pg_relation_size(asked.oid) + coalesce(bytes, 0))::int8,
          (pg_catalog.pg_total_relation_size(asked.oid) + coalesce(total, 0))::int8, coalesce(parts, 0)::int4
        FROM asked LEFT JOIN sums ON sums.root = asked.oid
        """;

    /// <summary>
    /// Those of the tables that are there. A name with a line break is not asked for; tables beyond the first ten thousand are not. Where
    /// there are more partitions than that which are not known, what has some is left out: a part of a size is none.
    /// </summary>
    /// <param name="url">The live database.</param>
    /// <param name="tables">Whose sizes are wanted.</param>
    /// <param name="known">Tables that need not be counted with those that they are partitions of.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DatabaseException">The database cannot be asked, or the answer waits for somebody's lock.</exception>
    public static async Task<IReadOnlyDictionary<ObjectName, TableSize>> ReadAsync(
        DatabaseUrl url, IEnumerable<ObjectName> tables, IEnumerable<ObjectName> known, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        try
        {
            await using NpgsqlDataSource source = DatabaseConnections.ForRun(url);
            await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
            await using NpgsqlBatch batch = new(connection);
            foreach (string limit in s_limits)
            {
                batch.BatchCommands.Add(new(limit));
            }

            batch.BatchCommands.Add(new(s_query)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = Lines(tables.Take(MostTables)) },
                    new NpgsqlParameter<string> { TypedValue = Lines(known) },
                },
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
            sizes[table] = new(table, rows < 0 ? null : (long)rows, reader.GetInt64(3), reader.GetInt64(4))
            {
                Partitions = reader.GetInt32(5),
            };
        }

        return sizes.Values.Sum(size => (long)size.Partitions) <= MostTables
            ? sizes
            : sizes.Where(size => size.Value.Partitions == 0).ToDictionary();
    }

    private static string Lines(IEnumerable<ObjectName> tables) =>
        string.Join('\n', tables.Select(table => $"{table.Schema}.{table.Name}").Where(name => !name.Contains('\n')));
}
