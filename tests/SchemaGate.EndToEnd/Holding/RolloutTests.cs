using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>Argo's Rollouts: their ReplicaSets are refused their birth, and their controller tries again.</summary>
public sealed class RolloutTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task The_birth_of_a_Rollouts_ReplicaSet_waits_for_its_migrations_and_its_controller_is_woken()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await ShopRollout.InstallAsync();
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await shop.GateSaysAsync("Open");
        await ShopRollout.FollowedAsync(shop);
        await ShopRollout.BornAsync(shop, "1", replicas: 2);
        await shop.PodsAreAsync("v1:true v1:true");

        await Shop.ApplyManifestAsync(ShopRollout.Manifest(shop, "2"));
        await ShopRollout.IsRefusedAsync(shop, "2", Shop.Second);
        await Eventually.TrueAsync(
            async () => (await ShopRollout.HoldAsync(shop))?.Contains(Shop.Second, StringComparison.Ordinal) ?? false,
            () => "the Rollout says why");
        Assert.Equal("rollout/shop", await shop.InShopAsync("get", "schemagate", "shop", "-o", "jsonpath={.status.held.objects[0]}"));
        (int code, string output, _) = await TestEnvironment.TryAsync(
            TestEnvironment.Binary, ["explain", "rollout/shop", "-n", shop.Namespace]);
        Assert.Equal(1, code);
        Assert.Contains("MigrationsPending", output, StringComparison.Ordinal);
        // What runs is scaled, and made again.
        await shop.InShopAsync("scale", "replicaset", "shop-v1", "--replicas=3");
        await shop.InShopAsync("delete", "pods", "-l", "app=shop");
        await shop.PodsAreAsync("v1:true v1:true v1:true");

        string before = await ShopRollout.VersionAsync(shop);
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await Eventually.TrueAsync(
            async () => await ShopRollout.HoldAsync(shop) is null && await ShopRollout.VersionAsync(shop) != before,
            () => "the Rollout is written, and so woken");
        await ShopRollout.BornAsync(shop, "2", replicas: 1);
        await shop.PodsAreAsync("v1:true v1:true v1:true v2:true");
        Assert.Empty(await Shop.DiffAsync(ShopRollout.Manifest(shop, "2")));
    }

    [Fact]
    public async Task A_Rollout_with_the_label_on_its_template_alone_is_told_so_at_its_first_birth()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await ShopRollout.InstallAsync();
        await ShopRollout.FollowedAsync(shop);
        await shop.InShopAsync("delete", "rollouts", "--all");
        await Shop.ApplyManifestAsync(
            ShopRollout.Manifest(shop, "1")
                .Replace("labels: { schemagate.dev/gated: \"true\" } }", "labels: {} }", StringComparison.Ordinal));

        await ShopRollout.IsRefusedAsync(shop, "1", "on its pod template alone");
    }
}
