using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

[TestClass(DisableParallelization = true)]
public sealed class IdleTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task While_nothing_changes_nothing_is_logged_and_nothing_written()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("1", deploymentFirst: false);
        await shop.RunsAsync("1", 2);
        await shop.GateSaysAsync("Open");
        // The Deployment's own status comes to rest.
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        (string log, string versions) = (await OperatorFixture.LogAsync(andBefore: false), await VersionsAsync(shop));

        // The gate looks at its database every second, and at its image every two.
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        Assert.Equal(log, await OperatorFixture.LogAsync(andBefore: false));
        Assert.Equal(versions, await VersionsAsync(shop));
    }

    private static Task<string> VersionsAsync(Shop shop) =>
        shop.InShopAsync("get", "schemagates,deployments,replicasets,pods,events", "-o", "jsonpath={.items[*].metadata.resourceVersion}");
}
