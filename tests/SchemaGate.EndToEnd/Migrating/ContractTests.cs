using System.Text.Json;
using Npgsql;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>
/// Migrations that break running code: whatever befalls its pods and the operator meanwhile, none of its statements fails.
/// </summary>
public sealed class ContractTests(OperatorFixture schemagate)
{
    /// <summary>A pod may take 120 s to end. That it takes as long is shown where there is time.</summary>
    private static readonly int s_ends = Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_SOAK") == "1" ? 600 : 20;

    [Fact(DisableParallelization = true), Trait("needs", "packages")]
    public async Task Pods_that_take_their_time_are_waited_for_while_their_node_is_drained()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        Task<int> asking = await shop.OldCodeAsync(s_ends, grace: 120);
        await shop.ContractAsync();
        await DrainedAsync();
        // Others have taken their place.
        Assert.Equal("ContractWaits", await shop.ReasonAsync());
        await shop.RunsAsync("1", 2);
        await shop.InShopAsync("delete", "deployment", "shop", "--wait=false");
        await shop.ContractsOnceAsync(asking);
    }

    [Fact]
    public async Task An_autoscaler_makes_no_pod_of_older_code_that_is_not_waited_for_and_none_of_its_successor()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        Task<int> asking = await shop.OldCodeAsync(seconds: 4);
        await shop.ContractAsync();
        await Shop.ApplyManifestAsync(Successor(shop));

        // One below its smallest number is scaled up without any metric.
        await shop.InShopAsync("autoscale", "deployment/shop", "--min=3", "--max=4");
        await shop.SaysAsync("ContractWaits", "(3 pods)");
        await shop.InShopAsync("delete", "horizontalpodautoscaler", "shop");
        await shop.ScaleAsync("shop", 1);
        await shop.SaysAsync("ContractWaits", "(1 pod)");
        await shop.ScaleAsync("next", 3);
        await shop.ScaleAsync("shop", 0);
        // Before the last has ended, another begins.
        await shop.ScaleAsync("shop", 2);
        await shop.RunsAsync("1", 2);
        await shop.SaysAsync("ContractWaits", "(2 pods)");
        Assert.Empty(await shop.InShopAsync("get", "pods", "-l", "app=next", "-o", "name"));

        await shop.ScaleAsync("shop", 0);
        await shop.ContractsOnceAsync(asking);
        await shop.InShopAsync("rollout", "status", "deployment/next", "--timeout=120s");
    }

    [Fact]
    public async Task Older_code_that_begins_while_the_migration_is_applied_is_told()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        Task<int> asking = await shop.OldCodeAsync(seconds: 1);
        await using NpgsqlConnection holder = await shop.HoldAsync("SELECT pg_advisory_lock(4711)");
        await shop.ContractAsync(
            $"rehearsal: {{ mode: BeforeRun }}, {ShopRuns.Patient}", $"{HeldRuns.Middle}\n{ShopContract.Contracting}");
        await shop.ScaleAsync("shop", 0);
        Assert.True(await asking > 0);
        await shop.GateSaysAsync("Migrating");
        await ToldAsync(shop, "not waited for: deployment/shop");
        await shop.ScaleAsync("shop", 1);
        await ToldAsync(shop, "While it is applied, deployment/shop");
        await shop.ScaleAsync("shop", 0);
        await holder.CloseAsync();
        await shop.GateSaysAsync("Open");
    }

    [Fact(DisableParallelization = true), Trait("needs", "packages")]
    public async Task An_operator_that_is_killed_while_it_waits_and_as_the_last_pod_ends_runs_it_once()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        Task<int> asking = await shop.OldCodeAsync(seconds: 8);
        await shop.ContractAsync();
        await KilledAsync();
        await Eventually.StaysAsync(async () => await shop.ReasonAsync() == "ContractWaits", () => "it waits");
        await shop.InShopAsync("delete", "deployment", "shop", "--wait=false");
        await asking;
        await KilledAsync();
        await shop.ContractsOnceAsync(asking);
    }

    [Fact]
    public async Task Sessions_that_only_older_code_has_are_waited_for_when_its_pods_are_gone()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.SqlAsync("CREATE EXTENSION pg_stat_statements");
        // The server forgets first what was asked once.
        await shop.SqlAsync(string.Concat(Enumerable.Repeat($"{ShopContract.Asked};", 50)));
        await shop.ApplyGateAsync("1");
        await Shop.ApplyManifestAsync(shop.DeploymentManifest("1").Replace(
            "annotations: {", "annotations: { schemagate.dev/application-name: shop-1,", StringComparison.Ordinal));
        await shop.RunsAsync("1", 2);
        await using NpgsqlConnection session = await shop.HoldAsync("SET application_name = 'shop-1'");
        await shop.ContractAsync();

        await shop.ScaleAsync("shop", 0);
        await shop.SaysAsync("ContractWaits", "no pod runs code from before it any more.");
        await shop.SaysAsync("ContractWaits", "shop-1 (1 session, the oldest since ");
        await Eventually.StaysAsync(async () => await shop.ReasonAsync() == "ContractWaits", () => "it waits");
        await session.CloseAsync();
        await shop.GateSaysAsync("Open");
    }

    private static async Task DrainedAsync()
    {
        string node = await Shop.KubectlAsync("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
        try
        {
            await Shop.KubectlAsync("drain", node, "--pod-selector=app=shop", "--ignore-daemonsets", "--timeout=200s");
        }
        finally
        {
            await Shop.KubectlAsync("uncordon", node);
        }
    }

    /// <summary>Every replica, at this moment and without a word (SIGKILL); returns when others serve.</summary>
    private async Task KilledAsync()
    {
        foreach (OperatorPod pod in OperatorPod.Running())
        {
            pod.Kill();
        }

        await schemagate.KillAsync();
        await schemagate.StartAsync();
    }

    private static async Task ToldAsync(Shop shop, string words)
    {
        JsonElement seen = default;
        await Eventually.TrueAsync(
            async () => (seen = await shop.ConditionAsync("RunningCodeSurvives")).GetProperty("message").GetString()!
                .Contains(words, StringComparison.Ordinal),
            () => $"{words}: {seen}");
    }

    /// <summary>A Deployment of its own, whose code needs the migration.</summary>
    private static string Successor(Shop shop) => shop
        .DeploymentManifest("2", requires: $"shop={shop.Images.Reference("contract")}")
        .Replace("name: shop,", "name: next,", StringComparison.Ordinal)
        .Replace("app: shop", "app: next", StringComparison.Ordinal);
}
