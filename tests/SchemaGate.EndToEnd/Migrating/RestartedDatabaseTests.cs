using System.Diagnostics;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>
/// The database's server goes away in the middle of a run, and comes back.
/// No other test runs meanwhile: nobody else misses it.
/// </summary>
[TestClass(DisableParallelization = true)]
[Trait("needs", "packages")]
public sealed class RestartedDatabaseTests(OperatorFixture schemagate)
{
    private const string Slow = "CREATE TABLE half (id int);\nSELECT pg_sleep(5);\n";

    /// <summary>The signals of <c>pg_ctl stop -m fast</c> and <c>-m immediate</c>.</summary>
    [Theory, InlineData("INT"), InlineData("QUIT")]
    public async Task A_run_whose_server_is_restarted_is_tried_again_and_opens_the_gate(string signal)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        // The tests' server commits asynchronously: a crash would take back the first migration, too.
        await shop.SqlAsync($"ALTER DATABASE \"{shop.Namespace}\" SET synchronous_commit = on");
        await shop.PushSqlAsync("slow", Slow);
        await shop.ApplyGateAsync("slow", ShopRuns.AsJob);
        await shop.UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'", "1");
        string server = File.ReadLines(Path.Combine(TestEnvironment.DatabaseData, "postmaster.pid")).First();
        using (Process kill = Process.Start("kill", [$"-{signal}", server]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await TestEnvironment.ServiceAsync("postgres", "stop");
        await TestEnvironment.ServiceAsync("postgres", "start");

        string message = await shop.GateSaysAsync("MigrationRetrying");
        Assert.Contains("Try 2 of 4 begins at", message, StringComparison.Ordinal);
        Assert.Equal("Transient", (await shop.RunAsync()).GetProperty("error").GetProperty("class").GetString());
        await shop.GateSaysAsync("Open");
        Assert.Equal(2, (await shop.SucceedsAsync()).GetProperty("attempt").GetInt32());
        IReadOnlyList<string> history = await shop.HistoryAsync();
        Assert.Equal(3, history.Count);
        Assert.Equal([ShopRuns.Applied(Shop.First), ShopRuns.Applied(Shop.Second, Slow)], [history[0], history[^1]]);
    }
}
