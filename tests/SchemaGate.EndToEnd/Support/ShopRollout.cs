using System.Text.Json.Nodes;

namespace SchemaGate.EndToEnd.Support;

/// <summary>
/// Argo's Rollouts, by a definition of that name, one of a shop's, and ReplicaSets made as their controller makes them
/// (argo-rollouts, rollout/sync.go: the Rollout's annotations are copied, a hash is added to the template's labels, and it asks
/// before it touches anything else).
/// </summary>
internal static class ShopRollout
{
    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: rollouts.argoproj.io }
        spec:
          group: argoproj.io
          scope: Namespaced
          names: { kind: Rollout, plural: rollouts, singular: rollout, shortNames: [ro] }
          versions:
            - name: v1alpha1
              served: true
              storage: true
              subresources: { status: {} }
              schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
        """;

    /// <summary>It is everybody's.</summary>
    private static readonly SemaphoreSlim s_installing = new(1);

    private static readonly string s_rights = Path.Combine(TestEnvironment.Checkout, "config/optional/argo-rollouts.yaml");

    public static async Task InstallAsync()
    {
        await s_installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await Shop.ApplyManifestAsync(Definition);
            await Shop.KubectlAsync("apply", "-f", s_rights);
            await Shop.KubectlAsync("wait", "crd/rollouts.argoproj.io", "--for=condition=Established", "--timeout=60s");
        }
        finally
        {
            s_installing.Release();
        }
    }

    /// <summary>Until every replica has seen that there are Rollouts, each refuses those with the label, in words.</summary>
    public static async Task FollowedAsync(Shop shop)
    {
        string error = "";
        int accepted = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                (int code, _, error) = await TestEnvironment.TryAsync("kubectl", TestEnvironment.Apply, Manifest(shop, "1"));
                Assert.True(
                    code == 0 || OperatorFixture.IsUnderKills || error.Contains("does not look after Rollouts", StringComparison.Ordinal)
                    || error.Contains("no matches for kind", StringComparison.Ordinal), error);
                accepted = code == 0 ? accepted + 1 : 0;
                await shop.InShopAsync("delete", "rollouts", "--all");
                return accepted == 6;
            },
            () => $"Rollouts are followed: {error}");
        await Shop.ApplyManifestAsync(Manifest(shop, "1"));
    }

    public static string Manifest(Shop shop, string version) => $$"""
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: { name: shop, namespace: {{shop.Namespace}}, labels: { schemagate.dev/gated: "true" } }
        spec: { replicas: 2, selector: { matchLabels: { app: shop } }, strategy: { canary: {} }, template: {
          metadata: { labels: { app: shop, schemagate.dev/gated: "true" },
            annotations: { schemagate.dev/requires: "shop={{shop.Images.Reference(version)}}" } },
          spec: { terminationGracePeriodSeconds: 1, automountServiceAccountToken: false,
            containers: [ { name: app, image: "{{TestEnvironment.Registry}}/app:v{{version}}" } ] } } }
        """;

    public static async Task<string?> HoldAsync(Shop shop) =>
        (await GetAsync(shop))["metadata"]!["annotations"]?["schemagate.dev/hold"]?.ToString();

    public static async Task<string> VersionAsync(Shop shop) => (await GetAsync(shop))["metadata"]!["resourceVersion"]!.ToString();

    /// <summary>As its controller, which tries again.</summary>
    public static async Task BornAsync(Shop shop, string version, int replicas)
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

    public static async Task IsRefusedAsync(Shop shop, string version, string words)
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

    private static async Task<JsonObject> GetAsync(Shop shop) =>
        JsonNode.Parse(await shop.InShopAsync("get", "rollout/shop", "-o", "json"))!.AsObject();

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
}
