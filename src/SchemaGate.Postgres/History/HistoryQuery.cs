using System.Data;
using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History.Dialects;

namespace SchemaGate.Postgres.History;

/// <summary>
/// One reading of the history: one round trip, in a read-only transaction of its own, so that a transaction pooler may stand between.
/// </summary>
internal static class HistoryQuery
{
    /// <summary>Tables with a history's name; each tool's has one, in up to three schemas.</summary>
    private const int MostTables = 1000;

    /// <summary>Bytes of what the catalog says: a name has 63, and of a table up to a hundred are read.</summary>
    private const int LongestText = 16 << 10;

    // A batch is one transaction by itself, and an error ends it: nothing is left open on the connection. Where there are a few hundred
    // tables the server would compile these queries, which takes a thousand times as long as running them.
    private const string Limits =
        "SELECT pg_catalog.set_config('transaction_read_only', 'on', true), pg_catalog.set_config('statement_timeout', '10s', true), "
            + "pg_catalog.set_config('jit', 'off', true)";

    // Prisma's P3005 rule counts ordinary tables; PostGIS's own is not one, and neither is the history that is read.
    private static readonly string About = $"""
        SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
               pg_catalog.current_database()::text,
               pg_catalog.pg_is_in_recovery(),
               pg_catalog.current_setting('server_version_num')::int4 / 10000,
               EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                       WHERE n.nspname = $1 AND c.relname = '{HistoryTable.Name}' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')),
               EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                       WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname NOT IN ('{HistoryTable.Name}', 'spatial_ref_sys', $2)),
               (SELECT pg_catalog.string_agg(invalid.name, E'\n') FROM ({InvalidIndexes.Query}) invalid)
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
        ReadAsync(connection, new(url, HistoryDialects.PrismaIn(url.Schema), WithCatalog: false), cancellation);

    /// <summary>Looks once.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="look">What is asked for.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="DatabaseException">The history or the database cannot be read.</exception>
    public static async Task<HistoryReading> ReadAsync(
        NpgsqlConnection connection, HistoryLook look, CancellationToken cancellation)
    {
        Progress progress = new();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(look.Limits.Patience);
        try
        {
            await using NpgsqlBatch batch = Batch(connection, look);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, limit.Token);
            try
            {
                return await AnswerAsync(reader, look, progress, limit.Token);
            }
            catch (Exception error) when ((error as DatabaseException ?? HistoryErrors.OutOfRange(error, look.Source)) is { } refusal)
            {
                progress.Failure = refusal;
                await AbandonAsync(reader, limit);
                throw;
            }
        }
        catch (Exception) when (progress.Failure is not null)
        {
            // Not what closing the reader may have thrown instead.
            throw progress.Failure;
        }
        catch (PostgresException error) when (error.SqlState is "42P01" or "3F000" or "42703" && progress is { Seen: { }, IsAbsent: true })
        {
            return progress.Seen;
        }
        catch (PostgresException error) when (progress.Seen is null ? error.SqlState == "42501" : IsAboutTable(error.SqlState))
        {
            throw HistoryErrors.Unreadable(error, look.Url, progress.Seen is null ? null : look.Source);
        }
        catch (Exception) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // A server that has told nothing yet is away; one that has goes on for too long.
            throw progress.Seen is null
                ? FailureSentences.Of(new TimeoutException(), look.Url)
                : HistoryErrors.TooSlow(look);
        }
    }

    private static async Task<HistoryReading> AnswerAsync(
        NpgsqlDataReader reader, HistoryLook look, Progress progress, CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        (DatabaseState state, bool hasPrisma) = Describe(reader, look.Url.Schema);
        HistoryReading seen = new(state, LockHeld: false, look.WithCatalog ? await CatalogAsync(reader, cancellation) : []);
        progress.Seen = seen;
        progress.IsAbsent = !look.WithCatalog ? !hasPrisma : !seen.Catalog.Any(table => table == look.Source?.Table);
        return look.Source is { } source ? await RowsAsync(reader, look, source, seen, cancellation) : seen;
    }

    /// <summary>
    /// Whoever closes a reader reads what is left of its answer, be it without end; only a canceled reading ends the connection.
    /// </summary>
    private static async Task AbandonAsync(NpgsqlDataReader reader, CancellationTokenSource limit)
    {
        await limit.CancelAsync();
        try
        {
            while (await reader.ReadAsync(limit.Token) || await reader.NextResultAsync(limit.Token))
            {
                // What the driver has already read.
            }
        }
        catch (Exception)
        {
            // As it was to be, or whatever a server sends that cannot be read; why is known.
        }
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, HistoryLook look)
    {
        NpgsqlBatch batch = new(connection);
        batch.BatchCommands.Add(new(Limits));
        string history = look.Source is { Table: var table } && table.Schema == look.Url.Schema ? table.Name : HistoryTable.Name;
        batch.BatchCommands.Add(new(About) { Parameters = { Text(look.Url.Schema), Text(history) } });
        if (look.WithCatalog)
        {
            batch.BatchCommands.Add(new(Tables) { Parameters = { Text(look.Url.Schema) } });
        }

        if (look.Source is { } source)
        {
            batch.BatchCommands.Add(new(source.Dialect.Query(source.Table, look.Limits)));
            batch.BatchCommands.Add(new(source.Dialect.Locks(source.Table)));
        }

        return batch;
    }

    private static (DatabaseState State, bool HasPrisma) Describe(NpgsqlDataReader reader, string schema)
    {
        DatabaseIdentity identity = new(Text(reader, 0) ?? "", Text(reader, 1) ?? "", schema);
        (bool isStandby, int version, bool hasPrisma) = (reader.GetBoolean(2), reader.GetInt32(3), reader.GetBoolean(4));
        bool hasTables = reader.GetBoolean(5);
        string[] invalid = Text(reader, 6)?.Split('\n') ?? [];
        DatabaseState state = new(identity, isStandby, History: null, hasTables, RunInProgress: false, version);
        return (state with { InvalidIndexes = invalid }, hasPrisma);
    }

    private static async Task<IReadOnlyList<CatalogTable>> CatalogAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        List<CatalogTable> tables = [];
        await reader.NextResultAsync(cancellation);
        while (tables.Count < MostTables && await reader.ReadAsync(cancellation))
        {
            tables.Add(new(Text(reader, 0) ?? "", Text(reader, 1) ?? "", (Text(reader, 2) ?? "").FirstOrDefault(), Text(reader, 3) ?? ""));
        }

        return tables;
    }

    private static async Task<HistoryReading> RowsAsync(
        NpgsqlDataReader reader, HistoryLook look, HistorySource source, HistoryReading seen, CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation);
        List<HistoryRow> rows = await new HistoryRowReader(reader, source, look.Limits, look.MayHold).ReadAsync(cancellation);
        LockHolder? holder = null;
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            holder = source.Dialect.IsLock(reader.GetInt64(0), source.Table, seen.State.Identity)
                ? await HolderAsync(reader, cancellation)
                : holder;
        }

        MigrationHistory history = new(rows) { Tool = source.Dialect.Tool };
        return seen with { State = seen.State with { History = history, Lock = holder }, LockHeld = holder is not null };
    }

    private static async Task<LockHolder> HolderAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        int? process = await reader.IsDBNullAsync(1, cancellation) ? null : reader.GetInt32(1);
        string owner = Text(reader, 2) ?? "";
        DateTimeOffset? since = await reader.IsDBNullAsync(3, cancellation)
            ? null
            : await reader.GetFieldValueAsync<DateTimeOffset>(3, cancellation);
        return new(process, owner, since, await reader.IsDBNullAsync(4, cancellation) ? null : reader.GetBoolean(4));
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static string? Text(NpgsqlDataReader reader, int column) => reader switch
    {
        _ when reader.IsDBNull(column) => null,
        _ when reader.GetBytes(column, 0, buffer: null, 0, 0) <= LongestText => reader.GetString(column),
        _ => throw new DatabaseException(
            DatabaseFailure.HistoryUnreadable,
            "The server has a longer name than PostgreSQL can have. Check what the URL leads to."),
    };

    private static string Literals(IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => $"'{name}'"));

    /// <summary>Syntax, access, data and time: what a connection's own troubles are not.</summary>
    private static bool IsAboutTable(string sqlState) =>
        sqlState.StartsWith("42", StringComparison.Ordinal) || sqlState.StartsWith("22", StringComparison.Ordinal)
        || sqlState is "57014" or "55P03";

    /// <summary>How far a look has come.</summary>
    private sealed class Progress
    {
        public HistoryReading? Seen { get; set; }

        /// <summary>What ended it by our own choice.</summary>
        public DatabaseException? Failure { get; set; }

        /// <summary>Whether the history's table was not there a moment ago.</summary>
        public bool IsAbsent { get; set; }
    }
}
