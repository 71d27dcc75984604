using Npgsql;
using NpgsqlTypes;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Resolving;

/// <summary>Writes changes of the history in one transaction, on the connection that holds the lock.</summary>
internal sealed class HistoryEditor(NpgsqlConnection keeper, string schema)
{
    private readonly string _table = HistoryTable.In(schema);

    /// <exception cref="DatabaseException">HistoryUnreadable: a row is not as it was read; nothing was written.</exception>
    public async Task WriteAsync(IReadOnlyList<HistoryEdit> edits, bool createsTable, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await keeper.BeginTransactionAsync(cancellation);
        if (createsTable)
        {
            await new HistoryWriter(keeper, schema).CreateAsync(cancellation);
        }

        foreach (HistoryEdit edit in edits)
        {
            await using NpgsqlCommand command = Command(edit);
            // Whoever writes without the lock, by hand or with Prisma's switched off, must not be overwritten.
            int written = await HistoryPrivileges.AskAsync(
                () => command.ExecuteNonQueryAsync(cancellation), $"write to the history {_table}", HistoryPrivileges.ToWrite(schema));
            if (written != 1)
            {
                throw new DatabaseException(DatabaseFailure.HistoryUnreadable, $"A row of {_table} changed while it was resolved, "
                    + "and nothing was written. Look at the history, then try again.");
            }
        }

        await CommitAsync(transaction);
    }

    private static async Task CommitAsync(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException exception) when (exception is not PostgresException)
        {
            throw new DatabaseException(
                DatabaseFailure.Unreachable, "The connection broke during the commit, so all of it is written, or nothing. "
                    + "Do the same again: what is written is left as it is.");
        }
    }

    private NpgsqlCommand Command(HistoryEdit edit) => edit switch
    {
        HistoryEdit.Insert { Migration: var migration } => Command(
            $"INSERT INTO {_table} (id, checksum, started_at, finished_at, migration_name, logs, applied_steps_count) "
            + "SELECT $1, $2, now, now, $3, '', 0 FROM pg_catalog.clock_timestamp() now",
            Guid.NewGuid().ToString(), migration.Checksum.Value, migration.Name),
        HistoryEdit.RollBack { Row: var row } => Command(
            $"UPDATE {_table} SET rolled_back_at = pg_catalog.clock_timestamp() WHERE id = $1 AND finished_at IS NULL AND "
                + "rolled_back_at IS NULL", row.Id),
        HistoryEdit.SetChecksum { Row: var row, Checksum: var checksum } => Command(
            $"UPDATE {_table} SET checksum = $2 WHERE id = $1 AND checksum = $3 AND finished_at IS NOT NULL AND rolled_back_at IS NULL",
            row.Id, checksum.Value, row.Checksum),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<string> values)
    {
        NpgsqlCommand command = new(sql, keeper);
        foreach (string value in values)
        {
            // Without a type, because Prisma accepts a table whose ids are uuid.
            command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Unknown });
        }

        return command;
    }
}
