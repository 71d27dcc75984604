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
        await Shop.ApplyManifestAsync(shop.JobManifest("report", shop.Images.Reference("2")));
        await Eventually.TrueAsync(
            async () => (await shop.InShopAsync("get", "pods", "-l", "schemagate.dev/held", "-o", "name")).Length > 0, () => "a pod waits");

        string said = await schemagate.UninstallAsync();

        Assert.StartsWith("SchemaGate holds nothing any more.", said, StringComparison.Ordinal);
        await shop.RunsAsync("2", 2);
        await paused.RunsAsync("2", 2);
        Assert.False(await paused.PausedAsync());
        await shop.InShopAsync("wait", "job/report", "--for=condition=Complete", "--timeout=120s");
        Assert.Empty(await Shop.DiffAsync(shop.DeploymentManifest("2")));
        Assert.Empty(await Shop.DiffAsync(paused.DeploymentManifest("2", Shop.Recreate)));
        Assert.DoesNotContain(
            "schemagate.dev/released", await shop.InShopAsync("get", "deployments,replicasets", "-o", "yaml"), StringComparison.Ordinal);
        await schemagate.StartAsync();
    }
}
