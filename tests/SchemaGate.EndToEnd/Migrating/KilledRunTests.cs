using Npgsql;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>Runs that are killed in the middle, and what the gate's message prints then.</summary>
public sealed class KilledRunTests(OperatorFixture schemagate)
{
    private const string AtOnce = $"""
        CREATE TABLE steps (number int);
        INSERT INTO steps VALUES (1);
        {HeldRuns.Middle}
        INSERT INTO steps VALUES (2);

        """;

    private const string ByStatement = $"""
        CREATE TABLE IF NOT EXISTS steps (number int PRIMARY KEY);
        INSERT INTO steps VALUES (1) ON CONFLICT DO NOTHING;
        VACUUM steps;
        {HeldRuns.Middle}
        INSERT INTO steps VALUES (2) ON CONFLICT DO NOTHING;

        """;

    [Fact]
    public async Task A_transaction_that_is_killed_leaves_nothing_and_the_printed_command_lets_it_run_again()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await KilledAsync(shop, AtOnce);

        string message = await shop.GateSaysAsync("MigrationFailed");
        AssertExplained(message);
        Assert.Equal("Unknown", (await shop.RunAsync()).GetProperty("error").GetProperty("class").GetString());
        // What the server still does for the dead run is rolled back when it is through.
        await holder.CloseAsync();
        await shop.DoAsPrintedAsync(message, "--rolled-back");
        await IsMendedAsync(shop, AtOnce);
    }

    [Fact]
    public async Task Statements_that_are_killed_leave_what_they_did_and_the_printed_command_lets_them_run_again()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await KilledAsync(shop, ByStatement);

        string message = await shop.GateSaysAsync("MigrationFailed");
        AssertExplained(message);
        Assert.Equal(["1"], await shop.QueryAsync("SELECT number FROM steps"));
        await holder.CloseAsync();
        await shop.DoAsPrintedAsync(message, "--rolled-back");
        await IsMendedAsync(shop, ByStatement);
    }

    [Fact, Trait("needs", "packages")]
    public async Task An_index_whose_run_is_killed_is_built_to_its_end_and_the_printed_command_says_that_it_is_there()
    {
        const string index = $"CREATE INDEX CONCURRENTLY by_id ON \"t_{Shop.First}\" (id);\n";
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.PushSqlAsync("index", index);
        await using NpgsqlConnection holder = await shop.HoldAsync("BEGIN", $"LOCK TABLE \"t_{Shop.First}\" IN ROW EXCLUSIVE MODE");
        await shop.ApplyGateAsync("index", ShopRuns.Patient);
        await shop.UntilAsync("""
            SELECT count(*) FROM pg_stat_progress_create_index
            WHERE phase = 'waiting for writers before build' AND datname = current_database()
            """, "1");
        await KillAsync(shop);

        string message = await shop.GateSaysAsync("MigrationFailed");
        AssertExplained(message);
        await holder.CloseAsync();
        await shop.UntilAsync("SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_id'::regclass", "true");
        await shop.DoAsPrintedAsync(message, "--applied");
        await shop.GateSaysAsync("Open");
        Assert.Equal(
            [ShopRuns.Applied(Shop.First), ShopRuns.Row(Shop.Second, index, "0|-|-|true"), ShopRuns.Row(Shop.Second, index, "0||true|-")],
            await shop.HistoryAsync());
        Assert.Equal(
            ["1"],
            await shop.QueryAsync($"SELECT count(*) FROM pg_index WHERE indrelid = 't_{Shop.First}'::regclass AND NOT indisprimary"));
    }

    /// <summary>As a drained node does. Another pod follows: the Job's (Kubernetes 1.20), or the gate's next Job's.</summary>
    [Fact]
    public async Task A_transaction_whose_pod_is_deleted_is_applied_once_without_anybody()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await shop.HoldRunAsync(AtOnce);
        await shop.InShopAsync("delete", "pods", "-l", "schemagate.dev/run", "--wait=false");
        await shop.UntilAsync("SELECT count(*) FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL", "1");
        await holder.CloseAsync();
        await IsMendedAsync(shop, AtOnce);
    }

    /// <summary>The kubelet leaves it two seconds after SIGTERM.</summary>
    [Fact, Trait("needs", "packages")]
    public async Task Statements_whose_pod_is_deleted_by_force_wait_for_the_printed_command()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await shop.HoldRunAsync(ByStatement);
        await shop.InShopAsync("delete", "pods", "-l", "schemagate.dev/run", "--grace-period=0", "--force");
        string message = await shop.GateSaysAsync("MigrationFailed");
        Assert.Contains(Shop.Second, message, StringComparison.Ordinal);
        await holder.CloseAsync();
        await shop.DoAsPrintedAsync(message, "--rolled-back");
        await IsMendedAsync(shop, ByStatement);
    }

    private static async Task<NpgsqlConnection> KilledAsync(Shop shop, string sql)
    {
        NpgsqlConnection holder = await shop.HoldRunAsync(sql);
        await KillAsync(shop);
        return holder;
    }

    /// <summary>SIGKILL, on the node.</summary>
    private static async Task KillAsync(Shop shop)
    {
        string pod = await shop.InShopAsync("get", "pods", "-l", "schemagate.dev/run", "-o", "jsonpath={.items[0].metadata.name}");
        NodeProcess.Of("migrate").Single(process => process.Pod == pod).Signal("KILL");
    }

    private static void AssertExplained(string message)
    {
        Assert.Contains($"{Shop.Second} was begun on", message, StringComparison.Ordinal);
        Assert.Contains("exit code 137", message, StringComparison.Ordinal);
    }

    private static async Task IsMendedAsync(Shop shop, string sql)
    {
        await shop.GateSaysAsync("Open");
        Assert.Equal(["1", "2"], await shop.QueryAsync("SELECT number FROM steps ORDER BY number"));
        IReadOnlyList<string> history = await shop.HistoryAsync();
        Assert.Equal([ShopRuns.Applied(Shop.First), ShopRuns.Applied(Shop.Second, sql)], [history[0], history[^1]]);
        // The row of the run that was killed stands between them, as Prisma leaves it there.
        Assert.Equal(3, history.Count);
    }
}
