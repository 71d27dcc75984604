using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>Pods that no revision stands for: those of Jobs and CronJobs, and bare ones. They are made, and wait.</summary>
public sealed class PodTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task A_Job_waits_for_its_migrations_and_says_why()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await shop.GateSaysAsync("Open");

        await Shop.ApplyManifestAsync(shop.JobManifest("report", shop.Images.Reference("2")));
        await WaitsAsync(shop, "job-name=report");
        await Eventually.TrueAsync(
            async () => (await shop.InShopAsync("get", "events", "-o", "yaml")).Contains(Shop.Second, StringComparison.Ordinal),
            () => "an event says why");
        Assert.Equal("job/report", await shop.InShopAsync("get", "schemagate", "shop", "-o", "jsonpath={.status.held.objects[0]}"));
        string pod = (await shop.InShopAsync("get", "pods", "-l", "job-name=report", "-o", "name")).Trim();
        await IsRefusedAsync(shop, "set", "image", pod, $"schemagate-wait={TestEnvironment.Registry}/app:v1");
        await IsRefusedAsync(shop, "label", pod, "schemagate.dev/held-");
        await IsRefusedAsync(shop, "annotate", "--overwrite", pod, $"schemagate.dev/requires=shop={Shop.First}");

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.InShopAsync("wait", "job/report", "--for=condition=Complete", "--timeout=120s");
        await Eventually.TrueAsync(
            async () => (await shop.InShopAsync("get", "pods", "-l", "schemagate.dev/held", "-o", "name")).Length == 0,
            () => "nothing waits any more");
    }

    [Fact]
    public async Task What_is_released_starts_untouched()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1");
        await shop.GateSaysAsync("Open");

        await Shop.ApplyManifestAsync(shop.JobManifest("report", shop.Images.Reference("1")));

        await shop.InShopAsync("wait", "job/report", "--for=condition=Complete", "--timeout=120s");
        Assert.Empty(await shop.InShopAsync("get", "pods", "-l", "job-name=report", "-o", "jsonpath={.items[*].spec.initContainers}"));
    }

    [Fact]
    public async Task A_bare_pod_waits_for_a_gate_that_is_not_there_yet()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);

        await Shop.ApplyManifestAsync(shop.PodManifest("bare"));
        await WaitsAsync(shop, "app=bare");
        // A copy waits in the init container, and not in what its maker puts there.
        await shop.InShopAsync("debug", "bare", "--copy-to=copy", $"--set-image=schemagate-wait={TestEnvironment.Registry}/app:v1");
        string image = await shop.InShopAsync("get", "pod/copy", "-o", "jsonpath={.spec.initContainers[0].image}");
        Assert.DoesNotContain("app:v1", image, StringComparison.Ordinal);
        await Eventually.StaysAsync(
            async () => (await shop.InShopAsync("get", "pod/copy", "-o", "jsonpath={.status.phase}")) == "Pending",
            () => "a copy waits, too");

        await shop.ApplyGateAsync("1");

        await shop.InShopAsync("wait", "pod/bare", "--for=condition=Ready", "--timeout=120s");
    }

    [Theory]
    [InlineData("StatefulSet", "apps/v1", "True", "only \"true\" counts")]
    [InlineData("DaemonSet", "apps/v1", "yes", "only \"true\" counts")]
    [InlineData("Deployment", "apps/v1", "True", "only \"true\" counts")]
    public async Task What_cannot_be_held_is_refused_in_words(string kind, string version, string label, string words)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);

        (int code, _, string error) = await TestEnvironment.TryAgainAsync("kubectl", TestEnvironment.Apply, $$"""
            apiVersion: {{version}}
            kind: {{kind}}
            metadata: { name: db, namespace: {{shop.Namespace}}, labels: { schemagate.dev/gated: "{{label}}" } }
            spec: { {{(kind == "StatefulSet" ? "serviceName: db," : "")}} selector: { matchLabels: { app: db } }, template: {
              metadata: { labels: { app: db, schemagate.dev/gated: "{{label}}" }, annotations: { schemagate.dev/requires: "shop=x:1" } },
              spec: { containers: [ { name: app, image: "{{TestEnvironment.Registry}}/app:v1" } ] } } }
            """);

        Assert.NotEqual(0, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private static async Task IsRefusedAsync(Shop shop, params string[] command)
    {
        (int code, _, string error) = await TestEnvironment.TryAgainAsync("kubectl", [.. command, "-n", shop.Namespace]);
        Assert.NotEqual(0, code);
        Assert.Contains("SchemaGate alone takes its", error, StringComparison.Ordinal);
    }

    private static async Task WaitsAsync(Shop shop, string selector)
    {
        string waiting = "";
        await Eventually.TrueAsync(
            async () => (waiting = await shop.InShopAsync(
                "get", "pods", "-l", $"{selector},schemagate.dev/held", "-o", "jsonpath={.items[*].status.phase}")) == "Pending",
            () => $"a pod waits: {waiting}");
        await Eventually.StaysAsync(
            async () => (await shop.InShopAsync("get", "pods", "-l", selector, "-o", "jsonpath={.items[*].status.phase}")) == "Pending",
            () => "it goes on waiting");
    }
}
