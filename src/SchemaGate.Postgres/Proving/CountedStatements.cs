using Npgsql;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Proving;

/// <summary>Since when <c>pg_stat_statements</c> counts the statements of one database. Only reads.</summary>
public static class CountedStatements
{
    /// <summary>What is looked for at most, the last migrations first.</summary>
    private const int MostWitnesses = 300;

    private const int LongestWitness = 2_000;

    private const string Extension = """
        /* pg_stat_statements */ SELECT n.nspname,
          pg_catalog.to_regclass(pg_catalog.format('%I.pg_stat_statements_info', n.nspname)) IS NOT NULL,
          EXISTS (SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = pg_catalog.to_regclass(pg_catalog.format('%I.pg_stat_statements', n.nspname)) AND a.attname = 'stats_since')
        FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'
        """;

    private const string OfDatabase =
        "s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())";

    /// <param name="connections">The process's own.</param>
    /// <param name="url">The live database.</param>
    /// <param name="early">Migrations that have run there early enough: a statement of theirs that is still kept tells that nobody has
    /// reset the statistics of this database since.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>When it began to count, as far as it says; and whether that is sure. Before version 1.11 (PostgreSQL 17) it keeps no time
    /// of a reset of one database's statistics.</returns>
    /// <exception cref="DatabaseException">The database cannot be read.</exception>
    public static async Task<(DateTimeOffset Since, bool IsSure)> SinceAsync(
        DatabaseConnections connections, DatabaseUrl url, IReadOnlyList<Migration> early, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connections);
        string[] witnesses = [.. early.Reverse().SelectMany(Witnesses).Take(MostWitnesses)];
        try
        {
            return await connections.ReadAsync(url, "", connection => SinceAsync(connection, witnesses, cancellation), cancellation);
        }
        catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, url);
        }
    }

    private static async Task<(DateTimeOffset Since, bool IsSure)> SinceAsync(
        NpgsqlConnection connection, string[] witnesses, CancellationToken cancellation)
    {
        (string schema, bool hasInfo, bool hasTimes) = ("", false, false);
        await using (NpgsqlCommand find = new(Extension, connection))
        await using (NpgsqlDataReader found = await find.ExecuteReaderAsync(cancellation))
        {
            if (await found.ReadAsync(cancellation))
            {
                (schema, hasInfo, hasTimes) = (HistoryTable.Quote(found.GetString(0)), found.GetBoolean(1), found.GetBoolean(2));
            }
        }

        if (schema.Length == 0)
        {
            return (DateTimeOffset.MaxValue, IsSure: true);
        }

        await using NpgsqlCommand read = new(Times(schema, hasInfo, hasTimes), connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = string.Join('\n', witnesses) } },
        };
        await using NpgsqlDataReader reader = await read.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (new DateTimeOffset(reader.GetDateTime(0).ToUniversalTime()), reader.GetBoolean(1));
    }

    /// <summary>
    /// A library that found no file of its own begins with a time of 0 (2000): then it counts since the server's start at least.
    /// </summary>
    private static string Times(string schema, bool hasInfo, bool hasTimes)
    {
        string reset = hasInfo
            ? $"(SELECT i.stats_reset FROM {schema}.pg_stat_statements_info i WHERE i.stats_reset > '2000-01-02')"
            : "NULL::timestamptz";
        string first = hasTimes ? $"(SELECT pg_catalog.min(s.stats_since) FROM {schema}.pg_stat_statements s WHERE {OfDatabase})" : reset;
        string kept = hasTimes ? "true" : $"""
            EXISTS (SELECT FROM kept, pg_catalog.unnest(pg_catalog.string_to_array($1, pg_catalog.chr(10))) witness
              WHERE pg_catalog."right"(kept.text, pg_catalog.length(witness)) = witness)
            """;
        return $"""
            WITH kept AS MATERIALIZED (
              SELECT pg_catalog.btrim(pg_catalog.regexp_replace(s.query, '[\s;]+', ' ', 'g')) AS text FROM {schema}.pg_stat_statements s
              WHERE {OfDatabase} AND s.query ~* '\m(CREATE|ALTER)\M' AND pg_catalog.length(s.query) <= {2 * LongestWitness})
            SELECT greatest(coalesce({reset}, pg_catalog.pg_postmaster_start_time()), {first}), {kept}
            """;
    }

    /// <summary>Definitions alone: of what else a statement says the server may have replaced the constants.</summary>
    private static IEnumerable<string> Witnesses(Migration migration) => SqlScript.Split(migration.Sql)
        .Select(statement => string.Join(
            ' ', statement.Text.Split([' ', '\t', '\r', '\n', '\f', '\v', ';'], StringSplitOptions.RemoveEmptyEntries)))
        .Where(text => text.Length <= LongestWitness && (text.StartsWith("CREATE ", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("ALTER ", StringComparison.OrdinalIgnoreCase)));
}
