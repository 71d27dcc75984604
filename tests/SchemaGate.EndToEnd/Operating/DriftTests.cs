using System.Text.Json;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>A schema that somebody changes by hand, and a gate that says so.</summary>
[TestClass(DisableParallelization = true)]
public sealed class DriftTests(OperatorFixture schemagate)
{
    private const string ByHand = $"ALTER TABLE \"t_{Shop.First}\" ADD COLUMN by_hand text";

    [Fact]
    public async Task A_column_that_was_added_by_hand_closes_a_gate_that_asks_for_that_until_it_is_gone()
    {
        await using Shop shop = await OpenAsync("drift: Block", "driftRecheck: 1s,");
        Assert.Equal(0, (await DriftAsync(shop)).GetProperty("differences").GetInt32());

        await shop.SqlAsync(ByHand);
        string message = await shop.GateSaysAsync("SchemaDrifted");
        Assert.Contains($"t_{Shop.First}.by_hand", message, StringComparison.Ordinal);
        // The gate's own image was released before; this one is asked for the first time.
        await shop.ApplyDeploymentAsync("1", requires: $"shop={Shop.First}");
        await shop.IsHeldAsync(0);

        await shop.SqlAsync($"ALTER TABLE \"t_{Shop.First}\" DROP COLUMN by_hand");
        await shop.RunsAsync("1", 2);
        await shop.GateSaysAsync("Open");
    }

    /// <summary>The catalog is read once an hour, whoever leads; another history is compared at once.</summary>
    [Fact]
    public async Task A_new_leader_does_not_read_what_was_just_read_and_a_run_is_compared_at_once()
    {
        await using Shop shop = await OpenAsync("drift: Warn", "");
        string checkedAt = await CheckedAtAsync(shop);
        await shop.SqlAsync(ByHand);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        await schemagate.KillAsync();
        await schemagate.StartAsync();
        await shop.ApplyGateAsync("2", Policy("drift: Warn"));
        await shop.GateSaysAsync("MigrationsPending");
        Assert.Equal(checkedAt, await CheckedAtAsync(shop));

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.GateSaysAsync("Open");
        await Eventually.TrueAsync(
            async () => (await DriftAsync(shop)).GetProperty("differences").GetInt32() == 1, () => "the column is found after the run");
        Assert.NotEqual(checkedAt, await CheckedAtAsync(shop), StringComparer.Ordinal);
    }

    private async Task<Shop> OpenAsync(string policy, string database)
    {
        Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1", Policy(policy), database: database);
        await shop.GateSaysAsync("Open");
        await Eventually.TrueAsync(
            async () => (await shop.GateAsync()).GetProperty("status").TryGetProperty("drift", out _), () => "the schema is compared");
        return shop;
    }

    private static string Policy(string policy) => $$"""policy: { {{policy}} },""";

    private static async Task<string> CheckedAtAsync(Shop shop) => (await DriftAsync(shop)).GetProperty("checkedAt").GetString()!;

    private static async Task<JsonElement> DriftAsync(Shop shop) => (await shop.GateAsync()).GetProperty("status").GetProperty("drift");
}
