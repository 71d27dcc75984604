using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>What the refusal of a ReplicaSet's birth leaves alone, where a pause takes its place, and who tries to get around it.</summary>
public sealed class BirthTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task What_changes_no_requirement_is_never_held_paused_or_warned_about()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("1", deploymentFirst: false);
        await shop.RunsAsync("1", 2);

        string requires = $"shop={shop.Images.Reference("1")}";
        (_, _, string error) = await TestEnvironment.TryAsync(
            "kubectl", TestEnvironment.Apply, shop.DeploymentManifest("2", requires: requires));
        Assert.Empty(error);
        Assert.Null(await shop.HoldAsync());
        await shop.RunsAsync("2", 2);
        await shop.InShopAsync("rollout", "restart", "deployment/shop");
        Assert.Null(await shop.HoldAsync());
        await shop.InShopAsync("rollout", "status", "deployment/shop", "--timeout=60s");

        JsonElement events = Parse(await shop.InShopAsync("get", "events", "-o", "json")).GetProperty("items");
        Assert.DoesNotContain(
            events.EnumerateArray(), entry => entry.GetProperty("reason").GetString() is "Held" or "ReplicaSetCreateError");
    }

    [Fact]
    public async Task A_held_Deployment_goes_to_zero_and_back_with_what_ran()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);

        await shop.InShopAsync("scale", "deployment", "shop", "--replicas=0");
        await Eventually.TrueAsync(async () => !(await ClusterReads.PodsAsync(shop.Namespace)).Any(), () => "nothing runs");
        await shop.InShopAsync("scale", "deployment", "shop", "--replicas=2");
        await shop.IsHeldAsync();

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.RunsAsync("2", 2);
        Assert.Empty(await Shop.DiffAsync(shop.DeploymentManifest("2")));
    }

    [Fact]
    public async Task A_Deployment_that_is_recreated_is_paused_before_its_old_pods_go()
    {
        const string recreate = "strategy: { type: Recreate },";
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await shop.ApplyDeploymentAsync("1", recreate);
        await shop.RunsAsync("1", 2);

        await shop.ApplyDeploymentAsync("2", recreate);
        Assert.True(await shop.PausedAsync());
        await Eventually.StaysAsync(async () => await shop.PausedAsync(), () => "it stays paused");
        Assert.Equal(2, (await ClusterReads.PodsAsync(shop.Namespace)).Count());

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.RunsAsync("2", 2);
        Assert.Empty(await Shop.DiffAsync(shop.DeploymentManifest("2", recreate)));
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

    [Fact]
    public async Task Forged_revisions_are_not_born()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);
        JsonNode running = JsonNode.Parse(await shop.InShopAsync("get", "replicasets", "-o", "json"))!["items"]![0]!;
        JsonNode template = JsonNode.Parse(await shop.InShopAsync("get", "deployment", "shop", "-o", "json"))!["spec"]!["template"]!;

        // Its template edited.
        JsonNode edited = running.DeepClone();
        edited["spec"]!["template"]!["spec"] = template["spec"]!.DeepClone();
        edited["spec"]!["template"]!["metadata"]!["annotations"] = template["metadata"]!["annotations"]!.DeepClone();
        await RefusedAsync("replace", edited);

        // Made by hand, with its owner and its record.
        JsonNode made = edited.DeepClone();
        JsonObject metadata = made["metadata"]!.AsObject();
        foreach (string field in (string[])["resourceVersion", "uid", "generation", "creationTimestamp"])
        {
            metadata.Remove(field);
        }

        metadata["name"] = "shop-forged";
        await RefusedAsync("create", made);
        metadata.Remove("ownerReferences");
        await RefusedAsync("create", made);
        await shop.IsHeldAsync();
    }

    private static async Task RefusedAsync(string verb, JsonNode replicaSet)
    {
        (int code, _, string error) = await TestEnvironment.TryAsync("kubectl", [verb, "-f", "-"], replicaSet.ToJsonString());
        Assert.NotEqual(0, code);
        Assert.Contains("held by SchemaGate", error, StringComparison.Ordinal);
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
