using Npgsql;
using SchemaGate.Core.Proofs;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Proving;

/// <summary>Reads the statements that have run in a database, as <c>pg_stat_statements</c> keeps them. Only reads.</summary>
public static class RunningStatements
{
    private const string Extension = $"""
        SELECT {OwnStatements.Mark} n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'pg_stat_statements'
        """;

    /// <summary>The first words of statements that are none of an application's own or cannot be prepared.</summary>
    private const string Others = "ALTER|ANALYZE|BEGIN|CALL|CHECKPOINT|CLOSE|CLUSTER|COMMENT|COMMIT|COPY|CREATE|DEALLOCATE|DECLARE|DISCARD|"
        + "DO|DROP|END|EXECUTE|EXPLAIN|FETCH|GRANT|IMPORT|LISTEN|LOCK|MOVE|NOTIFY|PREPARE|REASSIGN|REFRESH|REINDEX|RELEASE|RESET|REVOKE|"
        + "ROLLBACK|SAVEPOINT|SECURITY|SET|SHOW|START|TRUNCATE|UNLISTEN|VACUUM";

    /// <param name="connections">The process's own.</param>
    /// <param name="url">The live database.</param>
    /// <param name="role">Whose statements; null for everybody's.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DatabaseException">The extension is not there or not loaded, or the database cannot be read.</exception>
    public static async Task<ShapeReading> ReadAsync(
        DatabaseConnections connections, DatabaseUrl url, string? role, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connections);
        try
        {
            return await connections.ReadAsync(url, "", connection => ReadAsync(connection, url, role, cancellation), cancellation);
        }
        catch (PostgresException error) when (error.SqlState == "55000")
        {
            throw Missing(url, "is not loaded: add it to shared_preload_libraries and restart the server");
        }
        catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, url);
        }
    }

    private static async Task<ShapeReading> ReadAsync(
        NpgsqlConnection connection, DatabaseUrl url, string? role, CancellationToken cancellation)
    {
        await using NpgsqlCommand find = new(Extension, connection);
        if (await find.ExecuteScalarAsync(cancellation) is not string schema)
        {
            throw Missing(url, "is not there: `CREATE EXTENSION pg_stat_statements`, with the library in shared_preload_libraries");
        }

        await using NpgsqlCommand read = new(Statements(HistoryTable.Quote(schema)), connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = role ?? "" } },
        };
        await using NpgsqlDataReader reader = await read.ExecuteReaderAsync(cancellation);
        List<StatementShape> shapes = [];
        int own = 0;
        ShapeReading counts = new([]);
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.IsDBNull(0))
            {
                counts = Counts(reader);
            }
            else if (!StatementWords.IsPreparable(reader.GetString(0)) || Bookkeeping.Is(reader.GetString(0)))
            {
                // Also what the server's filter has let through behind a comment: a CREATE USER has a password in its text.
                own++;
            }
            else
            {
                shapes.Add(new(reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
            }
        }

        return counts with { Shapes = shapes, Utility = counts.Utility + own };
    }

    /// <summary>The extension is named by the sentence that says how to do without it, too.</summary>
    private static DatabaseException Missing(DatabaseUrl url, string what) => new(
        DatabaseFailure.SettingsUnusable,
        $"The extension pg_stat_statements, which knows the statements of running code, {what} in {url}. "
            + "Or name a file of statements: --statements FILE.");

    private static ShapeReading Counts(NpgsqlDataReader reader) => new([])
    {
        Hidden = (int)reader.GetInt64(3),
        Lost = (int)reader.GetInt64(4),
        Utility = (int)reader.GetInt64(5),
        Beyond = (int)reader.GetInt64(6),
    };

    /// <summary>
    /// Bounded on the server: the texts of a busy one take many megabytes. What the role may not see has neither text nor queryid, so it
    /// is counted by the entry.
    /// </summary>
    /// <param name="schema">The extension's, quoted.</param>
    private static string Statements(string schema) => $"""
        WITH {OwnStatements.Mark} shapes AS (
          SELECT s.query, pg_catalog.sum(s.calls)::bigint AS calls, pg_catalog.min(r.rolname)::text AS role,
            count(*) AS entries, coalesce(pg_catalog.octet_length(s.query), 0) AS bytes
          FROM {schema}.pg_stat_statements s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.userid
          WHERE s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
            AND ($1 = '' OR r.rolname = $1)
          GROUP BY s.query, CASE WHEN s.query IS NULL THEN s.queryid END),
        bounded AS (
          SELECT *, pg_catalog.sum(bytes) OVER (ORDER BY calls DESC, query ROWS UNBOUNDED PRECEDING) AS total FROM shapes
          WHERE bytes <= {ShapeReading.LongestText}
            AND query <> '<insufficient privilege>' AND query !~* '^\s*({Others})\M'),
        kept AS (
          SELECT query, calls, role FROM bounded WHERE total <= {ShapeReading.MostBytes}
          ORDER BY calls DESC, query LIMIT {ShapeReading.MostShapes})
        SELECT query, calls, role, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint FROM kept
        UNION ALL
        SELECT NULL, 0, NULL, coalesce(pg_catalog.sum(entries) FILTER (WHERE query = '<insufficient privilege>'), 0)::bigint,
          count(*) FILTER (WHERE query IS NULL),
          count(*) FILTER (WHERE query ~* '^\s*({Others})\M'),
          count(*) FILTER (WHERE query <> '<insufficient privilege>' AND query !~* '^\s*({Others})\M') - (SELECT count(*) FROM kept)
        FROM shapes
        """;
}
