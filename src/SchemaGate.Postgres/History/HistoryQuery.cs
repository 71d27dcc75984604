using System.Globalization;
using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.History;

/// <summary>One reading of the history: one round trip, in a read-only transaction of its own, so that a transaction pooler may stand between.</summary>
internal static class HistoryQuery
{
    private const int MostRows = 100_000;
    private const int MostLogCharacters = 2000;

    // A batch is one transaction by itself, and an error ends it: nothing is left open on the connection.
    private const string Limits =
        "SELECT pg_catalog.set_config('transaction_read_only', 'on', true), pg_catalog.set_config('statement_timeout', '10s', true)";

    // Prisma's P3005 rule counts ordinary tables; PostGIS's own is not one.
    private static readonly string About = $"""
        SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
               pg_catalog.current_database()::text,
               pg_catalog.pg_is_in_recovery(),
               pg_catalog.current_setting('server_version_num')::int4 / 10000,
               EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                       WHERE n.nspname = $1 AND c.relname = '{HistoryTable.Name}' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')),
               EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                       WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname NOT IN ('{HistoryTable.Name}', 'spatial_ref_sys'))
        """;

    private static readonly string Lock = $"""
        SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database
                       WHERE d.datname = pg_catalog.current_database() AND l.locktype = 'advisory'
                         AND l.classid = 0 AND l.objid = {HistoryTable.LockKey} AND l.objsubid = 1 AND l.granted)
        """;

    /// <summary>
    /// Reads once. The second value says whether the migration lock was held <em>after</em> the rows were read;
    /// <c>RunInProgress</c> is left false, because one reading cannot tell.
    /// </summary>
    /// <exception cref="DatabaseException">The history or the database cannot be read.</exception>
    public static async Task<(DatabaseState State, bool LockHeld)> ReadAsync(NpgsqlConnection connection, DatabaseUrl url, CancellationToken cancellation)
    {
        DatabaseState? state = null;
        bool hasHistory = false;
        try
        {
            await using NpgsqlBatch batch = Batch(connection, url.Schema);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            state = Describe(reader, url.Schema);
            hasHistory = reader.GetBoolean(4);
            await reader.NextResultAsync(cancellation);
            MigrationHistory history = await RowsAsync(reader, url, cancellation);
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            return (state with { History = history }, reader.GetBoolean(0));
        }
        catch (PostgresException error) when (error.SqlState is "42P01" or "3F000" && state is not null && !hasHistory)
        {
            return (state, false);
        }
        catch (PostgresException error) when (state is null ? error.SqlState == "42501" : IsAboutTable(error.SqlState))
        {
            throw Unreadable(error, url, state is null);
        }
        catch (Exception error) when (error is InvalidCastException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new DatabaseException(DatabaseFailure.HistoryUnreadable, $"The history table {HistoryTable.In(url.Schema)} has a row that no Prisma wrote: a time out of range.");
        }
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, string schema)
    {
        NpgsqlBatch batch = new(connection);
        NpgsqlBatchCommand about = new(About) { Parameters = { new NpgsqlParameter<string> { TypedValue = schema } } };
        foreach (NpgsqlBatchCommand command in (NpgsqlBatchCommand[])[new(Limits), about, new(Rows(schema)), new(Lock)])
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    /// <summary>Casts, because Prisma accepts a table whose ids are uuid and whose names are text.</summary>
    private static string Rows(string schema) => $"""
        SELECT id::text, migration_name::text, checksum::text, started_at::timestamptz, finished_at::timestamptz, rolled_back_at::timestamptz,
               applied_steps_count::int4, pg_catalog.left(logs::text, {MostLogCharacters})
        FROM {HistoryTable.In(schema)} ORDER BY started_at ASC, id::text ASC LIMIT {(MostRows + 1).ToString(CultureInfo.InvariantCulture)}
        """;

    private static DatabaseState Describe(NpgsqlDataReader reader, string schema) => new(
        new DatabaseIdentity(reader.GetString(0), reader.GetString(1), schema),
        reader.GetBoolean(2),
        History: null,
        reader.GetBoolean(5),
        RunInProgress: false,
        reader.GetInt32(3));

    private static async Task<MigrationHistory> RowsAsync(NpgsqlDataReader reader, DatabaseUrl url, CancellationToken cancellation)
    {
        List<HistoryRow> rows = [];
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(new HistoryRow(
                Text(reader, 0) ?? "",
                Text(reader, 1) ?? "",
                Text(reader, 2) ?? "",
                Time(reader, 3) ?? DateTimeOffset.MinValue,
                Time(reader, 4),
                Time(reader, 5),
                reader.IsDBNull(6) ? 0 : reader.GetInt32(6),
                Text(reader, 7)));
        }

        return rows.Count <= MostRows
            ? new MigrationHistory(rows)
            : throw new DatabaseException(DatabaseFailure.HistoryUnreadable, $"The history table {HistoryTable.In(url.Schema)} has more than {MostRows} rows. Remove what is not a migration's.");
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    /// <summary>Syntax, access, data and time: what a connection's own troubles are not.</summary>
    private static bool IsAboutTable(string sqlState) =>
        sqlState.StartsWith("42", StringComparison.Ordinal) || sqlState.StartsWith("22", StringComparison.Ordinal) || sqlState is "57014" or "55P03";

    private static DatabaseException Unreadable(PostgresException error, DatabaseUrl url, bool isIdentity) => new(
        DatabaseFailure.HistoryUnreadable,
        error.SqlState switch
        {
            "42501" when isIdentity =>
                $"The URL's user may not ask {url} which database it is. GRANT EXECUTE ON FUNCTION pg_control_system() to it.",
            "42501" =>
                $"The URL's user may not read the migration history. GRANT USAGE ON SCHEMA {HistoryTable.Quote(url.Schema)} and GRANT SELECT ON {HistoryTable.In(url.Schema)} to it.",
            "42703" =>
                $"{HistoryTable.In(url.Schema)} lacks a column that Prisma's history has (id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count).",
            "57014" or "55P03" =>
                $"{HistoryTable.In(url.Schema)} could not be read within ten seconds. Another session may hold an ACCESS EXCLUSIVE lock on it: look in pg_locks.",
            _ => $"{HistoryTable.In(url.Schema)} cannot be read as Prisma's history (error {error.SqlState}).",
        },
        error.SqlState);
}
