using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>
/// What a birth is told, and who tries to get around it. It takes a replica that answers: one that is being killed refuses a birth in the
/// API server's words, and lets an edit of what is there pass.
/// </summary>
public sealed class RevisionTests(OperatorFixture schemagate)
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
    public async Task The_refusal_has_the_gate_s_own_words()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("2");
        await shop.GateSaysAsync("MigrationsPending");

        await shop.ApplyDeploymentAsync("2");

        string? refusal = null;
        await Eventually.TrueAsync(
            async () => (refusal = await shop.RefusalAsync()) is not null, () => "the Deployment's condition says why");
        Assert.Contains("held by SchemaGate (MigrationsPending)", refusal, StringComparison.Ordinal);
        Assert.Contains(Shop.Second, refusal, StringComparison.Ordinal);
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
