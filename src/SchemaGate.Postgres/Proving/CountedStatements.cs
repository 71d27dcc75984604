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

    /// <summary>The server keeps those that stand before a statement.</summary>
    private const string LeadingComments = @"^(\s|--[^\n]*\n|/\*([^*]|\*+[^*/])*\*+/)+";

    private static readonly string[] s_again = [" IF NOT EXISTS ", " IF EXISTS ", " OR REPLACE "];

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
    /// reset the statistics of the role that ran it since.</param>
    /// <param name="later">Others: what they say, too, tells nothing.</param>
    /// <param name="roles">Whose statements it is about: a role's may be reset alone.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Before version 1.11 (PostgreSQL 17) it keeps no time of a reset of one database's or role's statistics: it is sure only
    /// where each role's witness is kept.</returns>
    /// <exception cref="DatabaseException">The database cannot be read.</exception>
    public static async Task<CountedSince> SinceAsync(
        DatabaseConnections connections, DatabaseUrl url, IReadOnlyList<Migration> early, IReadOnlyList<Migration> later,
        IReadOnlyList<string> roles, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connections);
        HashSet<string> repeated = [.. later.SelectMany(Witnesses)];
        string witnesses = string.Join(
            '\n', early.Reverse().SelectMany(Witnesses).Where(text => !repeated.Contains(text)).Take(MostWitnesses));
        string named = string.Join('\n', roles);
        try
        {
            return await connections.ReadAsync(url, "", connection => SinceAsync(connection, witnesses, named, cancellation), cancellation);
        }
        catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, url);
        }
    }

    private static async Task<CountedSince> SinceAsync(
        NpgsqlConnection connection, string witnesses, string roles, CancellationToken cancellation)
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
            return new(DateTimeOffset.MaxValue, IsSure: true);
        }

        await using NpgsqlCommand read = new(Times(schema, hasInfo, hasTimes), connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = witnesses }, new NpgsqlParameter<string> { TypedValue = roles } },
        };
        await using NpgsqlDataReader reader = await read.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new(new DateTimeOffset(reader.GetDateTime(0).ToUniversalTime()), reader.GetBoolean(1), reader.GetInt64(2));
    }

    /// <summary>
    /// A library that found no file of its own begins with a time of 0 (2000): then it counts since the server's start at least.
    /// </summary>
    private static string Times(string schema, bool hasInfo, bool hasTimes)
    {
        string reset = hasInfo
            ? $"(SELECT i.stats_reset FROM {schema}.pg_stat_statements_info i WHERE i.stats_reset > '2000-01-02')"
            : "NULL::timestamptz";
        string evicted = hasInfo ? $"(SELECT i.dealloc FROM {schema}.pg_stat_statements_info i)" : "0::bigint";
        string first = hasTimes ? "(SELECT pg_catalog.max(role.since) FROM roles role)" : reset;
        string since = hasTimes ? "pg_catalog.min(s.stats_since)" : "NULL::timestamptz";
        string kept = hasTimes ? "EXISTS (SELECT FROM roles)" : """
            EXISTS (SELECT FROM roles) AND NOT EXISTS (SELECT FROM roles role WHERE NOT EXISTS (SELECT FROM kept
              WHERE kept.userid = role.userid AND kept.text = ANY (pg_catalog.string_to_array($1, pg_catalog.chr(10)))))
            """;
        return $"""
            WITH roles AS (
              SELECT s.userid, {since} AS since FROM {schema}.pg_stat_statements s JOIN pg_catalog.pg_roles r ON r.oid = s.userid
              WHERE {OfDatabase} AND r.rolname = ANY (pg_catalog.string_to_array($2, pg_catalog.chr(10))) GROUP BY s.userid),
            kept AS MATERIALIZED (
              SELECT s.userid, pg_catalog.btrim(pg_catalog.regexp_replace(
                pg_catalog.regexp_replace(s.query, '{LeadingComments}', ''), '[\s;]+', ' ', 'g')) AS text
              FROM {schema}.pg_stat_statements s
              WHERE {OfDatabase} AND $1 <> '' AND s.query ~* '\m(CREATE|ALTER)\M' AND pg_catalog.length(s.query) <= {2 * LongestWitness})
            SELECT greatest(coalesce({reset}, pg_catalog.pg_postmaster_start_time()), {first}), {kept}, {evicted}
            """;
    }

    /// <summary>
    /// Definitions alone: of what else a statement says the server may have replaced the constants. What may run again tells no time.
    /// </summary>
    private static IEnumerable<string> Witnesses(Migration migration) => SqlScript.Split(migration.Sql)
        .Select(statement => string.Join(
            ' ', statement.Text.Split([' ', '\t', '\r', '\n', '\f', '\v', ';'], StringSplitOptions.RemoveEmptyEntries)))
        .Where(text => text.Length <= LongestWitness && !s_again.Any(words => text.Contains(words, StringComparison.OrdinalIgnoreCase))
            && (text.StartsWith("CREATE ", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("ALTER ", StringComparison.OrdinalIgnoreCase)));
}
