using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>What a cluster goes through in a night, while an update is held. It takes away what is everybody's.</summary>
[TestClass(DisableParallelization = true)]
public sealed class OutageTests(OperatorFixture schemagate)
{
    private const string Two = "replicas: 2,";

    [Theory, Trait("needs", "packages")]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    public async Task What_is_held_outlives_scalers_drains_and_outages_and_goes_on_without_a_hand(string kind)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        ShopSet workload = new(shop, kind);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await workload.ApplyAsync("1", Two);
        await workload.RunsAsync("1", 2);
        await workload.ApplyAsync("2", Two);
        await workload.HeldAsync();

        await ScaledByAnAutoscalerAsync(shop, workload);
        await DrainedAsync(workload);
        await OutagesAsync(shop, workload);

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await workload.RunsAsync("2", 3);
        Assert.Empty(await Shop.DiffAsync(workload.Manifest("2", "replicas: 3,")));
    }

    /// <summary>One below its smallest number is scaled up without any metric.</summary>
    private static async Task ScaledByAnAutoscalerAsync(Shop shop, ShopSet workload)
    {
        await shop.InShopAsync("autoscale", workload.Word, "--min=3", "--max=4");
        await workload.RunsAsync("1", 3);
        await shop.InShopAsync("delete", "horizontalpodautoscaler", "shop");
    }

    private static async Task DrainedAsync(ShopSet workload)
    {
        string node = await Shop.KubectlAsync("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
        try
        {
            await Shop.KubectlAsync("drain", node, "--pod-selector=app=shop", "--ignore-daemonsets", "--timeout=60s");
        }
        finally
        {
            await Shop.KubectlAsync("uncordon", node);
        }

        await workload.RunsAsync("1", 3);
    }

    private static async Task OutagesAsync(Shop shop, ShopSet workload)
    {
        string[] gone = ["postgres", "registry"];
        foreach (string service in gone)
        {
            await TestEnvironment.ServiceAsync(service, "stop");
        }

        try
        {
            await TestEnvironment.ServiceAsync("apiserver", "stop");
            await TestEnvironment.ServiceAsync("apiserver", "start");
            string[] delete = ["-n", shop.Namespace, "delete", "pods", "-l", "app=shop"];
            await Eventually.TrueAsync(
                async () => (await TestEnvironment.TryAsync("kubectl", delete)).Code == 0, () => "the API server answers");
            await workload.RunsAsync("1", 3);
            await workload.NeverStartsAsync("2");
        }
        finally
        {
            foreach (string service in gone)
            {
                await TestEnvironment.ServiceAsync(service, "start");
            }
        }
    }
}
