using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>Holds of every kind, and nobody there to lift them but who takes SchemaGate away.</summary>
[TestClass(DisableParallelization = true)]
public sealed class UninstallTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task What_is_held_goes_on_as_its_owner_wrote_it()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);
        await using Shop paused = await Shop.WithPausedUpdateAsync(schemagate);
        await using Shop parted = await Shop.OpenAsync(schemagate);
        ShopSet set = await ShopSet.WithHeldUpdateAsync(parted, setFirst: false, "replicas: 2,");
        await ShopRollout.InstallAsync();
        await ShopRollout.FollowedAsync(parted);
        await Shop.ApplyManifestAsync(ShopRollout.Manifest(parted, "2"));
        await Eventually.TrueAsync(
            async () => (await RolloutAsync(parted)).Contains("schemagate.dev/hold:", StringComparison.Ordinal), () => "a Rollout is held");
        await Shop.ApplyManifestAsync(shop.JobManifest("report", shop.Images.Reference("2")));
        await Eventually.TrueAsync(
            async () => (await shop.InShopAsync("get", "pods", "-l", "schemagate.dev/held", "-o", "name")).Length > 0, () => "a pod waits");

        string said = await schemagate.UninstallAsync();

        Assert.StartsWith("SchemaGate holds nothing any more.", said, StringComparison.Ordinal);
        await shop.RunsAsync("2", 2);
        await paused.RunsAsync("2", 2);
        Assert.False(await paused.PausedAsync());
        await set.RunsAsync("2", 2);
        Assert.Empty(await Shop.DiffAsync(set.Manifest("2", "replicas: 2,")));
        await shop.InShopAsync("wait", "job/report", "--for=condition=Complete", "--timeout=120s");
        Assert.Empty(await Shop.DiffAsync(shop.DeploymentManifest("2")));
        Assert.Empty(await Shop.DiffAsync(paused.DeploymentManifest("2", Shop.Recreate)));
        Assert.DoesNotContain("schemagate.dev/hold:", await RolloutAsync(parted), StringComparison.Ordinal);
        Assert.Empty(await Shop.DiffAsync(ShopRollout.Manifest(parted, "2")));
        foreach (Shop one in (Shop[])[shop, parted])
        {
            string left = await one.InShopAsync("get", "deployments,replicasets,statefulsets,controllerrevisions", "-o", "yaml");
            Assert.DoesNotContain("schemagate.dev/released", left, StringComparison.Ordinal);
            Assert.DoesNotContain("schemagate.dev/held", left, StringComparison.Ordinal);
        }

        await schemagate.StartAsync();
    }

    private static Task<string> RolloutAsync(Shop shop) => shop.InShopAsync("get", "rollout/shop", "-o", "yaml");
}
