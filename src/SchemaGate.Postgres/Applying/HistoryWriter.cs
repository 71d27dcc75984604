using Npgsql;
using NpgsqlTypes;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Writes the history as Prisma does (its source: schema-engine, sql_migration_persistence.rs), on the connection that holds the lock.
/// Values are sent without a type, because Prisma accepts a table whose ids are uuid.
/// </summary>
internal sealed class HistoryWriter(NpgsqlConnection keeper, string schema)
{
    /// <summary>In seconds, for a row that someone else has locked.</summary>
    private const int LongestWait = 20;

    /// <summary>What the server is made to say where no row can be finished.</summary>
    private const string NoRow = "no unfinished row of this migration";

    /// <summary>Creates the table, and the schema if the server says that it is missing.</summary>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        try
        {
            await CreateTableAsync(cancellation);
        }
        catch (PostgresException error) when (error.SqlState == "3F000")
        {
            await using NpgsqlCommand create = new($"CREATE SCHEMA IF NOT EXISTS {HistoryTable.Quote(schema)}", keeper);
            await HistoryPrivileges.AskAsync(
                () => create.ExecuteNonQueryAsync(cancellation), $"create the schema {HistoryTable.Quote(schema)}",
                HistoryPrivileges.ToCreateSchema(keeper.Database));
            await CreateTableAsync(cancellation);
        }
    }

    /// <summary>
    /// Inserts a migration's row before it runs, so that a crash leaves a trace. Returns the row's id. Not to be canceled: the row would be
    /// there or not.
    /// </summary>
    public async Task<string> StartAsync(Migration migration)
    {
        string id = Guid.NewGuid().ToString();
        await using NpgsqlCommand insert = new(
            $"INSERT INTO {HistoryTable.In(schema)} (id, checksum, started_at, migration_name) VALUES ($1, $2, "
                + "pg_catalog.clock_timestamp(), $3)", keeper)
        {
            Parameters = { Value(id), Value(migration.Checksum.Value), Value(migration.Name) },
        };
        await HistoryPrivileges.AskAsync(
            () => insert.ExecuteNonQueryAsync(), $"write to the history {HistoryTable.In(schema)}", HistoryPrivileges.ToWrite(schema));
        return id;
    }

    /// <summary>
    /// The statement that says that a migration is applied, for whichever connection is to say it. Where its row is gone, or was resolved
    /// meanwhile, it fails (see <see cref="FoundNoRow"/>), and its transaction with it: the text is no number, which the server finds out
    /// only when it gets there.
    /// </summary>
    public NpgsqlBatchCommand Finish(string id) => new(
        $"""
        WITH done AS (
            UPDATE {HistoryTable.In(schema)} SET applied_steps_count = applied_steps_count + 1, finished_at = pg_catalog.clock_timestamp()
            WHERE id = $1 AND finished_at IS NULL AND rolled_back_at IS NULL RETURNING 1)
        SELECT (CASE WHEN EXISTS (SELECT FROM done) THEN '1' ELSE '{NoRow}' END)::int4
        """)
    {
        Parameters = { Value(id) },
    };

    /// <exception cref="DatabaseException">HistoryUnreadable: its row is gone, or was resolved meanwhile.</exception>
    public async Task FinishAsync(string id)
    {
        try
        {
            await using NpgsqlBatch batch = new(keeper) { BatchCommands = { Finish(id) } };
            await batch.ExecuteNonQueryAsync();
        }
        catch (PostgresException error) when (FoundNoRow(error))
        {
            // An attempt whose answer was lost with its connection may have finished it.
            if (!await IsFinishedAsync(id))
            {
                throw RowIsGone();
            }
        }
    }

    /// <summary>Whether <see cref="Finish"/> found no unfinished row.</summary>
    public static bool FoundNoRow(PostgresException error) =>
        error.SqlState == "22P02" && error.MessageText.Contains(NoRow, StringComparison.Ordinal);

    public static DatabaseException RowIsGone() =>
        new(DatabaseFailure.HistoryUnreadable, "Its row is gone from the history, or somebody resolved it meanwhile.");

    /// <summary>
    /// Keeps the error in an unfinished row. False: the row is finished. The update waits for a transaction that is finishing it at this
    /// moment, so the answer is final.
    /// </summary>
    /// <param name="isRolledBack">Also marks it as rolled back, as <c>prisma migrate resolve --rolled-back</c> does.</param>
    public async Task<bool> FailAsync(string id, string logs, bool isRolledBack)
    {
        string mark = isRolledBack ? ", rolled_back_at = pg_catalog.clock_timestamp()" : "";
        await using NpgsqlCommand update = new(
            $"UPDATE {HistoryTable.In(schema)} SET logs = $2{mark} WHERE id = $1 AND finished_at IS NULL", keeper)
        {
            Parameters = { Value(id), Value(logs.Replace('\0', ' ')) },
            CommandTimeout = LongestWait,
        };
        return await update.ExecuteNonQueryAsync() > 0 || !await IsFinishedAsync(id);
    }

    /// <summary>False also for a row that a failover lost.</summary>
    private async Task<bool> IsFinishedAsync(string id)
    {
        await using NpgsqlCommand command = new(
            $"SELECT EXISTS (SELECT FROM {HistoryTable.In(schema)} WHERE id = $1 AND finished_at IS NOT NULL AND rolled_back_at IS NULL)",
            keeper)
        {
            Parameters = { Value(id) },
            CommandTimeout = LongestWait,
        };
        return await command.ExecuteScalarAsync() is true;
    }

    private async Task CreateTableAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand table = new(
            $"""
            CREATE TABLE {HistoryTable.In(schema)} (
                id                      VARCHAR(36) PRIMARY KEY NOT NULL,
                checksum                VARCHAR(64) NOT NULL,
                finished_at             TIMESTAMPTZ,
                migration_name          VARCHAR(255) NOT NULL,
                logs                    TEXT,
                rolled_back_at          TIMESTAMPTZ,
                started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
                applied_steps_count     INTEGER NOT NULL DEFAULT 0
            )
            """,
            keeper);
        await HistoryPrivileges.AskAsync(
            () => table.ExecuteNonQueryAsync(cancellation), $"create the history table {HistoryTable.In(schema)}",
            HistoryPrivileges.ToCreate(schema));
    }

    private static NpgsqlParameter Value(string text) => new() { Value = text, NpgsqlDbType = NpgsqlDbType.Unknown };
}
