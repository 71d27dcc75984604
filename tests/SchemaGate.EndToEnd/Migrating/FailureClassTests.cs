using System.Text.Json;
using Npgsql;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>
/// What PostgreSQL answers a run with, and what the gate makes of it.
/// A lock that does not come free is in <see cref="RunTests"/>.
/// </summary>
public sealed class FailureClassTests(OperatorFixture schemagate)
{
    [Theory]
    [InlineData($"SELECT 1;\nALTER TABLE \"t_{Shop.First}\" ADD CHECK (id > 1);\n", "23514", "is violated by some row")]
    [InlineData($"SELECT 1;\nINSERT INTO \"t_{Shop.First}\" VALUES (1);\n", "23505", "duplicate key value violates unique constraint")]
    [InlineData("SELECT 1;\nSELECT pg_sleep(60);\n", "57014", "statement timeout")]
    public async Task What_fails_again_on_the_same_data_waits_for_a_person(string sql, string state, string words)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.SqlAsync($"INSERT INTO \"t_{Shop.First}\" VALUES (1)");
        await shop.PushSqlAsync("wrong", sql);
        await shop.ApplyGateAsync("wrong", "migrate: { mode: Job, statementTimeout: 1s }, policy: { approval: Never },");

        string message = await shop.GateSaysAsync("MigrationFailed");
        Assert.All(
            [$"{Shop.Second}, line 2", $"prisma/migrations/{Shop.Second}/migration.sql:2: ", $"({state})", words, "nothing of it remains"],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
        JsonElement status = (await shop.GateAsync()).GetProperty("status"), run = status.GetProperty("run");
        Assert.Equal(
            ("Permanent", state),
            (run.GetProperty("error").GetProperty("class").GetString(), run.GetProperty("error").GetProperty("sqlState").GetString()));
        Assert.False(run.TryGetProperty("nextAttemptAt", out _));
        Assert.Equal("True", ConditionOf(status, "Stalled"));
    }

    [Fact]
    public async Task A_serialization_failure_is_tried_again_and_opens_the_gate()
    {
        string sql = $"""
            SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
            SELECT count(*) FROM "t_{Shop.First}";
            {HeldRuns.Middle}
            UPDATE "t_{Shop.First}" SET id = id + 10;

            """;
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await BegunAsync(shop, sql);
        await shop.SqlAsync($"UPDATE \"t_{Shop.First}\" SET id = 5");
        await holder.CloseAsync();

        await IsTriedAgainAsync(shop, "40001", "could not serialize access");
        Assert.Equal(["15"], await shop.QueryAsync($"SELECT id FROM \"t_{Shop.First}\""));
    }

    [Fact]
    public async Task A_deadlock_is_tried_again_and_opens_the_gate()
    {
        string sql = $"LOCK TABLE \"t_{Shop.First}\";\n{HeldRuns.Middle}\nALTER TABLE other ADD COLUMN note text;\n";
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await BegunAsync(shop, sql);
        // Who has waited for a second looks for a deadlock and is its victim: the run.
        await using NpgsqlConnection rival = await shop.HoldAsync("SET deadlock_timeout = '10min'", "BEGIN", "LOCK TABLE other");
        await using NpgsqlCommand wants = new($"LOCK TABLE \"t_{Shop.First}\"", rival);
        Task waiting = wants.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await shop.UntilAsync("""
            SELECT count(*) FROM pg_locks WHERE locktype = 'relation' AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """, "1");
        await holder.CloseAsync();
        await waiting;
        await rival.CloseAsync();

        await IsTriedAgainAsync(shop, "40P01", "deadlock detected");
    }

    /// <summary>One row, the first migration applied, and the second in its middle, until this session ends.</summary>
    private static async Task<NpgsqlConnection> BegunAsync(Shop shop, string sql)
    {
        await shop.MigrateAsync(Shop.First);
        await shop.SqlAsync($"INSERT INTO \"t_{Shop.First}\" VALUES (1); CREATE TABLE other (id int)");
        return await shop.HoldRunAsync(sql);
    }

    private static async Task IsTriedAgainAsync(Shop shop, string state, string words)
    {
        string message = await shop.GateSaysAsync("MigrationRetrying");
        Assert.All(
            [Shop.Second, $"({state})", words, "Try 2 of 4 begins at"],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
        JsonElement status = (await shop.GateAsync()).GetProperty("status");
        Assert.Equal("Transient", status.GetProperty("run").GetProperty("error").GetProperty("class").GetString());
        Assert.False(ConditionOf(status, "Stalled") == "True");
        await shop.GateSaysAsync("Open");
        Assert.Equal(2, (await shop.SucceedsAsync()).GetProperty("attempt").GetInt32());
    }

    private static string? ConditionOf(JsonElement status, string type) => status.GetProperty("conditions").EnumerateArray()
        .Where(condition => condition.GetProperty("type")
            .GetString() == type).Select(condition => condition.GetProperty("status").GetString()).SingleOrDefault();
}
