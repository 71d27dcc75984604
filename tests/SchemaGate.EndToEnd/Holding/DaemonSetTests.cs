using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>Its controller makes pods of the newest template, so a template that is not released is refused, and judged.</summary>
public sealed class DaemonSetTests(OperatorFixture schemagate)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_revision_is_made_and_waits(bool setFirst)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        ShopSet set = new(shop, "DaemonSet");
        await (setFirst ? set.ApplyAsync("1") : shop.ApplyGateAsync("1"));
        await (setFirst ? shop.ApplyGateAsync("1") : set.ApplyAsync("1"));
        await set.PodsAreAsync("v1:false");
        await set.NeverStartsAsync("1");

        await shop.MigrateAsync(Shop.First);
        await set.RunsAsync("1", 1);
        Assert.Empty(await Shop.DiffAsync(set.Manifest("1")));
    }

    [Fact]
    public async Task An_update_is_refused_in_the_gates_words_and_passes_when_its_migrations_are_applied()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        ShopSet set = new(shop, "DaemonSet");
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await set.ApplyAsync("1");
        await set.RunsAsync("1", 1);

        await set.IsRefusedAsync("2", Shop.Second);
        await Eventually.TrueAsync(
            async () => (await shop.InShopAsync("get", "events", "-o", "yaml")).Contains(
                "A change of daemonset/shop to", StringComparison.Ordinal),
            () => "an event tells of it");
        await shop.InShopAsync("delete", "pods", "-l", "app=shop");
        await set.RunsAsync("1", 1);
        await shop.InShopAsync("rollout", "restart", set.Word);
        await shop.InShopAsync("rollout", "status", set.Word, "--timeout=120s");

        // Nobody tells the operator: it is judged at the apply itself.
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await set.ApplyJudgedAsync("2");
        await set.RunsAsync("2", 1);
        Assert.Empty(await Shop.DiffAsync(set.Manifest("2")));

        await set.ApplyAsync("1");
        await set.RunsAsync("1", 1);
    }

    [Fact]
    public async Task What_ran_before_it_had_the_label_is_kept()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        ShopSet set = new(shop, "DaemonSet");
        string ungated = set.Manifest("1").Replace("schemagate.dev/gated: \"true\"", "team: a", StringComparison.Ordinal);
        await Shop.ApplyManifestAsync(ungated);
        await set.RunsAsync("1", 1);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");

        await set.IsRefusedAsync("2", Shop.Second);
        // The same version with the label is another template, and proved.
        await set.ApplyAsync("1");
        await set.RunsAsync("1", 1);
    }
}
