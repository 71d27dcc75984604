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

    /// <summary>
    /// What is below two of the tables is counted with the nearer one, where that is known to be below the other: what was attached by hand
    /// counts with both.
    /// </summary>
    private static readonly string s_query = $"""
        WITH {OwnStatements.Mark} RECURSIVE asked AS (
          SELECT c.oid, n.nspname, c.relname, c.relkind, c.relhassubclass, c.reltuples
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'm', 'p') AND
            pg_catalog.concat(n.nspname, '.', c.relname) = ANY (pg_catalog.string_to_array($1, pg_catalog.chr(10)))
          LIMIT {MostTables}),
        links AS (
          SELECT i.inhparent, i.inhrelid, pg_catalog.concat({Quoted("m.nspname")}, '.', {Quoted("p.relname")}, pg_catalog.chr(9),
            {Quoted("n.nspname")}, '.', {Quoted("c.relname")}) IN (
              SELECT pair FROM pg_catalog.unnest(pg_catalog.string_to_array($2, pg_catalog.chr(10))) pair) AS is_known
          FROM pg_catalog.pg_inherits i
            JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace m ON m.oid = p.relnamespace
            JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE p.relkind IN ('r', 'p')),
        below AS (
          SELECT asked.oid AS root, asked.oid, true AS is_known FROM asked
          UNION SELECT below.root, l.inhrelid, l.is_known FROM below JOIN links l ON l.inhparent = below.oid
          WHERE NOT (l.is_known AND l.inhrelid IN (SELECT asked.oid FROM asked))),
        parts AS (
          SELECT DISTINCT below.root, c.oid, c.reltuples FROM below JOIN pg_catalog.pg_class c ON c.oid = below.oid
          WHERE NOT below.is_known AND c.relkind = 'r'
          LIMIT {MostTables} + 1),
        sums AS (
          SELECT root, pg_catalog.count(*) AS parts, pg_catalog.min(reltuples) AS least, pg_catalog.sum(reltuples) AS rows,
            pg_catalog.sum(pg_catalog.pg_relation_size(oid)) AS bytes, pg_catalog.sum(pg_catalog.pg_total_relation_size(oid)) AS total
          FROM parts GROUP BY root)
        SELECT nspname::text, relname::text,
          CASE WHEN parts IS NULL THEN reltuples WHEN least < 0 THEN -1 ELSE rows + CASE WHEN relkind = 'p' THEN 0 ELSE reltuples END
            END::float8,
          (pg_catalog.pg_relation_size(asked.oid) + coalesce(bytes, 0))::int8,
          (pg_catalog.pg_total_relation_size(asked.oid) + coalesce(total, 0))::int8, coalesce(parts, 0)::int4,
          relhassubclass
        FROM asked LEFT JOIN sums ON sums.root = asked.oid
        """;

    /// <summary>
    /// Those of the tables that are there. A name with a line break is not asked for; tables beyond the first ten thousand are not. Where
    /// there are more partitions than that which are not known, what has any is left out: a part of a size is none.
    /// </summary>
    /// <param name="url">The live database.</param>
    /// <param name="tables">Whose sizes are wanted.</param>
    /// <param name="known">Tables that need not be counted with those that they are partitions of, or inherit from: both names in
    /// quotation marks, with their schemas.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DatabaseException">The database cannot be asked, or the answer waits for somebody's lock.</exception>
    public static async Task<IReadOnlyDictionary<ObjectName, TableSize>> ReadAsync(
        DatabaseUrl url, IEnumerable<ObjectName> tables, IEnumerable<(string Parent, string Partition)> known,
        CancellationToken cancellation)
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
                    new NpgsqlParameter<string> { TypedValue = Lines(tables.Take(MostTables).Select(one => $"{one.Schema}.{one.Name}")) },
                    new NpgsqlParameter<string> { TypedValue = Lines(known.Select(pair => $"{pair.Parent}\t{pair.Partition}")) },
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
        HashSet<ObjectName> parents = [];
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            ObjectName table = new(reader.GetString(0), reader.GetString(1));
            double rows = reader.GetDouble(2);
            sizes[table] = new(table, rows < 0 ? null : (long)rows, reader.GetInt64(3), reader.GetInt64(4))
            {
                Partitions = reader.GetInt32(5),
            };
            _ = reader.GetBoolean(6) && parents.Add(table);
        }

        return sizes.Values.Sum(size => (long)size.Partitions) <= MostTables
            ? sizes
            : sizes.Where(size => !parents.Contains(size.Key)).ToDictionary();
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Where(line => !line.Contains('\n')));

    private static string Quoted(string name) => $"""'"', pg_catalog.replace({name}::text, '"', '""'), '"'""";
}
