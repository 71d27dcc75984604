using System.Net;
using System.Text.Json;
using SchemaGate.EndToEnd.Kubernetes;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>What a revision needs is its own, not the gate's.</summary>
public sealed class RequirementTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task A_revision_that_needs_less_than_the_blocked_gates_image_is_let_through()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);
        await shop.GateSaysAsync("MigrationsPending");

        await shop.ApplyDeploymentAsync("3", requires: $"shop={Shop.First}");

        await shop.RunsAsync("3", 2);
        await shop.GateSaysAsync("MigrationsPending");
    }

    [Fact]
    public async Task A_tag_that_moves_under_a_live_revision_does_not_change_what_it_needs()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("1", deploymentFirst: true);
        await shop.RunsAsync("1", 2);

        await shop.Images.PushAsync("1", Shop.First, Shop.Second);
        await shop.GateSaysAsync("MigrationsPending");
        await shop.InShopAsync("delete", "pods", "-l", "app=shop");
        await shop.RunsAsync("1", 2);
        await shop.InShopAsync("annotate", "deployment", "shop", "touched=yes");
        await shop.RunsAsync("1", 2);

        // A new revision with the same tag needs what the tag names now.
        await shop.ApplyDeploymentAsync("2", requires: $"shop={shop.Images.Reference("1")}");
        await shop.IsHeldAsync();
    }

    [Fact]
    public async Task Another_database_closes_what_is_new_and_evicts_nothing()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("1", deploymentFirst: true);
        await shop.RunsAsync("1", 2);
        string other = $"{shop.Namespace}-other";
        await Shop.CreateDatabaseAsync(other);

        await shop.SecretAsync(Shop.UrlOf(other));
        await shop.GateSaysAsync("MigrationsPending");
        await shop.InShopAsync("delete", "pods", "-l", "app=shop");
        await shop.RunsAsync("1", 2);
        await shop.ApplyDeploymentAsync("2", requires: $"shop={Shop.First}");
        await shop.IsHeldAsync();
        await Shop.SqlAsync($"DROP DATABASE \"{other}\" WITH (FORCE)", "postgres");
    }

    [Fact]
    public async Task A_rollback_needs_neither_operator_decision_nor_database()
    {
        await using Relay relay = new(new(TestEnvironment.Database), IPAddress.Any);
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.SecretAsync(new UriBuilder(shop.DatabaseUrl) { Port = relay.Address.Port }.Uri.ToString());
        await ReleaseBothAsync(shop);
        relay.Refuse();

        await shop.InShopAsync("rollout", "undo", "deployment/shop");

        Assert.Null(await shop.HoldAsync());
        await shop.RunsAsync("1", 2);
    }

    [Fact]
    public async Task A_Secret_that_names_a_database_which_does_not_answer_proves_nothing_and_evicts_nothing()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await ReleaseBothAsync(shop);
        await shop.SecretAsync("postgresql://nobody:nothing@127.0.0.1:1/nowhere");
        await shop.GateSaysAsync("DatabaseUnreachable");

        await shop.ApplyDeploymentAsync("1");
        await Eventually.TrueAsync(async () => await shop.HoldAsync() is not null, () => "what was released elsewhere is held");
        await shop.InShopAsync("delete", "pods", "-l", "app=shop");
        await shop.PodsAreAsync("v2:true v2:true");

        await shop.SecretAsync(shop.DatabaseUrl);
        await shop.RunsAsync("1", 2);
    }

    [Fact]
    public async Task Adopting_a_gate_in_production_blocks_nothing_that_runs_and_reports_what_to_mend()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        string[] migrations = [.. Enumerable.Range(1, 12).Select(month => $"2024{month:00}01000000_m{month}")];
        await shop.MigrateAsync(migrations);
        await shop.Images.PushAsync("1", SchemaImages.Document(migrations[^2..]), migrations);
        // Running since before anyone asked about schemas.
        string manifest = shop.DeploymentManifest("1").Replace("schemagate.dev/gated: \"true\"", "team: shop", StringComparison.Ordinal);
        await Shop.ApplyManifestAsync(manifest);
        await Eventually.TrueAsync(async () => (await shop.DeploymentAsync()).GetProperty("status")
            .TryGetProperty("readyReplicas", out JsonElement ready) && ready.GetInt32() == 2, () => "it runs");

        await shop.ApplyAsync("1", deploymentFirst: true);

        await shop.GateSaysAsync("Open");
        await shop.RunsAsync("1", 2);
        JsonElement consistent = (await shop.GateAsync()).GetProperty("status").GetProperty("conditions").EnumerateArray()
            .Single(condition => condition.GetProperty("type").GetString() == "ChangelogConsistent");
        Assert.Contains("undocumented-migration (10)", consistent.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_database_is_blocked_by_what_is_not_applied_only()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        string deployed = $"### {Shop.First}\n- **Date Deployed:** December 2024\n- **Description:** first";
        await shop.Images.PushAsync("1", SchemaImages.Document([Shop.Second], deployed: deployed), [Shop.First, Shop.Second]);
        await shop.ApplyGateAsync("1");

        Assert.Contains("2 of 2", await shop.GateSaysAsync("MigrationsPending"), StringComparison.Ordinal);
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.GateSaysAsync("Open");
    }

    [Fact]
    public async Task A_restored_backup_is_told_and_stops_nothing_that_runs()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.ApplyAsync("2", deploymentFirst: true);
        await shop.RunsAsync("2", 2);

        await shop.SqlAsync($"DELETE FROM _prisma_migrations WHERE migration_name = '{Shop.Second}'");

        await shop.GateSaysAsync("HistoryRegressed");
        await shop.InShopAsync("delete", "pods", "-l", "app=shop");
        await shop.RunsAsync("2", 2);

        // Once it does not run any more its release is void, and what comes back is held.
        await shop.InShopAsync("scale", "deployment", "shop", "--replicas=0");
        await Eventually.TrueAsync(async () => await shop.HoldAsync() is not null, () => "the release is taken back");
        await Eventually.StaysAsync(async () => await shop.HoldAsync() is not null, () => "it stays taken back");
    }

    [Theory]
    [InlineData("shop=")]
    [InlineData("Shop Gate=1")]
    [InlineData("shop")]
    public async Task A_requirement_that_cannot_be_read_is_refused_in_words(string requires)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);

        (int code, _, string error) = await TestEnvironment.TryAgainAsync(
            "kubectl",
            TestEnvironment.Apply,
            shop.DeploymentManifest("1", requires: requires));

        Assert.NotEqual(0, code);
        Assert.Contains("schemagate.dev/requires", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workload_without_a_gate_waits_for_it()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);

        await shop.ApplyDeploymentAsync("1");

        await Eventually.TrueAsync(
            async () => (await shop.HoldAsync())?.GetProperty("reason").GetString() == "GateNotFound",
            () => "it is held");
        await shop.ApplyGateAsync("1");
        await shop.RunsAsync("1", 2);
    }

    [Fact]
    public async Task The_label_taken_away_lifts_the_hold_and_not_from_the_workload_alone()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);

        (int code, _, string error) = await TestEnvironment.TryAgainAsync(
            "kubectl", ["-n", shop.Namespace, "label", "deployment", "shop", "schemagate.dev/gated-"]);
        Assert.NotEqual(0, code);
        Assert.Contains("The pod template has the label", error, StringComparison.Ordinal);

        await Shop.ApplyManifestAsync(
            shop.DeploymentManifest("2").Replace("schemagate.dev/gated: \"true\"", "team: shop", StringComparison.Ordinal));
        await shop.RunsAsync("2", 2);
    }

    [Fact]
    public async Task A_forged_release_opens_nothing()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);
        string released = JsonSerializer.Serialize(
            (await shop.InShopAsync("get", "replicasets", "-o", "jsonpath={.items[0].metadata.annotations.schemagate\\.dev/released}")));

        await shop.InShopAsync("patch", "deployment", "shop", "--type=merge", "-p",
            """{"spec":{"paused":false},"metadata":{"annotations":{"schemagate.dev/released":RELEASED,"schemagate.dev/hold":null}}}"""
                .Replace("RELEASED", released, StringComparison.Ordinal));

        await shop.IsHeldAsync();
    }

    private static async Task ReleaseBothAsync(Shop shop)
    {
        await shop.MigrateAsync(Shop.First, Shop.Second);
        foreach (string version in (string[])["1", "2"])
        {
            await shop.ApplyAsync(version, deploymentFirst: true);
            await shop.RunsAsync(version, 2);
        }
    }
}
