using System.Text.Json.Nodes;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>
/// Argo's Rollouts, and ReplicaSets made as their controller makes them (argo-rollouts, rollout/sync.go:
/// the Rollout's annotations are copied, a hash is added to the template's labels, and it asks before it touches anything else).
/// </summary>
public sealed class RolloutTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task The_birth_of_a_Rollouts_ReplicaSet_waits_for_its_migrations_and_its_controller_is_woken()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await ShopRollout.InstallAsync();
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await shop.GateSaysAsync("Open");
        await ShopRollout.FollowedAsync(shop);
        await BornAsync(shop, "1", replicas: 2);
        await shop.PodsAreAsync("v1:true v1:true");

        await Shop.ApplyManifestAsync(ShopRollout.Manifest(shop, "2"));
        await IsRefusedAsync(shop, "2", Shop.Second);
        await Eventually.TrueAsync(async () => (await HoldAsync(shop))?.Contains(Shop.Second, StringComparison.Ordinal) ?? false,
            () => "the Rollout says why");
        Assert.Equal("rollout/shop", await shop.InShopAsync("get", "schemagate", "shop", "-o", "jsonpath={.status.held.objects[0]}"));
        (int code, string output, _) = await TestEnvironment.TryAsync(
            TestEnvironment.Binary, ["explain", "rollout/shop", "-n", shop.Namespace]);
        Assert.Equal(1, code);
        Assert.Contains("MigrationsPending", output, StringComparison.Ordinal);
        // What runs is scaled, and made again.
        await shop.InShopAsync("scale", "replicaset", "shop-v1", "--replicas=3");
        await shop.InShopAsync("delete", "pods", "-l", "app=shop");
        await shop.PodsAreAsync("v1:true v1:true v1:true");

        string before = await VersionAsync(shop);
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await Eventually.TrueAsync(
            async () => await HoldAsync(shop) is null && await VersionAsync(shop) != before, () => "the Rollout is written, and so woken");
        await BornAsync(shop, "2", replicas: 1);
        await shop.PodsAreAsync("v1:true v1:true v1:true v2:true");
        Assert.Empty(await Shop.DiffAsync(ShopRollout.Manifest(shop, "2")));
    }

    [Fact]
    public async Task A_Rollout_with_the_label_on_its_template_alone_is_told_so_at_its_first_birth()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await ShopRollout.InstallAsync();
        await ShopRollout.FollowedAsync(shop);
        await shop.InShopAsync("delete", "rollouts", "--all");
        await Shop.ApplyManifestAsync(
            ShopRollout.Manifest(shop, "1")
                .Replace("labels: { schemagate.dev/gated: \"true\" } }", "labels: {} }", StringComparison.Ordinal));

        await IsRefusedAsync(shop, "1", "on its pod template alone");
    }

    private static async Task<JsonObject> GetAsync(Shop shop) =>
        JsonNode.Parse(await shop.InShopAsync("get", "rollout/shop", "-o", "json"))!.AsObject();

    private static async Task<string?> HoldAsync(Shop shop) =>
        (await GetAsync(shop))["metadata"]!["annotations"]?["schemagate.dev/hold"]?.ToString();

    private static async Task<string> VersionAsync(Shop shop) => (await GetAsync(shop))["metadata"]!["resourceVersion"]!.ToString();

    private static async Task<string> ReplicaSetAsync(Shop shop, string version, int replicas)
    {
        JsonObject rollout = await GetAsync(shop);
        JsonObject template = rollout["spec"]!["template"]!.DeepClone().AsObject();
        template["metadata"]!["labels"]!["rollouts-pod-template-hash"] = version;
        JsonObject annotations = rollout["metadata"]!["annotations"]?.DeepClone().AsObject() ?? [];
        annotations.Remove("kubectl.kubernetes.io/last-applied-configuration");
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"shop-v{version}",
                ["namespace"] = shop.Namespace,
                ["labels"] = template["metadata"]!["labels"]!.DeepClone(),
                ["annotations"] = annotations,
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "argoproj.io/v1alpha1",
                    ["kind"] = "Rollout",
                    ["name"] = "shop",
                    ["uid"] = rollout["metadata"]!["uid"]!.DeepClone(),
                    ["controller"] = true,
                    ["blockOwnerDeletion"] = true,
                }),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = replicas,
                ["selector"] = new JsonObject
                {
                    ["matchLabels"] = new JsonObject { ["app"] = "shop", ["rollouts-pod-template-hash"] = version },
                },
                ["template"] = template,
            },
        }.ToJsonString();
    }

    /// <summary>As its controller, which tries again.</summary>
    private static async Task BornAsync(Shop shop, string version, int replicas)
    {
        string error = "";
        await Eventually.TrueAsync(
            async () =>
            {
                (int code, _, error) = await TestEnvironment.TryAsync(
                    "kubectl", ["create", "-f", "-"], await ReplicaSetAsync(shop, version, replicas));
                return code == 0;
            },
            () => $"the ReplicaSet is made: {error}");
    }

    private static async Task IsRefusedAsync(Shop shop, string version, string words)
    {
        string error = "";
        await Eventually.TrueAsync(
            async () =>
            {
                (int code, _, error) = await TestEnvironment.TryAsync(
                    "kubectl", ["create", "-f", "-"], await ReplicaSetAsync(shop, version, 1));
                Assert.NotEqual(0, code);
                return error.Contains(words, StringComparison.Ordinal);
            },
            () => $"it is refused by {words}: {error}");
    }
}
