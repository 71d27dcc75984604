using System.Text.Json;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>Gates that rehearse what is pending before they run it.</summary>
public sealed class RehearsalTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task What_is_pending_is_rehearsed_and_then_run()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.ApplyGateAsync("2", ShopContract.Rehearsed);
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
        await shop.ApplyGateAsync("wrong", ShopContract.Rehearsed);
        string message = await shop.GateSaysAsync("RehearsalFailed");
        Assert.Contains($"{Shop.Second}, line 2", message, StringComparison.Ordinal);
        Assert.Contains("42704", message, StringComparison.Ordinal);
        Assert.Equal([Shop.First], await shop.QueryAsync("SELECT migration_name FROM _prisma_migrations"));
        Assert.Equal("0", (await shop.QueryAsync("SELECT count(*) FROM pg_class WHERE relname = 'a'"))[0]);
        Assert.Equal("rehearse", Assert.Single(await shop.JobsAsync()).GetProperty("metadata").GetProperty("labels")
            .GetProperty("app.kubernetes.io/component").GetString());

        // A mended image is rehearsed anew, and runs.
        await shop.ApplyGateAsync("2", ShopContract.Rehearsed);
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
        Task<int> asking = await shop.OldCodeAsync(seconds: 8);
        string message = await shop.ContractAsync();
        Assert.Contains(Shop.Second, message, StringComparison.Ordinal);
        Assert.Contains("deployment/shop", message, StringComparison.Ordinal);
        Assert.Contains("WHERE id = $1", message, StringComparison.Ordinal);
        Assert.Equal("ContractWaits", await ReasonAsync(shop, "RunningCodeSurvives"));

        await shop.InShopAsync("delete", "deployment", "shop", "--wait=false");
        await shop.ContractsOnceAsync(asking);
    }

    private static async Task<JsonElement> RehearsalAsync(Shop shop) =>
        (await shop.GateAsync()).GetProperty("status").GetProperty("rehearsal");

    private static async Task<string?> ReasonAsync(Shop shop, string type) =>
        (await shop.ConditionAsync(type)).GetProperty("reason").GetString();
}
