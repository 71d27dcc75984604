using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History.Dialects;

namespace SchemaGate.Postgres.History;

/// <summary>What one look at a database saw.</summary>
/// <param name="State">Its <c>RunInProgress</c> is left false, because one look cannot tell; its history is null where no table was asked,
/// or it is not there.</param>
/// <param name="LockHeld">Whether the migration lock was held <em>after</em> the rows were read.</param>
/// <param name="Catalog">The tables that a history may have; empty where only Prisma's was asked for.</param>
internal sealed record HistoryReading(DatabaseState State, bool LockHeld, IReadOnlyList<CatalogTable> Catalog);

/// <summary>
/// One reading of the history: one round trip, in a read-only transaction of its own, so that a transaction pooler may stand between.
/// </summary>
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

    // Names of tables and columns of any length and number: what a tool has is short, the rest is cut.
    private static readonly string Tables = $"""
        SELECT n.nspname::text, c.relname::text, c.relkind::text,
               (SELECT pg_catalog.string_agg(a.attname::text, E'\n' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum BETWEEN 1 AND 100 AND NOT a.attisdropped)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE (n.nspname = $1 OR n.nspname IN ({Literals(HistoryDialects.Schemas)}))
          AND c.relname IN ({Literals(HistoryDialects.Tables)}) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        """;

    /// <summary>Looks once, at Prisma's rows.</summary>
    /// <exception cref="DatabaseException">The history or the database cannot be read.</exception>
    public static Task<HistoryReading> ReadPrismaAsync(NpgsqlConnection connection, DatabaseUrl url, CancellationToken cancellation) =>
        ReadAsync(connection, url, HistoryDialects.PrismaIn(url.Schema), withCatalog: false, cancellation);

    /// <summary>Looks once.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="url">Where it leads.</param>
    /// <param name="source">Whose rows are read; null to look only at which tables there are.</param>
    /// <param name="withCatalog">Whether to look at that, too.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="DatabaseException">The history or the database cannot be read.</exception>
    public static async Task<HistoryReading> ReadAsync(
        NpgsqlConnection connection, DatabaseUrl url, HistorySource? source, bool withCatalog, CancellationToken cancellation)
    {
        HistoryReading? reading = null;
        bool isAbsent = false;
        try
        {
            await using NpgsqlBatch batch = Batch(connection, url.Schema, source, withCatalog);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            (DatabaseState state, bool hasPrisma) = (Describe(reader, url.Schema), reader.GetBoolean(4));
            reading = new(state, LockHeld: false, withCatalog ? await CatalogAsync(reader, cancellation) : []);
            isAbsent = !withCatalog ? !hasPrisma : !reading.Catalog.Any(table => table == source?.Table);
            return source is null ? reading : await RowsAsync(reader, source, reading, cancellation);
        }
        catch (PostgresException error) when (error.SqlState is "42P01" or "3F000" or "42703" && reading is not null && isAbsent)
        {
            return reading;
        }
        catch (PostgresException error) when (reading is null ? error.SqlState == "42501" : IsAboutTable(error.SqlState))
        {
            throw HistoryErrors.Unreadable(error, url, reading is null ? null : source);
        }
        catch (Exception error) when (error is InvalidCastException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new DatabaseException(DatabaseFailure.HistoryUnreadable, $"The history table {source?.Table} has a row that no "
                + $"{source?.Guide.Name} wrote: a time out of range.");
        }
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, string schema, HistorySource? source, bool withCatalog)
    {
        NpgsqlBatch batch = new(connection);
        batch.BatchCommands.Add(new(Limits));
        foreach (string query in (string[])(withCatalog ? [About, Tables] : [About]))
        {
            batch.BatchCommands.Add(new(query) { Parameters = { new NpgsqlParameter<string> { TypedValue = schema } } });
        }

        if (source is not null)
        {
            batch.BatchCommands.Add(new(source.Dialect.Query(source.Table, MostRows, MostLogCharacters)));
            batch.BatchCommands.Add(new(source.Dialect.Locks(source.Table)));
        }

        return batch;
    }

    private static DatabaseState Describe(NpgsqlDataReader reader, string schema) => new(
        new DatabaseIdentity(reader.GetString(0), reader.GetString(1), schema),
        reader.GetBoolean(2),
        History: null,
        reader.GetBoolean(5),
        RunInProgress: false,
        reader.GetInt32(3));

    private static async Task<IReadOnlyList<CatalogTable>> CatalogAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        List<CatalogTable> tables = [];
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            tables.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2)[0], Text(reader, 3) ?? ""));
        }

        return tables;
    }

    private static async Task<HistoryReading> RowsAsync(
        NpgsqlDataReader reader, HistorySource source, HistoryReading reading, CancellationToken cancellation)
    {
        List<HistoryRow> rows = [];
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(Row(reader));
        }

        if (rows.Count > MostRows)
        {
            throw new DatabaseException(DatabaseFailure.HistoryUnreadable, $"The history table {source.Table} has more than {MostRows} "
                + "rows. Remove what is not a migration's.");
        }

        bool isLocked = false;
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            isLocked |= source.Dialect.IsLock(reader.GetInt64(0), source.Table, reading.State.Identity);
        }

        MigrationHistory history = new(rows) { Tool = source.Dialect.Tool };
        return reading with { State = reading.State with { History = history }, LockHeld = isLocked };
    }

    private static HistoryRow Row(NpgsqlDataReader reader) => new(
        Text(reader, 0) ?? "",
        Text(reader, 1) ?? "",
        Text(reader, 2) ?? "",
        Time(reader, 3) ?? DateTimeOffset.MinValue,
        Time(reader, 4),
        Time(reader, 5),
        reader.IsDBNull(6) ? 0 : reader.GetInt32(6),
        Text(reader, 7))
    {
        CoversEarlier = !reader.IsDBNull(8) && reader.GetBoolean(8),
    };

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static string Literals(IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => $"'{name}'"));

    /// <summary>Syntax, access, data and time: what a connection's own troubles are not.</summary>
    private static bool IsAboutTable(string sqlState) =>
        sqlState.StartsWith("42", StringComparison.Ordinal) || sqlState.StartsWith("22", StringComparison.Ordinal)
        || sqlState is "57014" or "55P03";
}
