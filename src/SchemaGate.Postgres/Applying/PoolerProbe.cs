using Npgsql;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Finds a transaction pooler before the migration lock is taken, which would stay behind in the pooler's connection and block every run
/// until that closes.
/// </summary>
internal static class PoolerProbe
{
    private const int Attempts = 5;

    /// <summary>One round trip on a direct connection.</summary>
    /// <exception cref="DatabaseException">TransactionPooler: a connection of this URL does not keep its server process.</exception>
    public static async Task RequireSessionsAsync(
        NpgsqlDataSource source, NpgsqlConnection keeper, DatabaseUrl url, CancellationToken cancellation)
    {
        // The server tells each connection its process (protocol, BackendKeyData). Where that is not who answers, a pooler stands between.
        if (await ProcessAsync(keeper, cancellation) == keeper.ProcessID)
        {
            return;
        }

        await using NpgsqlConnection other = await DatabaseConnections.OpenAsync(source, url, cancellation);
        try
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                if (await AreMixedAsync(keeper, other, cancellation))
                {
                    throw Pooler();
                }
            }
        }
        catch (PostgresException exception) when (exception.SqlState == "08P01")
        {
            // PgBouncer's word for a transaction where pool_mode is statement.
            throw Pooler();
        }
    }

    /// <summary>
    /// A session pooler gives each connection a server process for its whole life, so two never meet. A transaction pooler gives the
    /// keeper's process, idle between two statements, to the next transaction (the usual, last in first out), or the keeper another one (in
    /// turns).
    /// </summary>
    private static async Task<bool> AreMixedAsync(NpgsqlConnection keeper, NpgsqlConnection other, CancellationToken cancellation)
    {
        int first = await ProcessAsync(keeper, cancellation);
        int second = await ProcessAsync(keeper, cancellation);
        await ExecuteAsync("BEGIN", other, cancellation);
        int held = await ProcessAsync(other, cancellation);
        await ExecuteAsync("ROLLBACK", other, cancellation);
        return first != second || second == held;
    }

    private static async Task<int> ProcessAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        (int)(await ExecuteAsync("SELECT pg_catalog.pg_backend_pid()", connection, cancellation))!;

    private static async Task<object?> ExecuteAsync(string sql, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }

    private static DatabaseException Pooler() => new(
        DatabaseFailure.TransactionPooler,
        "The database URL leads to a transaction pooler (as PgBouncer with pool_mode = transaction), which cannot hold the migration lock. "
            + "Migrate with the direct URL (DIRECT_URL).");
}
