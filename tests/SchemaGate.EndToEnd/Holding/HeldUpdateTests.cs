using System.Text.Json;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>
/// Version 1 runs, version 2 requires a migration that the database lacks.
/// Each in both orders, as Helm and kubectl apply them.
/// </summary>
public sealed class HeldUpdateTests(OperatorFixture schemagate)
{
    public static TheoryData<bool> Orders => [true, false];

    [Theory, MemberData(nameof(Orders))]
    public async Task A_revision_without_its_migrations_makes_no_pod_and_says_why(bool deploymentFirst)
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst);

        string message = await shop.GateSaysAsync("MigrationsPending");

        Assert.Contains(Shop.Second, message, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await shop.HoldAsync())?.GetProperty("reason").GetString() == "MigrationsPending", () => "the hold says why");
        await Eventually.TrueAsync(
            async () => await shop.RefusalAsync() is not null, () => "the Deployment's condition says that nothing is born");
        Assert.Contains(Shop.Second, await shop.InShopAsync("get", "events", "-o", "yaml"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Orders))]
    public async Task The_running_revision_is_recreated_and_scaled_while_the_next_is_held(bool deploymentFirst)
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst);

        await shop.InShopAsync("delete", "pods", "-l", "app=shop");
        await shop.IsHeldAsync();
        await shop.InShopAsync("scale", "deployment", "shop", "--replicas=3");
        await shop.IsHeldAsync(replicas: 3);
    }

    [Theory, MemberData(nameof(Orders))]
    public async Task Restarts_and_re_applied_manifests_end_held(bool deploymentFirst)
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst);

        await shop.InShopAsync("rollout", "restart", "deployment/shop");
        await shop.IsHeldAsync();
        await shop.ApplyDeploymentAsync("2", "paused: false,");
        await shop.IsHeldAsync();
        await shop.ApplyDeploymentAsync("2");
        await shop.IsHeldAsync();
        await Shop.KubectlInputAsync(shop.DeploymentManifest("2"), "replace", "-f", "-");
        await shop.IsHeldAsync();
        await Shop.ApplyManifestAsync(shop.DeploymentManifest("2", "paused: false,"), "--server-side", "--force-conflicts");
        await shop.IsHeldAsync();
    }

    [Theory, MemberData(nameof(Orders))]
    public async Task Going_back_to_the_running_revision_is_let_through_at_once(bool deploymentFirst)
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst);

        await shop.ApplyDeploymentAsync("1");

        Assert.Null(await shop.HoldAsync());
        Assert.False(await shop.PausedAsync());
        await shop.RunsAsync("1", 2);
    }

    [Fact]
    public async Task A_held_update_is_undone_by_kubectl()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);

        await shop.InShopAsync("rollout", "undo", "deployment/shop", "--to-revision=1");

        Assert.Null(await shop.HoldAsync());
        await shop.RunsAsync("1", 2);
    }

    [Theory(DisableParallelization = true), MemberData(nameof(Orders)), Trait("needs", "packages")]
    public async Task A_killed_operator_that_comes_back_changes_nothing(bool deploymentFirst)
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst);
        JsonElement before = await shop.DeploymentAsync();

        await schemagate.KillAsync();
        await shop.InShopAsync("delete", "pods", "-l", "app=shop");
        await shop.IsHeldAsync();
        await schemagate.StartAsync();
        await shop.IsHeldAsync();

        Assert.Equal(
            before.GetProperty("metadata").GetProperty("generation").GetInt64(),
            (await shop.DeploymentAsync()).GetProperty("metadata").GetProperty("generation").GetInt64());
    }

    [Theory(DisableParallelization = true), MemberData(nameof(Orders))]
    public async Task A_stopped_database_takes_nothing_from_what_runs_and_opens_nothing(bool deploymentFirst)
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst);

        await TestEnvironment.ServiceAsync("postgres", "stop");
        try
        {
            string message = await shop.GateSaysAsync("DatabaseUnreachable");
            Assert.Matches(@"since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", message);
            await shop.InShopAsync("delete", "pods", "-l", "app=shop");
            await shop.IsHeldAsync();
            await shop.ApplyDeploymentAsync("1");
            await shop.RunsAsync("1", 2);
            await shop.ApplyDeploymentAsync("2");
            await shop.IsHeldAsync();
        }
        finally
        {
            await TestEnvironment.ServiceAsync("postgres", "start");
        }

        await shop.GateSaysAsync("MigrationsPending");
    }

    [Theory, MemberData(nameof(Orders))]
    public async Task Applied_migrations_let_the_revision_roll_out_as_its_owner_wrote_it(bool deploymentFirst)
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst);

        await shop.MigrateAsync(Shop.First, Shop.Second);

        await shop.RunsAsync("2", 2);
        await shop.GateSaysAsync("Open");
        JsonElement spec = (await shop.DeploymentAsync()).GetProperty("spec");
        Assert.False(spec.TryGetProperty("paused", out JsonElement paused) && paused.GetBoolean());
        Assert.Empty(await Shop.DiffAsync(shop.DeploymentManifest("2")));
    }

    [Fact]
    public async Task A_pause_of_the_owners_is_given_back()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);

        await shop.InShopAsync("annotate", "deployment", "shop", "schemagate.dev/paused=true");
        await shop.MigrateAsync(Shop.First, Shop.Second);

        await Eventually.TrueAsync(async () => await shop.HoldAsync() is null, () => "the hold ends");
        Assert.True(await shop.PausedAsync());
    }
}
