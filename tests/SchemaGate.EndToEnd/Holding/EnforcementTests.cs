using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>What a gate may do about what is not released, other than to hold its rollout.</summary>
public sealed class EnforcementTests(OperatorFixture schemagate)
{
    private const string Deny = "enforcement: Deny,";
    private const string Pods = "enforcement: Pods,";

    [Fact]
    public async Task Under_Deny_a_Deployment_and_a_Job_are_refused_in_the_gates_words_until_their_migrations_are_applied()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1", Deny);
        await JudgedApply.PassesAsync(shop.DeploymentManifest("1"));
        await shop.RunsAsync("1", 2);

        await JudgedApply.IsRefusedAsync(shop.DeploymentManifest("2"), Shop.Second);
        await JudgedApply.IsRefusedAsync(shop.JobManifest("report", shop.Images.Reference("2")), Shop.Second);
        await shop.InShopAsync("scale", "deployment/shop", "--replicas=3");
        await shop.RunsAsync("1", 3);

        // Nobody tells the operator: it is judged at the apply itself.
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await JudgedApply.PassesAsync(shop.JobManifest("report", shop.Images.Reference("2")));
        await shop.InShopAsync("wait", "job/report", "--for=condition=Complete", "--timeout=120s");
        await JudgedApply.PassesAsync(shop.DeploymentManifest("2"));
        await shop.RunsAsync("2", 2);
    }

    [Fact]
    public async Task Under_Pods_a_rollout_begins_and_its_pods_wait_beside_what_runs()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1", Pods);
        await JudgedApply.PassesAsync(Asked(shop.DeploymentManifest("1")));
        await shop.RunsAsync("1", 2);

        await JudgedApply.PassesAsync(Asked(shop.DeploymentManifest("2")));
        await shop.PodsAreAsync("v1:true v1:true v2:false");
        await Eventually.StaysAsync(
            async () => await shop.PodsAsync() == "v1:true v1:true v2:false" && !await shop.PausedAsync(), () => "v2 waits beside v1");
        // What runs is made again.
        await shop.InShopAsync("delete", "pods", "-l", "app=shop,!schemagate.dev/held");
        await shop.PodsAreAsync("v1:true v1:true v2:false");

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.RunsAsync("2", 2);
        await shop.InShopAsync("delete", "pods", "-l", "app=shop");
        await shop.RunsAsync("2", 2);
        Assert.Empty(await Shop.DiffAsync(Asked(shop.DeploymentManifest("2"))));
    }

    [Fact]
    public async Task Without_the_label_on_its_template_a_Deployment_is_held_under_Pods_as_ever()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1", Pods);
        await JudgedApply.PassesAsync(shop.DeploymentManifest("1"));
        await shop.RunsAsync("1", 2);

        await JudgedApply.PassesAsync(shop.DeploymentManifest("2"));
        await shop.IsHeldAsync();
    }

    [Fact]
    public async Task A_ReplicaSet_made_by_hand_is_judged_as_it_is_made()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await shop.GateSaysAsync("Open");
        string manifest = shop.DeploymentManifest("2").Replace("kind: Deployment", "kind: ReplicaSet", StringComparison.Ordinal);

        await JudgedApply.IsRefusedAsync(manifest, Shop.Second);

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await JudgedApply.PassesAsync(manifest);
        await shop.PodsAreAsync("v2:true v2:true");
    }

    /// <summary>With the label by which each of its pods is asked about.</summary>
    private static string Asked(string manifest) => manifest.Replace(
        "labels: { app: shop, schemagate.dev/gated: \"true\" }",
        "labels: { app: shop, schemagate.dev/gated: \"true\", schemagate.dev/hold-pods: \"true\" }", StringComparison.Ordinal);
}
