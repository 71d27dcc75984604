using System.Globalization;
using SchemaGate.Telemetry;

namespace SchemaGate.Tests.Telemetry;

/// <summary>docs/metrics.md against what the code declares.</summary>
public sealed class MetricsTableTests
{
    private const string Begin = "<!-- What follows is written by SCHEMAGATE_TEST_REWRITE=1 from what the code declares. -->";

    private static readonly string s_page = Path.Combine(Repository.Root, "docs/metrics.md");

    [Fact]
    public void The_page_says_what_the_code_declares()
    {
        string page = File.ReadAllText(s_page);
        int at = page.IndexOf(Begin, StringComparison.Ordinal);
        Assert.True(at > 0, "docs/metrics.md has no place for the table");
        Golden.Same(s_page, $"{page[..at]}{Begin}\n\n{Table(Metrics.All)}\n{Bounds()}");
    }

    [Fact]
    public void Every_name_is_there_once_and_begins_with_the_products()
    {
        Assert.Distinct(Metrics.All.Select(metric => metric.PrometheusName), StringComparer.Ordinal);
        Assert.All(Metrics.All, metric => Assert.StartsWith("schemagate.", metric.Name, StringComparison.Ordinal));
        Assert.Equal(
            typeof(Metrics).GetFields().Select(field => field.GetValue(null)).OfType<Metric>().Count(), Metrics.All.Count);
    }

    private static string Table(IEnumerable<Metric> metrics) => string.Join('\n',
        [
            "| metric | Prometheus | kind | unit | who | at most | what |",
            "|---|---|---|---|---|---|---|",
            .. metrics.Select(metric => $"| `{metric.Name}` | `{metric.PrometheusName}` | {metric.Kind.ToString().ToLowerInvariant()} "
                + $"| {metric.Unit} | {(metric.IsLeaders ? "leader" : "each")} "
                + $"| {metric.Most.ToString("N0", CultureInfo.InvariantCulture)} | {metric.Description}{Labelled(metric)} |"),
            "",
        ]);

    private static string Labelled(Metric metric) => metric.Labels.Count == 0
        ? ""
        : $" By {string.Join(", ", metric.Labels.Select(label => $"`{label.Name}`"))}.";

    private static string Bounds() => string.Join('\n',
        [
            "## What bounds the labels",
            "",
            "| label | Prometheus | of | values |",
            "|---|---|---|---|",
            .. Metrics.All.SelectMany(metric => metric.Labels).Distinct().Select(label =>
                $"| `{label.Name}` | `{label.Name.Replace('.', '_')}` | {Users(label)} | {label.Bound} |"),
            "",
        ]);

    private static string Users(Label label)
    {
        string[] users = [.. Metrics.All.Where(metric => metric.Labels.Contains(label)).Select(metric => $"`{metric.Name}`")];
        return users.Length > 3 ? $"{users.Length} metrics" : string.Join(", ", users);
    }
}
