using System.Text.Json;
using System.Text.RegularExpressions;
using SchemaGate.EndToEnd.Support;
using SchemaGate.Telemetry;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>What a platform team asks its Prometheus, of replicas that run and of gates that are closed.</summary>
[TestClass(DisableParallelization = true)]
public sealed class MetricsTests(OperatorFixture schemagate)
{
    private static readonly string s_files = Path.Combine(TestEnvironment.Checkout, "charts/schemagate/files");

    /// <summary>There only while something is wrong that this test does not bring about.</summary>
    private static readonly string[] s_rare = [Metrics.UnreadObjects.PrometheusName, "error_type!=\"\"", "schemagate_evidence!=\"Found\""];

    [Fact]
    public async Task The_alerts_are_rules_and_say_what_their_tests_expect()
    {
        foreach (string[] arguments in (string[][])
            [
                ["check", "rules", Path.Combine(s_files, "alerts.yaml")],
                ["test", "rules", Path.Combine(TestEnvironment.Checkout, "tests/alerts/alerts_test.yaml")],
            ])
        {
            await TestEnvironment.RunAsync(TestEnvironment.Promtool, arguments);
        }
    }

    [Fact, Trait("needs", "packages")]
    public async Task Promtool_has_nothing_to_say_against_what_a_replica_tells()
    {
        await schemagate.StartAsync();
        using HttpClient client = new();
        foreach (string target in await TargetsAsync())
        {
            string scrape = await client.GetStringAsync(new Uri($"http://{target}/metrics"), TestContext.Current.CancellationToken);
            Assert.Equal(
                (0, "", ""), await TestEnvironment.TryAsync(TestEnvironment.Promtool, ["check", "metrics"], scrape));
        }
    }

    [Fact, Trait("needs", "packages")]
    public async Task Every_query_of_alerts_and_dashboard_finds_what_it_asks_for()
    {
        await using Shop held = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        await using Shop running = await Shop.OpenAsync(schemagate);
        await running.PushSqlAsync("long", "SELECT pg_sleep(3600);");
        await using Shop lost = await Shop.OpenAsync(schemagate);
        await lost.ApplyDeploymentAsync("2", requires: $"nosuch={Shop.First}");
        await using PrometheusProcess prometheus = await PrometheusProcess.StartAsync(await TargetsAsync());

        await TestEnvironment.RunAsync(
            TestEnvironment.Binary,
            ["open", "shop", "-n", held.Namespace, "--requires", held.Images.Reference("3"), "--reason", "a test", "--for", "30m"]);
        await running.ApplyGateAsync("1", ShopRuns.AsJob);
        await running.GateSaysAsync("Open");
        await running.SucceedsAsync();
        await running.ApplyGateAsync("long", ShopRuns.AsJob);
        await running.GateSaysAsync("Migrating");
        await LetGoAsync();

        IReadOnlyList<string> queries = [.. Expressions("dashboard.json"), .. await SelectorsAsync(prometheus)];
        string missing = "";
        await Eventually.TrueAsync(
            async () => (missing = await MissingAsync(prometheus, queries)).Length == 0, () => $"every query finds series; not: {missing}");
        Assert.All(await prometheus.AlertsAsync(), alert => Assert.Equal("ok", alert.GetProperty("health").GetString()));
        Assert.Contains(await prometheus.AlertsAsync(), alert =>
            alert.GetProperty("name").GetString() == "SchemaGateOverridden" && alert.GetProperty("state").GetString() == "firing");
        Assert.Equal(OperatorFixture.Replicas, (await prometheus.QueryAsync("schemagate_leader")).Series.Count);
        Assert.Equal("1", Value(Assert.Single((await prometheus.QueryAsync("sum(schemagate_leader)")).Series)));
    }

    /// <summary>A rollout that waited, and does not any more.</summary>
    private async Task LetGoAsync()
    {
        await using Shop released = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        await released.MigrateAsync(Shop.First, Shop.Second);
        await released.RunsAsync("2", 2);
    }

    /// <summary>What alerts compare: without the comparison, because nothing is to be wrong.</summary>
    private static async Task<IEnumerable<string>> SelectorsAsync(PrometheusProcess prometheus) =>
        from alert in await prometheus.AlertsAsync()
        from selector in Regex.Matches(
            alert.GetProperty("query").GetString()!, @"schemagate_\w+(?=[\[{) ]|$)", RegexOptions.None, TimeSpan.FromSeconds(1))
        where Metrics.All.Any(metric => selector.Value.StartsWith(metric.PrometheusName, StringComparison.Ordinal))
        select selector.Value;

    private static async Task<string> MissingAsync(PrometheusProcess prometheus, IEnumerable<string> queries)
    {
        List<string> missing = [];
        foreach (string query in queries.Distinct(StringComparer.Ordinal))
        {
            (IReadOnlyList<JsonElement> series, string? error) = await prometheus.QueryAsync(query);
            if (error is not null || (series.Count == 0 && !Array.Exists(s_rare, rare => query.Contains(rare, StringComparison.Ordinal))))
            {
                missing.Add($"{query}: {error ?? "nothing"}");
            }
        }

        return string.Join('\n', missing);
    }

    /// <summary>The queries of a file, as Grafana would ask them.</summary>
    private static IEnumerable<string> Expressions(string file)
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_files, file)));
        return
        [
            .. Expressions(dashboard.RootElement).Select(query => query.Replace("$namespace", ".*", StringComparison.Ordinal)
                .Replace("$__rate_interval", "5m", StringComparison.Ordinal).Replace("$__range", "1h", StringComparison.Ordinal)),
        ];
    }

    private static IEnumerable<string> Expressions(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(member => member.NameEquals("expr")
            ? [member.Value.GetString()!]
            : Expressions(member.Value)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    private static string? Value(JsonElement series) => series.GetProperty("value")[1].GetString();

    /// <summary>The replicas' own addresses.</summary>
    private static async Task<IReadOnlyList<string>> TargetsAsync() =>
    [
        .. (await OperatorFixture.InNamespaceAsync(
            "get", "pods", "-l", "app.kubernetes.io/name=schemagate", "-o", "jsonpath={.items[*].status.podIP}"))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(address => $"{address}:9464"),
    ];
}
