using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SchemaGate.Telemetry;

namespace SchemaGate.Tests.Manifests;

/// <summary>The chart's alerts and dashboard, against what there is to ask for and what people are sent to.</summary>
public sealed class AlertTests
{
    private static readonly string s_files = Path.Combine(Repository.Root, "charts/schemagate/files");
    private static readonly JsonNode s_dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(s_files, "dashboard.json")))!;
    private static readonly JsonNode[] s_alerts =
    [
        .. Items(Yaml.ToJson(Yaml.Load(Path.Combine(s_files, "alerts.yaml")))!["groups"]).SelectMany(group => Items(group["rules"])),
    ];

    private static readonly string[] s_sections =
        [.. File.ReadLines(Path.Combine(Repository.Root, "docs/runbooks.md"))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..])];

    private static readonly HashSet<string> s_names = new(
        Metrics.All.SelectMany(metric => metric.Kind == MetricKind.Histogram
            ? [$"{metric.PrometheusName}_bucket", $"{metric.PrometheusName}_count", $"{metric.PrometheusName}_sum"]
            : (string[])[metric.PrometheusName]),
        StringComparer.Ordinal);

    private static readonly HashSet<string> s_labels = new(
        Metrics.All.SelectMany(metric => metric.Labels).Select(label => label.Name.Replace('.', '_')), StringComparer.Ordinal);

    [Fact]
    public void Every_alert_says_how_bad_it_is_what_it_means_and_where_its_runbook_is()
    {
        Assert.NotEmpty(s_alerts);
        Assert.All(s_alerts, alert =>
        {
            string name = alert["alert"]!.ToString();
            Assert.Contains(alert["labels"]!["severity"]!.ToString(), (string[])["critical", "warning", "info"], StringComparer.Ordinal);
            Assert.NotEmpty(alert["annotations"]!["summary"]!.ToString());
            Assert.NotEmpty(alert["annotations"]!["description"]!.ToString());
            Assert.Equal($"docs/runbooks.md#{name.ToLowerInvariant()}", alert["annotations"]!["runbook_url"]!.ToString());
        });
    }

    [Fact]
    public void Every_alert_has_its_runbook_and_every_runbook_its_alert() =>
        Assert.Equal(s_alerts.Select(alert => alert["alert"]!.ToString()), s_sections, StringComparer.Ordinal);

    [Fact]
    public void Every_alert_is_tested()
    {
        string tests = File.ReadAllText(Path.Combine(Repository.Root, "tests/alerts/alerts_test.yaml"));
        Assert.All(s_sections, alert => Assert.Contains(
            $"runbook_url: docs/runbooks.md#{alert.ToLowerInvariant()}\n", tests, StringComparison.Ordinal));
    }

    [Fact]
    public void What_alerts_and_dashboard_ask_for_is_declared()
    {
        string[] queries = [.. s_alerts.Select(alert => alert["expr"]!.ToString()), .. Queries(s_dashboard)];
        Assert.True(queries.Length > 60);
        Assert.All(queries, query =>
        {
            Assert.DoesNotContain(
                Regex.Matches(query, @"\bschemagate_\w+", RegexOptions.NonBacktracking).Select(match => match.Value),
                word => !s_names.Contains(word) && !s_labels.Contains(word));
            Assert.Matches(@"\bschemagate_\w+|\bdotnet_\w+", query);
        });
        Assert.All(
            s_alerts.SelectMany(alert => Regex.Matches(
                alert["annotations"]!.ToJsonString(), @"\$labels\.\w+", RegexOptions.NonBacktracking)),
            label => Assert.Contains(label.Value["$labels.".Length..], s_labels.Append("instance"), StringComparer.Ordinal));
    }

    /// <summary>What Grafana refuses, or shows as an empty panel.</summary>
    [Fact]
    public void The_dashboard_has_what_Grafana_asks_for()
    {
        JsonNode[] panels = [.. Items(s_dashboard["panels"])];
        Assert.Equal(("schemagate", "SchemaGate", 39), (
            s_dashboard["uid"]!.ToString(), s_dashboard["title"]!.ToString(), s_dashboard["schemaVersion"]!.GetValue<int>()));
        Assert.Distinct(panels.Select(panel => panel["id"]!.GetValue<int>()));
        Assert.All(panels, panel =>
        {
            JsonNode place = panel["gridPos"]!;
            Assert.InRange(place["x"]!.GetValue<int>() + place["w"]!.GetValue<int>(), 1, 24);
            Assert.Contains(panel["type"]!.ToString(), (string[])["row", "stat", "table", "timeseries"], StringComparer.Ordinal);
            Assert.NotEmpty(panel["title"]!.ToString());
        });
        JsonNode[] shown = [.. panels.Where(panel => panel["type"]!.ToString() != "row")];
        Assert.All(shown, panel =>
        {
            Assert.Equal("${datasource}", panel["datasource"]!["uid"]!.ToString());
            Assert.NotEmpty(Items(panel["targets"]));
            Assert.Distinct(Items(panel["targets"]).Select(target => target["refId"]!.ToString()), StringComparer.Ordinal);
        });
        Assert.Distinct(shown.SelectMany(Cells));
        Assert.Equal(
            ["datasource", "namespace"], Items(s_dashboard["templating"]!["list"]).Select(variable => variable["name"]!.ToString()),
            StringComparer.Ordinal);
    }

    /// <summary>The places of Grafana's grid that a panel takes: two panels take none together.</summary>
    private static IEnumerable<(int X, int Y)> Cells(JsonNode panel)
    {
        int At(string name) => panel["gridPos"]![name]!.GetValue<int>();
        return from x in Enumerable.Range(At("x"), At("w"))
               from y in Enumerable.Range(At("y"), At("h"))
               select (x, y);
    }

    private static IEnumerable<string> Queries(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member is { Key: "expr", Value: JsonValue query }
            ? [query.ToString()]
            : Queries(member.Value)),
        JsonArray items => items.SelectMany(Queries),
        _ => [],
    };

    private static IEnumerable<JsonNode> Items(JsonNode? list) => list!.AsArray().OfType<JsonNode>();
}
