using System.Text.Json;

namespace SchemaGate.EndToEnd.Support;

/// <summary>A workload of a shop: a StatefulSet or a DaemonSet in place of its Deployment, or that one.</summary>
/// <param name="shop">What else there is.</param>
/// <param name="kind"><c>StatefulSet</c>, <c>DaemonSet</c> or <c>Deployment</c>.</param>
public sealed class ShopSet(Shop shop, string kind)
{
    /// <summary>As kubectl names it.</summary>
    public string Word => $"{kind.ToLowerInvariant()}/shop";

    private string Own => kind == "StatefulSet" ? "serviceName: shop," : "";

    /// <summary>Version 1 of a StatefulSet runs, and version 2 has been applied and is held.</summary>
    public static async Task<ShopSet> WithHeldUpdateAsync(Shop shop, bool setFirst, string spec)
    {
        ShopSet set = new(shop, "StatefulSet");
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await set.ApplyAsync("1", spec);
        await set.RunsAsync("1", 2);
        await (setFirst ? set.ApplyAsync("2", spec) : shop.ApplyGateAsync("2"));
        await (setFirst ? shop.ApplyGateAsync("2") : set.ApplyAsync("2", spec));
        Assert.Equal(int.MaxValue, await set.PartitionAsync());
        await set.NeverStartsAsync("2");
        await set.RunsAsync("1", 2);
        return set;
    }

    /// <param name="version">The pod's image and the requirement.</param>
    /// <param name="spec">More fields of the spec, as YAML flow entries, each ended by a comma.</param>
    public string Manifest(string version, string spec = "") => $$"""
        apiVersion: apps/v1
        kind: {{kind}}
        metadata: { name: shop, namespace: {{shop.Namespace}}, labels: { schemagate.dev/gated: "true" } }
        spec: { {{Own}} {{spec}} selector: { matchLabels: { app: shop } }, template: {
          metadata: { labels: { app: shop, schemagate.dev/gated: "true" },
            annotations: { schemagate.dev/requires: "shop={{shop.Images.Reference(version)}}" } },
          spec: { terminationGracePeriodSeconds: 1, automountServiceAccountToken: false,
            containers: [ { name: app, image: "{{TestEnvironment.Registry}}/app:v{{version}}" } ] } } }
        """;

    public Task<string> ApplyAsync(string version, string spec = "") => Shop.ApplyManifestAsync(Manifest(version, spec));

    /// <summary>Asserts that it is refused in these words.</summary>
    public Task IsRefusedAsync(string version, string words, string spec = "") =>
        JudgedApply.IsRefusedAsync(Manifest(version, spec), words);

    /// <summary>Applies what is judged as it is applied.</summary>
    public Task ApplyJudgedAsync(string version, string spec = "") => JudgedApply.PassesAsync(Manifest(version, spec));

    public async Task<JsonElement> GetAsync() =>
        JsonDocument.Parse(await shop.InShopAsync("get", Word, "-o", "json")).RootElement;

    /// <summary>Its partition; null where there is none.</summary>
    public async Task<int?> PartitionAsync() =>
        (await GetAsync()).GetProperty("spec").GetProperty("updateStrategy").TryGetProperty("rollingUpdate", out JsonElement rolling)
            && rolling.TryGetProperty("partition", out JsonElement partition) ? partition.GetInt32() : null;

    /// <summary>Waits until just this version runs, with this many ready pods.</summary>
    public Task RunsAsync(string version, int replicas) =>
        PodsAreAsync(string.Join(' ', Enumerable.Repeat($"v{version}:true", replicas)));

    /// <summary>Waits until its pods are these, as <c>version:ready</c>.</summary>
    public Task PodsAreAsync(string expected) => shop.PodsAreAsync(expected);

    /// <summary>Asserts that this version starts no container, now or in a moment.</summary>
    public async Task NeverStartsAsync(string version)
    {
        string seen = "";
        await Eventually.StaysAsync(
            async () => !(seen = await shop.PodsAsync()).Contains($"v{version}:true", StringComparison.Ordinal),
            () => $"v{version} starts no container; there are: {seen}");
    }

    /// <summary>Waits until it says by which reason it is held.</summary>
    public async Task<string> HeldAsync()
    {
        string? hold = null;
        await Eventually.TrueAsync(
            async () => (hold = (await GetAsync()).GetProperty("metadata").GetProperty("annotations")
                .TryGetProperty("schemagate.dev/hold", out JsonElement note) ? note.GetString() : null)
                is { } text && !text.Contains("AwaitingDecision", StringComparison.Ordinal),
            () => $"the hold is noted with its reason: {hold}");
        return hold!;
    }
}
