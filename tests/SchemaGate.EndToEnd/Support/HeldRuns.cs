using Npgsql;

namespace SchemaGate.EndToEnd.Support;

/// <summary>Runs that wait in the middle of a migration for as long as a test wants it.</summary>
internal static class HeldRuns
{
    /// <summary>The statement that waits.</summary>
    public const string Middle = "SELECT pg_advisory_xact_lock_shared(4711);";

    private const string InTheMiddle = """
        SELECT count(*) FROM pg_locks
        WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    /// <summary>Applies a gate whose second migration is this SQL, and waits until its run is in the middle.</summary>
    /// <returns>The session with which it goes on when that is closed.</returns>
    public static async Task<NpgsqlConnection> HoldRunAsync(this Shop shop, string sql)
    {
        await shop.PushSqlAsync("held", sql);
        NpgsqlConnection holder = await shop.HoldAsync("SELECT pg_advisory_lock(4711)");
        await shop.ApplyGateAsync("held", ShopRuns.Patient);
        await shop.UntilAsync(InTheMiddle, "1");
        // The kubelet of Kubernetes 1.20 never ends a container whose pod is deleted before it has reported it as running.
        await shop.InShopAsync("wait", "pods", "-l", "schemagate.dev/run", "--for=condition=Ready", "--timeout=120s");
        return holder;
    }
}
