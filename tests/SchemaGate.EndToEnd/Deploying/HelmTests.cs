using System.Diagnostics;
using SchemaGate.EndToEnd.Operating;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Deploying;

/// <summary>What real Helms say about a rollout that is held, released, broken: the truth, when they are told to wait.</summary>
public sealed class HelmTests(OperatorFixture schemagate)
{
    /// <summary>From the migrations to Helm's end, pods included, on a machine that does other things as well.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(45);

    public static TheoryData<string> Helms => [ShopRelease.Oldest, ShopRelease.Newest];

    [Theory]
    [InlineData(ShopRelease.Oldest, true)]
    [InlineData(ShopRelease.Oldest, false)]
    [InlineData(ShopRelease.Newest, true)]
    [InlineData(ShopRelease.Newest, false)]
    public async Task An_upgrade_waits_for_its_migrations_and_then_for_its_pods_and_is_rolled_back_at_once(string helm, bool gateInChart)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        using ShopRelease release = new(shop, helm) { HasGate = gateInChart };
        await shop.MigrateAsync(Shop.First);
        await release.InstallAsync();

        Task<(int Code, string Output, string Error)> upgrade = release.UpgradeAsync("2", "--wait", "--timeout", "3m");
        await shop.IsHeldAsync();
        Assert.False(upgrade.IsCompleted);
        Assert.Equal("pending-upgrade", await release.StatusAsync());

        await shop.MigrateAsync(Shop.First, Shop.Second);
        Stopwatch since = Stopwatch.StartNew();
        await release.DeploysAsync(upgrade);
        await release.RunsNowAsync("2");
        Assert.InRange(since.Elapsed, TimeSpan.Zero, Soon);
        await shop.RunsAsync("2", 2);

        await release.RollBackAsync();
    }

    [Theory, MemberData(nameof(Helms))]
    public async Task An_upgrade_that_is_held_for_longer_than_its_timeout_fails_and_version_1_runs_on(string helm)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        using ShopRelease release = new(shop, helm);
        await shop.MigrateAsync(Shop.First);
        await release.InstallAsync();

        await release.GivesUpAsync(release.UpgradeAsync("2", "--wait", "--timeout", "10s"));
        Assert.Equal("failed", await release.StatusAsync());
        await release.RunsNowAsync("1");
        await shop.IsHeldAsync();

        await release.RollBackAsync();
    }

    [Theory]
    [InlineData(ShopRelease.Oldest, "--atomic")]
    [InlineData(ShopRelease.Newest, "--rollback-on-failure")]
    public async Task A_held_upgrade_that_rolls_itself_back_ends_at_version_1(string helm, string option)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        using ShopRelease release = new(shop, helm);
        await shop.MigrateAsync(Shop.First);
        await release.InstallAsync();
        IEnumerable<string> before = await NamesAsync(shop);

        await release.GivesUpAsync(release.UpgradeAsync("2", option, "--timeout", "10s"));

        Assert.Equal("deployed", await release.StatusAsync());
        await shop.RunsAsync("1", 2);
        Assert.Equal(before, await NamesAsync(shop), StringComparer.Ordinal);
    }

    [Theory, MemberData(nameof(Helms))]
    public async Task A_broken_image_behind_an_open_gate_fails(string helm)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        using ShopRelease release = new(shop, helm);
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await release.InstallAsync();

        await release.GivesUpAsync(release.UpgradeAsync(
            "2", "--wait", "--timeout", "20s", "--set-string", $"image={TestEnvironment.Registry}/app:nosuch"));

        Assert.Equal("failed", await release.StatusAsync());
        await shop.GateSaysAsync("Open");
        Assert.Contains(await shop.LivePodsAsync(), pod => pod.Tag() == "nosuch" && !pod.IsReady());
        await release.RunsNowAsync("1");
    }

    [Theory, MemberData(nameof(Helms))]
    public async Task A_gate_of_the_chart_migrates_an_empty_database_and_every_upgrade_before_their_pods_run(string helm)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        using ShopRelease release = new(shop, helm) { Values = ["gate.mode=Job"] };

        await release.InstallAsync();
        Assert.Equal([ShopRuns.Applied(Shop.First)], await shop.HistoryAsync());

        await release.DeploysAsync(release.UpgradeAsync("2", "--wait", "--timeout", "3m"));
        await release.RunsNowAsync("2");
        Assert.Equal([ShopRuns.Applied(Shop.First), ShopRuns.Applied(Shop.Second)], await shop.HistoryAsync());
    }

    [Fact]
    public async Task A_hook_waits_for_the_release_where_Helm_is_not_told_to_wait()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        string address = await OperatorFixture.InNamespaceAsync("get", "service", "schemagate", "-o", "jsonpath={.spec.clusterIP}");
        using ShopRelease release = new(shop, ShopRelease.Oldest)
        {
            Values = [$"wait.image={TestEnvironment.Image}", $"wait.address={address}"],
        };
        await WaitTests.AuthorityAsync(shop);
        await shop.MigrateAsync(Shop.First);
        await release.InstallAsync();

        Task<(int Code, string Output, string Error)> upgrade = release.UpgradeAsync("2");
        await shop.IsHeldAsync();
        Assert.False(upgrade.IsCompleted);

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await release.DeploysAsync(upgrade);
        await shop.RunsAsync("2", 2);
    }

    /// <summary>
    /// Helm takes it for ready, because no pod is due to be replaced below its partition. (Helm 4 would wait for a gate of the chart.)
    /// </summary>
    [Theory, MemberData(nameof(Helms))]
    public async Task A_hook_waits_for_the_rollout_of_a_StatefulSet_that_Helm_calls_ready_while_it_is_held(string helm)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        string address = await OperatorFixture.InNamespaceAsync("get", "service", "schemagate", "-o", "jsonpath={.spec.clusterIP}");
        using ShopRelease release = new(shop, helm)
        {
            HasGate = false,
            Values = ["kind=StatefulSet", $"wait.image={TestEnvironment.Image}", $"wait.address={address}", "wait.rollout=true"],
        };
        await WaitTests.AuthorityAsync(shop);
        await shop.MigrateAsync(Shop.First);
        await release.InstallAsync();

        Task<(int Code, string Output, string Error)> upgrade = release.UpgradeAsync("2", "--wait", "--timeout", "3m");
        string log = "";
        await Eventually.TrueAsync(
            async () => (log = (await TestEnvironment.TryAsync("kubectl", ["-n", shop.Namespace, "logs", "job/shop-wait"])).Output)
                .Contains("statefulset/shop: waiting", StringComparison.Ordinal),
            () => $"the hook waits: {log}");
        await Eventually.StaysAsync(() => Task.FromResult(!upgrade.IsCompleted), () => "Helm waits for the hook");
        await release.RunsNowAsync("1");

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await release.DeploysAsync(upgrade);
        await release.RunsNowAsync("2");
    }

    private static async Task<IEnumerable<string>> NamesAsync(Shop shop) =>
        (await shop.LivePodsAsync()).Select(pod => pod.Name()).Order(StringComparer.Ordinal);
}
