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

    /// <summary>What is refused, or waits pod by pod, in one night.</summary>
    [Fact, Trait("needs", "packages")]
    public async Task A_DaemonSet_a_Rollout_and_a_Job_outlive_outages_and_go_on_without_a_hand()
    {
        Shop[] shops = await Task.WhenAll(OpenAsync(), OpenAsync(), OpenAsync());
        (Shop daemons, Shop rollouts, Shop jobs) = (shops[0], shops[1], shops[2]);
        await using Shop first = daemons, second = rollouts, third = jobs;
        ShopSet daemon = new(daemons, "DaemonSet");
        await daemon.ApplyAsync("1");
        await daemon.RunsAsync("1", 1);
        await daemon.IsRefusedAsync("2", Shop.Second);
        await ShopRollout.InstallAsync();
        await ShopRollout.FollowedAsync(rollouts);
        await ShopRollout.BornAsync(rollouts, "1", replicas: 2);
        await rollouts.PodsAreAsync("v1:true v1:true");
        await Shop.ApplyManifestAsync(ShopRollout.Manifest(rollouts, "2"));
        await ShopRollout.IsRefusedAsync(rollouts, "2", Shop.Second);
        await Shop.ApplyManifestAsync(jobs.JobManifest("report", jobs.Images.Reference("2")));
        await WaitsAsync(jobs);

        await TakenAwayAsync(async () =>
        {
            await DeletePodsAsync(daemons, "app=shop");
            await DeletePodsAsync(rollouts, "app=shop");
            await DeletePodsAsync(jobs, "job-name=report");
            await daemon.RunsAsync("1", 1);
            await rollouts.PodsAreAsync("v1:true v1:true");
            await WaitsAsync(jobs);
            (int code, _, string error) = await TestEnvironment.TryAgainAsync("kubectl", TestEnvironment.Apply, daemon.Manifest("2"));
            Assert.NotEqual(0, code);
            Assert.Contains("shop", error, StringComparison.Ordinal);
            await Eventually.StaysAsync(
                async () => !(await TestEnvironment.TryAsync("kubectl", ["-n", jobs.Namespace, "get", "pods", "-o", "yaml"]))
                    .Output.Contains("phase: Running", StringComparison.Ordinal),
                () => "the Job's pod goes on waiting");
        });

        await Task.WhenAll(shops.Select(shop => shop.MigrateAsync(Shop.First, Shop.Second)));
        await jobs.InShopAsync("wait", "job/report", "--for=condition=Complete", "--timeout=180s");
        await ShopRollout.BornAsync(rollouts, "2", replicas: 1);
        await rollouts.PodsAreAsync("v1:true v1:true v2:true");
        await JudgedInTheEndAsync(daemon);
        await daemon.RunsAsync("2", 1);
        Assert.Empty(await Shop.DiffAsync(daemon.Manifest("2")));
    }

    private async Task<Shop> OpenAsync()
    {
        Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await shop.GateSaysAsync("Open");
        return shop;
    }

    /// <summary>A server that was out is asked again after a pause.</summary>
    private static Task JudgedInTheEndAsync(ShopSet set)
    {
        string error = "";
        return Eventually.TrueAsync(
            async () =>
            {
                (int code, _, error) = await TestEnvironment.TryAgainAsync("kubectl", TestEnvironment.Apply, set.Manifest("2"));
                return code == 0;
            },
            () => $"it passes: {error}");
    }

    private static Task WaitsAsync(Shop shop)
    {
        string phases = "";
        return Eventually.TrueAsync(
            async () => (phases = (await TestEnvironment.TryAsync("kubectl", [
                "-n", shop.Namespace, "get", "pods", "-l", "job-name=report,schemagate.dev/held",
                "-o", "jsonpath={.items[*].status.phase}"])).Output) == "Pending",
            () => $"a pod waits: {phases}");
    }

    private static async Task DeletePodsAsync(Shop shop, string selector)
    {
        string[] delete = ["-n", shop.Namespace, "delete", "pods", "-l", selector];
        await Eventually.TrueAsync(
            async () => (await TestEnvironment.TryAsync("kubectl", delete)).Code == 0, () => "the API server answers");
    }

    private static Task OutagesAsync(Shop shop, ShopSet workload) => TakenAwayAsync(async () =>
    {
        await DeletePodsAsync(shop, "app=shop");
        await workload.RunsAsync("1", 3);
        await workload.NeverStartsAsync("2");
    });

    /// <summary>The database and the registry are stopped, and the API server restarted: what must be true meanwhile.</summary>
    private static async Task TakenAwayAsync(Func<Task> meanwhile)
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
            await meanwhile();
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
