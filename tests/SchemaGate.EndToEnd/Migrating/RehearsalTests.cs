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
        Assert.True(
            rehearsal.GetProperty("finishedAt").GetDateTime() <= (await shop.SucceedsAsync()).GetProperty("startedAt").GetDateTime());
        Assert.Equal(2, (await shop.JobsAsync()).Count);
        // The tests' server counts no statements.
        Assert.Equal("StatementsNotProven", await ReasonAsync(shop, "RunningCodeSurvives"));
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

    private static async Task<JsonElement> RehearsalAsync(Shop shop) =>
        (await shop.GateAsync()).GetProperty("status").GetProperty("rehearsal");

    private static async Task<string?> ReasonAsync(Shop shop, string type) =>
        (await shop.GateAsync()).GetProperty("status").GetProperty("conditions").EnumerateArray()
            .First(condition => condition.GetProperty("type").GetString() == type).GetProperty("reason").GetString();
}
