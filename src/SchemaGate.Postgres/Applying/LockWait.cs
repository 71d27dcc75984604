using System.Globalization;
using Npgsql;

namespace SchemaGate.Postgres.Applying;

/// <summary>A lock that a statement waits for, and who holds it or waits before it. Never a query's text.</summary>
/// <param name="Lock">The lock in words, such as <c>AccessExclusiveLock on public.orders</c>.</param>
/// <param name="Process">The server process of the first session in the way; 0 is a prepared transaction.</param>
/// <param name="Application">Its application_name; null where it has none, or the role may not see it.</param>
/// <param name="State">What it does, such as <c>idle in transaction</c>; null where the role may not see it.</param>
/// <param name="Age">How long its transaction is open; null where the role may not see it.</param>
/// <param name="Others">How many more sessions are in the way.</param>
public sealed record LockWait(string Lock, int Process, string? Application, string? State, TimeSpan? Age, int Others)
{
    private const string Ending = "the end of a transaction";

    // Taken from pg_locks, because the activity's wait_event has no table. Readable by every role, though not the other session's columns.
    private const string Query = """
        SELECT l.mode, l.locktype, CASE WHEN n.oid IS NOT NULL THEN pg_catalog.format('%I.%I', n.nspname, c.relname) END,
               b.pid, nullif(a.application_name, ''), a.state,
               EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::float8, pg_catalog.count(*) OVER ()::int4
        FROM pg_catalog.pg_locks l
        CROSS JOIN LATERAL (SELECT DISTINCT p AS pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(l.pid)) AS p) b
        LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
          AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
        WHERE l.pid = $1 AND NOT l.granted
        ORDER BY a.xact_start NULLS LAST, b.pid LIMIT 1
        """;

    /// <summary>As a sentence goes on after "waits for".</summary>
    public override string ToString()
    {
        string others = Others > 0 ? $" and {Others} more" : "";
        if (Process == 0)
        {
            return $"{Lock}, held by a prepared transaction (pg_prepared_xacts){others}";
        }

        string whose = Lock == Ending ? $"{Lock} of" : $"{Lock}, held by";
        return $"{whose} server process {Process} ({Application ?? "unnamed"}{About()}){others}";
    }

    /// <summary>What a session waits for now; null where it waits for no lock.</summary>
    internal static async Task<LockWait?> OfAsync(NpgsqlConnection observer, int process)
    {
        await using NpgsqlCommand command =
            new(Query, observer) { Parameters = { new NpgsqlParameter<int> { TypedValue = process } }, CommandTimeout = 5 };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
        {
            return null;
        }

        return new LockWait(
            Name(reader.GetString(0), reader.GetString(1), Text(2)),
            reader.GetInt32(3),
            Text(4),
            Text(5),
            reader.IsDBNull(6) ? null : TimeSpan.FromSeconds(reader.GetDouble(6)),
            reader.GetInt32(7) - 1);

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private static string Name(string mode, string type, string? table) => type switch
    {
        _ when table is not null => $"{mode} on {table}",
        "virtualxid" or "transactionid" => Ending,
        _ => $"{mode} on {(type[0] is 'a' or 'e' or 'o' ? "an" : "a")} {type} lock",
    };

    private string About()
    {
        string state = State is null ? "" : $", {State}";
        return Age is { } age
            ? $"{state}, its transaction open for {Math.Round(age.TotalSeconds).ToString(CultureInfo.InvariantCulture)} s"
            : state;
    }
}
