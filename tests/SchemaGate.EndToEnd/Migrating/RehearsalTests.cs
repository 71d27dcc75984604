using System.Text.Json;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>Gates that rehearse what is pending before they run it.</summary>
public sealed class RehearsalTests(OperatorFixture schemagate)
{
    private const string Rehearsed = "rehearsal: { mode: BeforeRun }, " + ShopRuns.AsJob;

    [Fact]
    public async Task What_is_pending_is_rehearsed_and_then_run()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.ApplyGateAsync("2", Rehearsed);
        await shop.GateSaysAsync("Open");
        JsonElement rehearsal = await RehearsalAsync(shop);
        Assert.Equal(("Passed", 2), (rehearsal.GetProperty("result").GetString(), rehearsal.GetProperty("rehearsed").GetInt32()));
        // A status rounds up to the second, a Job's creation is cut to it.
        DateTime started = (await shop.SucceedsAsync()).GetProperty("startedAt").GetDateTime();
        Assert.InRange(rehearsal.GetProperty("finishedAt").GetDateTime(), DateTime.MinValue, started.AddSeconds(1));
        Assert.Equal(2, (await shop.JobsAsync()).Count);
        // The shop's database counts no statements, which is told while something is pending.
        Assert.Equal("AsExpected", await ReasonAsync(shop, "RunningCodeSurvives"));
    }

    [Fact]
    public async Task A_migration_that_fails_stalls_the_gate_and_nothing_of_it_reaches_the_database()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.PushSqlAsync("wrong", "CREATE TABLE a (id int);\nCREATE TABLE b (id nothing);\n");
        await shop.ApplyGateAsync("wrong", Rehearsed);
        string message = await shop.GateSaysAsync("RehearsalFailed");
        Assert.Contains($"{Shop.Second}, line 2", message, StringComparison.Ordinal);
        Assert.Contains("42704", message, StringComparison.Ordinal);
        Assert.Equal([Shop.First], await shop.QueryAsync("SELECT migration_name FROM _prisma_migrations"));
        Assert.Equal("0", (await shop.QueryAsync("SELECT count(*) FROM pg_class WHERE relname = 'a'"))[0]);
        Assert.Equal("rehearse", Assert.Single(await shop.JobsAsync()).GetProperty("metadata").GetProperty("labels")
            .GetProperty("app.kubernetes.io/component").GetString());

        // A mended image is rehearsed anew, and runs.
        await shop.ApplyGateAsync("2", Rehearsed);
        await shop.GateSaysAsync("Open");
    }

    [Fact]
    public async Task Where_statements_must_be_proved_and_cannot_be_nothing_runs()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.ApplyGateAsync(
            "1", "rehearsal: { mode: BeforeRun }, migrate: { mode: Job }, policy: { approval: Never, breaks: Block },");
        string message = await shop.GateSaysAsync("StatementsNotProven");
        Assert.Contains("pg_stat_statements", message, StringComparison.Ordinal);
        Assert.Equal("rehearse", Assert.Single(await shop.JobsAsync()).GetProperty("metadata").GetProperty("labels")
            .GetProperty("app.kubernetes.io/component").GetString());
    }

    [Fact]
    public async Task A_migration_that_breaks_running_code_waits_until_the_last_pod_of_it_has_ended()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.SqlAsync("CREATE EXTENSION pg_stat_statements");
        await shop.ApplyGateAsync("1");
        await Shop.ApplyManifestAsync(shop.DeploymentManifest("1")
            .Replace("terminationGracePeriodSeconds: 1,", "terminationGracePeriodSeconds: 30,", StringComparison.Ordinal)
            .Replace("name: app,", "name: app, lifecycle: { preStop: { exec: { command: [sleep, '8'] } } },", StringComparison.Ordinal));
        await shop.RunsAsync("1", 2);
        Task<int> asking = AskedWhilePodsRunAsync(shop, $"SELECT id FROM \"t_{Shop.First}\" WHERE id = 1");

        await shop.PushSqlAsync("contract", $"ALTER TABLE \"t_{Shop.First}\" RENAME COLUMN id TO number;\n");
        await shop.ApplyGateAsync("contract", Rehearsed);
        string message = await shop.GateSaysAsync("ContractWaits");
        Assert.Contains(Shop.Second, message, StringComparison.Ordinal);
        Assert.Contains("deployment/shop", message, StringComparison.Ordinal);
        Assert.Contains("WHERE id = $1", message, StringComparison.Ordinal);
        Assert.Equal("StatementsBroken", await ReasonAsync(shop, "RunningCodeSurvives"));

        await shop.InShopAsync("delete", "deployment", "shop", "--wait=false");
        Assert.True(await asking > 0);
        await shop.GateSaysAsync("Open");
        Assert.Equal(["number"], await shop.QueryAsync(
            $"SELECT attname FROM pg_attribute WHERE attrelid = '\"t_{Shop.First}\"'::regclass AND attnum > 0"));
    }

    /// <summary>What a pod's code asks, over and over, until none is left: no answer may be an error while there is one.</summary>
    private static async Task<int> AskedWhilePodsRunAsync(Shop shop, string sql)
    {
        for (int asked = 0; ; asked++)
        {
            Exception? error = await Record.ExceptionAsync(() => shop.SqlAsync(sql));
            if (!(await ClusterReads.PodsAsync(shop.Namespace)).Any(IsOfShop))
            {
                return asked;
            }

            Assert.Null(error);
        }
    }

    private static bool IsOfShop(JsonElement pod) => pod.GetProperty("metadata").GetProperty("labels").TryGetProperty("app", out _);

    private static async Task<JsonElement> RehearsalAsync(Shop shop) =>
        (await shop.GateAsync()).GetProperty("status").GetProperty("rehearsal");

    private static async Task<string?> ReasonAsync(Shop shop, string type) =>
        (await shop.GateAsync()).GetProperty("status").GetProperty("conditions").EnumerateArray()
            .First(condition => condition.GetProperty("type").GetString() == type).GetProperty("reason").GetString();
}
