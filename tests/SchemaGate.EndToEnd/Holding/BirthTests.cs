using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>What the refusal of a ReplicaSet's birth leaves alone, and where a pause takes its place.</summary>
public sealed class BirthTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task A_held_Deployment_goes_to_zero_and_back_with_what_ran()
    {
        // At zero replicas its controller would delete the ReplicaSet that ran.
        const string Forgetful = "revisionHistoryLimit: 0,";
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);
        await shop.ApplyDeploymentAsync("2", Forgetful);
        Assert.Equal("1", await shop.InShopAsync("get", "deployment/shop", "-o", "jsonpath={.spec.revisionHistoryLimit}"));

        await shop.InShopAsync("scale", "deployment", "shop", "--replicas=0");
        await Eventually.TrueAsync(async () => !(await ClusterReads.PodsAsync(shop.Namespace)).Any(), () => "nothing runs");
        await shop.InShopAsync("scale", "deployment", "shop", "--replicas=2");
        await shop.IsHeldAsync();

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.RunsAsync("2", 2);
        Assert.Empty(await Shop.DiffAsync(shop.DeploymentManifest("2", Forgetful)));
    }

    [Fact]
    public async Task From_zero_what_ran_comes_back_though_the_release_of_a_newer_ReplicaSet_was_taken_back()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("1", deploymentFirst: true);
        await shop.RunsAsync("1", 2);
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.ApplyAsync("2", deploymentFirst: true);
        await shop.RunsAsync("2", 2);
        await shop.InShopAsync("rollout", "undo", "deployment/shop");
        await shop.RunsAsync("1", 2);
        await shop.SqlAsync($"""
            CREATE TABLE backup AS SELECT * FROM _prisma_migrations WHERE migration_name = '{Shop.Second}';
            DELETE FROM _prisma_migrations WHERE migration_name = '{Shop.Second}'
            """);
        await shop.GateSaysAsync("HistoryRegressed");
        await shop.ApplyDeploymentAsync("2");
        await Eventually.TrueAsync(async () => await shop.HoldAsync() is not null, () => "the release of v2 is taken back");

        await shop.InShopAsync("scale", "deployment", "shop", "--replicas=0");
        await Eventually.TrueAsync(async () => !(await ClusterReads.PodsAsync(shop.Namespace)).Any(), () => "nothing runs");
        await shop.InShopAsync("scale", "deployment", "shop", "--replicas=3");
        await Eventually.TrueAsync(
            async () => await shop.PodsAsync() == "v1:true v1:true v1:true", () => "what ran comes back from zero");

        await shop.SqlAsync("INSERT INTO _prisma_migrations SELECT * FROM backup");
        await shop.RunsAsync("2", 3);
    }

    [Fact]
    public async Task A_Deployment_that_is_recreated_is_paused_before_its_old_pods_go()
    {
        await using Shop shop = await Shop.WithPausedUpdateAsync(schemagate);

        await Eventually.StaysAsync(async () => await shop.PausedAsync(), () => "it stays paused");
        Assert.Equal(2, (await ClusterReads.PodsAsync(shop.Namespace)).Count());

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.RunsAsync("2", 2);
        Assert.Empty(await Shop.DiffAsync(shop.DeploymentManifest("2", Shop.Recreate)));
    }

    [Fact]
    public async Task A_status_that_the_stuck_controller_leaves_stale_is_brought_up_to_date()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);
        await Shop.ApplyManifestAsync($$"""
            apiVersion: v1
            kind: ResourceQuota
            metadata: { name: none, namespace: {{shop.Namespace}} }
            spec: { hard: { pods: "0" } }
            """);
        await shop.InShopAsync("delete", "pods", "-l", "app=shop");

        await Eventually.TrueAsync(
            async () => !(await shop.DeploymentAsync()).GetProperty("status").TryGetProperty("readyReplicas", out _),
            () => "the Deployment says that nothing is ready");
        await Eventually.TrueAsync(async () => !await shop.PausedAsync(), () => "the pause ends");
        await shop.InShopAsync("delete", "resourcequota", "none");
        // The ReplicaSet controller tries more and more seldom, and hears nothing of a quota.
        await shop.InShopAsync("annotate", "replicasets", "--all", "woken=yes");
        await shop.IsHeldAsync();
    }

    [Fact]
    public async Task A_ReplicaSet_that_somebody_deletes_is_born_again()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("1", deploymentFirst: true);
        await shop.RunsAsync("1", 2);
        // What is not there proves nothing: the record that the Deployment carries does.
        await shop.InShopAsync("delete", "schemagate", "shop");

        await shop.InShopAsync("delete", "replicasets", "--all");

        await shop.RunsAsync("1", 2);
    }
}
