using System.Globalization;
using Npgsql;
using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// The session of a run that died: the lock ended with the connection that held it, but the server goes on with the statement that it was
/// given, and sees only afterwards that nobody listens.
/// </summary>
/// <param name="Process">Its server process.</param>
/// <param name="Age">How long its transaction is open; null where it is another role's, which the server does not show.</param>
internal sealed record LeftSession(int Process, TimeSpan? Age)
{
    // Longer than who polls for the lock pauses, so that it is not met twice.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.3);

    // Under the lock, nobody else's session of ours is at work but for an instant: those that poll for the lock, and those that read. Its
    // own began with the row.
    private const string Query = """
        SELECT pid, EXTRACT(epoch FROM pg_catalog.clock_timestamp() - xact_start)::float8
        FROM pg_catalog.pg_stat_activity
        WHERE datname = pg_catalog.current_database() AND application_name = 'schemagate' AND pid <> pg_catalog.pg_backend_pid()
          AND state <> 'idle' AND backend_start <= $1 + interval '5 s' AND xact_start < pg_catalog.clock_timestamp() - interval '0.2 s'
        ORDER BY xact_start LIMIT 1
        """;

    // Of another role's session the server shows its application_name and, as a lock, that a transaction is open; neither its state nor its
    // times.
    private const string OfOtherRoles = """
        SELECT a.pid
        FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_locks l ON l.pid = a.pid
        WHERE a.datname = pg_catalog.current_database() AND a.application_name = 'schemagate' AND a.pid <> pg_catalog.pg_backend_pid()
          AND a.backend_start IS NULL AND l.locktype = 'virtualxid' AND l.granted
        ORDER BY 1
        """;

    /// <summary>What still works at an unfinished row, or null.</summary>
    public static async Task<LeftSession?> FindAsync(
        NpgsqlConnection keeper, HistoryRow row, TimeProvider time, CancellationToken cancellation) =>
        await FindOwnAsync(keeper, row, cancellation) ?? await FindOfOtherRolesAsync(keeper, time, cancellation);

    private static async Task<LeftSession?> FindOwnAsync(NpgsqlConnection keeper, HistoryRow row, CancellationToken cancellation)
    {
        await using NpgsqlCommand command =
            new(Query, keeper) { Parameters = { new NpgsqlParameter<DateTimeOffset> { TypedValue = row.StartedAt.ToUniversalTime() } } };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new LeftSession(reader.GetInt32(0), TimeSpan.FromSeconds(reader.GetDouble(1))) : null;
    }

    private static async Task<LeftSession?> FindOfOtherRolesAsync(
        NpgsqlConnection keeper, TimeProvider time, CancellationToken cancellation)
    {
        List<int> before = await OpenAsync(keeper, cancellation);
        if (before.Count == 0)
        {
            return null;
        }

        await Task.Delay(Moment, time, cancellation);
        return (await OpenAsync(keeper, cancellation)).Intersect(before).Select(process => new LeftSession(process, Age: null))
            .FirstOrDefault();
    }

    private static async Task<List<int>> OpenAsync(NpgsqlConnection keeper, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(OfOtherRoles, keeper);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        List<int> processes = [];
        while (await reader.ReadAsync(cancellation))
        {
            processes.Add(reader.GetInt32(0));
        }

        return processes;
    }

    /// <summary>The command that ends a session.</summary>
    public static string End(int process) => $"psql -c 'SELECT pg_terminate_backend({process})'";

    /// <summary>The failure, with the session named before everything else that is to be done.</summary>
    public ApplyFailure Explain(ApplyFailure failure) => failure with
    {
        Message = $"{failure.Message} {this}",
        NextCommands = [$"{End(Process)}  # or wait until it has ended", .. failure.NextCommands],
    };

    public override string ToString() =>
        $"Its session is still at work on the server: process {Process}, "
        + (Age is { } age
            ? $"its transaction open for {age.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s. "
            : "of another role. ")
        + "Until that has ended, nothing that the database shows of it is final.";
}
