using System.Text.Json;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>A partition above any ordinal keeps what runs; a first revision waits pod by pod; the rest is refused.</summary>
public sealed class StatefulSetTests(OperatorFixture schemagate)
{
    private const string Two = "replicas: 2,";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_revision_is_made_and_waits(bool setFirst)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        ShopSet set = new(shop, "StatefulSet");
        await (setFirst ? set.ApplyAsync("1", Two) : shop.ApplyGateAsync("1"));
        await (setFirst ? shop.ApplyGateAsync("1") : set.ApplyAsync("1", Two));

        await set.PodsAreAsync("v1:false");
        await set.NeverStartsAsync("1");
        await Eventually.TrueAsync(
            async () => (await HeldObjectsAsync(shop)).Contains("statefulset/shop", StringComparison.Ordinal), () => "the gate names it");

        await shop.MigrateAsync(Shop.First);
        await set.RunsAsync("1", 2);
        Assert.Empty(await Shop.DiffAsync(set.Manifest("1", Two)));
    }

    [Fact]
    public async Task A_first_revision_that_waits_gives_way_to_a_corrected_one()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        ShopSet set = new(shop, "StatefulSet");
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await set.ApplyAsync("3", Two);
        await set.PodsAreAsync("v3:false");

        await set.ApplyAsync("2", Two);
        await set.PodsAreAsync("v2:false");
        await set.ApplyAsync("1", Two);

        await set.RunsAsync("1", 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_update_waits_and_what_runs_stays_comes_back_and_is_scaled(bool setFirst)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        const string Written = $"{Two} updateStrategy: {{ type: RollingUpdate, rollingUpdate: {{ partition: 1 }} }},";
        ShopSet set = await ShopSet.WithHeldUpdateAsync(shop, setFirst, Written);

        await shop.InShopAsync("delete", "pod", "shop-1");
        await set.RunsAsync("1", 2);
        await shop.InShopAsync("scale", set.Word, "--replicas=3");
        await set.RunsAsync("1", 3);
        await shop.InShopAsync("scale", set.Word, "--replicas=0");
        await set.PodsAreAsync("");
        await shop.InShopAsync("scale", set.Word, "--replicas=2");
        await set.RunsAsync("1", 2);
        // A third revision, and its owner's other wish.
        await set.ApplyAsync("3", Two);
        await shop.InShopAsync("delete", "pod", "shop-0");
        await set.RunsAsync("1", 2);
        await set.NeverStartsAsync("3");

        await shop.MigrateAsync(Shop.First, Shop.Second, Shop.Third);
        await set.RunsAsync("3", 2);
        Assert.Empty(await Shop.DiffAsync(set.Manifest("3", Two)));
        Assert.DoesNotContain("schemagate.dev/held", (await set.GetAsync()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partition_of_its_owners_is_given_back_and_a_rollback_passes_at_once()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        const string Written = $"{Two} updateStrategy: {{ type: RollingUpdate, rollingUpdate: {{ partition: 1 }} }},";
        ShopSet set = await ShopSet.WithHeldUpdateAsync(shop, setFirst: false, Written);
        Assert.Contains("MigrationsPending", await set.HeldAsync(), StringComparison.Ordinal);

        await shop.InShopAsync("rollout", "undo", set.Word);

        Assert.Equal(1, await set.PartitionAsync());
        Assert.Empty(await Shop.DiffAsync(set.Manifest("1", Written)));
        await set.ApplyAsync("2", Written);
        Assert.Equal(int.MaxValue, await set.PartitionAsync());
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await set.PodsAreAsync("v1:true v2:true");
        Assert.Equal(1, await set.PartitionAsync());
    }

    [Fact]
    public async Task What_runs_comes_back_though_its_gate_names_another_database()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using Shop other = await Shop.OpenAsync(schemagate);
        ShopSet set = new(shop, "StatefulSet");
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await set.ApplyAsync("1", "replicas: 1,");
        await set.RunsAsync("1", 1);

        await shop.SecretAsync(other.DatabaseUrl);
        await shop.GateSaysAsync("MigrationsPending");
        await shop.InShopAsync("delete", "pod", "shop-0");

        await set.RunsAsync("1", 1);
    }

    [Fact]
    public async Task A_third_revision_in_the_middle_of_a_rollout_is_refused()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        ShopSet set = new(shop, "StatefulSet");
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.ApplyGateAsync("2");
        await set.ApplyAsync("1", Two);
        await set.RunsAsync("1", 2);
        await set.ApplyAsync("2", $"{Two} updateStrategy: {{ type: RollingUpdate, rollingUpdate: {{ partition: 1 }} }},");
        await set.PodsAreAsync("v1:true v2:true");

        await set.IsRefusedAsync("3", "in the middle of a rollout", Two);

        await shop.InShopAsync("delete", "pods", "--all");
        await set.PodsAreAsync("v1:true v2:true");
    }

    [Fact(DisableParallelization = true), Trait("needs", "packages")]
    public async Task With_every_replica_gone_what_runs_comes_back_and_is_scaled_and_a_first_revision_does_not_start()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using Shop other = await Shop.OpenAsync(schemagate);
        ShopSet set = await ShopSet.WithHeldUpdateAsync(shop, setFirst: false, Two);
        ShopSet first = new(other, "StatefulSet");
        await first.ApplyAsync("1", Two);
        await first.PodsAreAsync("v1:false");
        await Eventually.TrueAsync(
            async () => (await Shop.KubectlAsync("get", "mutatingwebhookconfiguration", "schemagate", "-o", "jsonpath={..values}"))
                .Contains("shop-", StringComparison.Ordinal),
            () => "the API server is told which revision runs");

        await schemagate.KillAsync();
        try
        {
            await shop.InShopAsync("delete", "pods", "--all");
            await set.RunsAsync("1", 2);
            await shop.InShopAsync("scale", set.Word, "--replicas=0");
            await set.PodsAreAsync("");
            await shop.InShopAsync("scale", set.Word, "--replicas=2");
            await set.RunsAsync("1", 2);
            await other.InShopAsync("delete", "pods", "--all");
            await first.NeverStartsAsync("1");
        }
        finally
        {
            await schemagate.StartAsync();
        }

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await set.RunsAsync("2", 2);
        await other.ApplyGateAsync("1");
        await other.MigrateAsync(Shop.First);
        await first.RunsAsync("1", 2);
    }

    [Fact]
    public async Task On_delete_a_new_template_is_refused_and_judged()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        const string Written = $"{Two} updateStrategy: {{ type: OnDelete }},";
        ShopSet set = new(shop, "StatefulSet");
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await set.ApplyAsync("1", Written);
        await set.RunsAsync("1", 2);

        await set.IsRefusedAsync("2", Shop.Second, Written);
        JsonElement asked = (await shop.GateAsync()).GetProperty("status").GetProperty("asked")[0];
        Assert.Equal(shop.Images.Reference("2"), asked.GetProperty("requires").GetString());
        Assert.Equal("statefulset/shop", asked.GetProperty("by").GetString());
        await shop.InShopAsync("delete", "pods", "--all");
        await set.RunsAsync("1", 2);

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await Eventually.TrueAsync(
            async () => !(await shop.GateAsync()).GetProperty("status").TryGetProperty("asked", out _), () => "it is released");
        await set.ApplyAsync("2", Written);
        await shop.InShopAsync("delete", "pods", "--all");
        await set.RunsAsync("2", 2);
    }

    private static Task<string> HeldObjectsAsync(Shop shop) =>
        shop.InShopAsync("get", "schemagate", "shop", "-o", "jsonpath={.status.held.objects}");
}
