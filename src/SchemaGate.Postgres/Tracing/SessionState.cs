using Npgsql;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Tracing;

/// <summary>The relations of a scratch database as one session sees them, and which of them it has locked.</summary>
/// <param name="Relations">By oid: no system's, no temporary and no TOAST table, and not the history.</param>
/// <param name="Locks">The strongest mode by oid, of those that it has and of the one that it waits for.</param>
/// <param name="Waits">It waits for a lock.</param>
internal sealed record SessionState(
    IReadOnlyDictionary<long, RelationState> Relations, IReadOnlyDictionary<long, LockMode> Locks, bool Waits)
{
    private const string OfRelations = """
        SELECT c.oid::int8, n.nspname::text, c.relname::text, c.relkind::text, coalesce(i.indrelid, 0)::int8, c.relfilenode::int8,
          c.reltablespace::int8,
          coalesce((SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid AND c.relispartition), 0)::int8,
          coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
        WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f', 'i', 'I') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND c.relname NOT IN ('_prisma_migrations', '_prisma_migrations_pkey')
        """;

    private const string OfLocks = """
        SELECT coalesce(l.relation, 0)::int8, l.mode, l.granted FROM pg_catalog.pg_locks l
        WHERE l.pid = $1 AND (NOT l.granted OR (l.locktype = 'relation'
          AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())))
        """;

    /// <param name="connection">Where it is asked: only the session itself sees what it has not committed.</param>
    /// <param name="process">The session whose locks are meant.</param>
    public static async Task<SessionState> ReadAsync(NpgsqlConnection connection, int process, CancellationToken cancellation)
    {
        Dictionary<long, RelationState> relations = [];
        await using NpgsqlBatch batch = new(connection) { BatchCommands = { new(OfRelations), Locking(process) } };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            relations[reader.GetInt64(0)] = new(
                new ObjectName(reader.GetString(1), reader.GetString(2)), reader.GetString(3)[0], reader.GetInt64(4),
                reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8));
        }

        await reader.NextResultAsync(cancellation);
        (Dictionary<long, LockMode> locks, bool waits) = await LocksAsync(reader, cancellation);
        return new(relations, locks, waits);
    }

    /// <summary>The locks alone, in one short look.</summary>
    public static async Task<(IReadOnlyDictionary<long, LockMode> Locks, bool Waits)> LocksAsync(
        NpgsqlConnection connection, int process, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = new(connection) { BatchCommands = { Locking(process) } };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation);
        return await LocksAsync(reader, cancellation);
    }

    private static NpgsqlBatchCommand Locking(int process) =>
        new(OfLocks) { Parameters = { new NpgsqlParameter<int> { TypedValue = process } } };

    private static async Task<(Dictionary<long, LockMode> Locks, bool Waits)> LocksAsync(
        NpgsqlDataReader reader, CancellationToken cancellation)
    {
        (Dictionary<long, LockMode> locks, bool waits) = ([], false);
        while (await reader.ReadAsync(cancellation))
        {
            waits |= !reader.GetBoolean(2);
            long oid = reader.GetInt64(0);
            locks[oid] = Stronger(locks.GetValueOrDefault(oid), Mode(reader.GetString(1)));
        }

        return (locks, waits);
    }

    public static LockMode Stronger(LockMode one, LockMode other) => (LockMode)Math.Max((int)one, (int)other);

    /// <summary>pg_locks calls them AccessShareLock and so on.</summary>
    private static LockMode Mode(string name) =>
        Enum.TryParse(name.AsSpan(0, Math.Max(0, name.Length - "Lock".Length)), out LockMode mode) ? mode : LockMode.None;
}
