using System.Net;
using SchemaGate.Core.Gates;
using SchemaGate.Telemetry;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>What Prometheus is told, by the operator's own server. The meters are the process's, so nothing runs beside it.</summary>
[Collection(Alone.Name)]
public sealed class MetricsTests
{
    private const string Closed = """
        {"metadata":{"name":"shop","namespace":"shop","uid":"g-1","resourceVersion":"1","generation":1},"spec":{},
         "status":{"verdict":"Blocked","reason":"ApprovalRequired","migrations":{"required":14,"applied":12,"failed":["m13"]},
           "run":{"job":"j","plan":"p","scope":"s","attempt":1,"failures":0,"startedAt":"2024-12-24T09:00:00Z"},
           "override":{"requires":"x:1","by":"alice","at":"2024-12-24T09:00:00Z","until":"2024-12-24T12:00:00Z","reason":"hunter2"},
           "conditions":[
             {"type":"Ready","status":"False","reason":"ApprovalRequired","message":"m","lastTransitionTime":"2024-12-24T08:00:00Z"},
             {"type":"Stalled","status":"False","reason":"ApprovalRequired","message":"m","lastTransitionTime":"2024-12-24T08:00:00Z"},
             {"type":"DatabaseReachable","status":"True","reason":"AsExpected","message":"m","lastTransitionTime":"2024-12-24T08:00:00Z"},
             {"type":"Forged","status":"False","reason":"Forged","message":"m","lastTransitionTime":"2024-12-24T08:00:00Z"}]} }
        """;

    private const string Held = """
        {"metadata":{"name":"shop","namespace":"shop","uid":"d-1","resourceVersion":"2","labels":{"schemagate.dev/gated":"true"},
           "annotations":{"schemagate.dev/hold":
             "{\"template\":\"t\",\"since\":\"2024-12-24T09:30:00Z\",\"reason\":\"r\",\"message\":\"m\"}"} },
         "spec":{"replicas":2,"selector":{"matchLabels":{"app":"shop"} },"template":{"metadata":{
           "labels":{"app":"shop","schemagate.dev/gated":"true"},
           "annotations":{"schemagate.dev/requires":"shop=x:1,other=x:2"} },"spec":{"containers":[]} } } }
        """;

    [Fact]
    public async Task A_gate_is_told_with_its_verdict_who_can_open_it_since_when_and_what_waits_for_it()
    {
        await using MetricsServer server = await MetricsServer.StartAsync(("schemagates", Closed), ("deployments", Held));
        const string Shop = "k8s_namespace_name=\"shop\",schemagate_gate_name=\"shop\"";
        const string Awaited = "schemagate_reason=\"ApprovalRequired\"";
        const string Ready = "k8s_namespace_name=\"shop\",schemagate_condition=\"Ready\",schemagate_gate_name=\"shop\"";
        Assert.Equal(
            [
                $"schemagate_gate_condition{{{Ready},{Awaited},schemagate_status=\"False\"}} 1",
                $"schemagate_gate_held_timestamp_seconds{{{Shop},schemagate_kind=\"deployment\"}} 1735032600",
                $"schemagate_gate_held{{{Shop},schemagate_kind=\"deployment\"}} 1",
                $"schemagate_gate_migrations{{{Shop},schemagate_migration_state=\"applied\"}} 12",
                $"schemagate_gate_migrations{{{Shop},schemagate_migration_state=\"failed\"}} 1",
                $"schemagate_gate_migrations{{{Shop},schemagate_migration_state=\"pending\"}} 2",
                // The Deployment names another gate, too, which nobody has made.
                "schemagate_gate_missing_timestamp_seconds{k8s_namespace_name=\"shop\"} 1735032600",
                $"schemagate_gate_override_timestamp_seconds{{{Shop}}} 1735041600",
                $"schemagate_gate_run_timestamp_seconds{{{Shop}}} 1735030800",
                $"schemagate_gate_verdict_timestamp_seconds{{{Shop}}} 1735027200",
                $"schemagate_gate_verdict{{{Shop},schemagate_opener=\"approver\",{Awaited},schemagate_verdict=\"Blocked\"}} 1",
                "schemagate_gates_unlisted 0",
                $"schemagate_gates{{{Awaited},schemagate_verdict=\"Blocked\"}} 1",
                "schemagate_held{schemagate_kind=\"daemonset\"} 0",
                "schemagate_held{schemagate_kind=\"deployment\"} 1",
                "schemagate_held{schemagate_kind=\"pod\"} 0",
                "schemagate_held{schemagate_kind=\"rollout\"} 0",
                "schemagate_held{schemagate_kind=\"statefulset\"} 0",
            ],
            await server.SeriesAsync([.. Metrics.All.Where(metric => metric.IsLeaders).Select(metric => metric.PrometheusName)]),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Nobody_waits_for_a_gate_that_is_not_there_where_each_that_is_named_is()
    {
        await using MetricsServer server = await MetricsServer.StartAsync(
            ("schemagates", Closed), ("deployments", Held.Replace(",other=x:2", "", StringComparison.Ordinal)));
        Assert.Empty(await server.SeriesAsync("schemagate_gate_missing_timestamp_seconds"));
        Assert.Single(await server.SeriesAsync("schemagate_gate_held"));
    }

    [Fact]
    public async Task A_replica_that_does_not_lead_says_nothing_of_gates_and_one_that_led_nothing_more()
    {
        await using MetricsServer server = await MetricsServer.StartAsync(("schemagates", Closed), ("deployments", Held));
        string[] leaders = [.. Metrics.All.Where(metric => metric.IsLeaders).Select(metric => metric.PrometheusName)];
        Assert.NotEmpty(await server.SeriesAsync(leaders));
        server.Leads = false;
        Assert.Empty(await server.SeriesAsync(leaders));
        Assert.Equal(["schemagate_leader 0"], await server.SeriesAsync("schemagate_leader"));
    }

    [Fact]
    public async Task Every_metric_is_told_by_the_name_and_with_the_labels_that_it_is_declared_with()
    {
        await using MetricsServer server = await MetricsServer.StartAsync(("schemagates", Closed), ("deployments", Held));
        Instruments.Turned("Open", Reasons.Open);
        Instruments.Released(Reasons.Satisfied);
        Instruments.Notified("Told");
        Instruments.LetGo("deployment", TimeSpan.FromMinutes(3));
        Instruments.RunEnded("Failed", "Permanent", TimeSpan.FromSeconds(7));
        Instruments.RehearsalEnded("Passed", TimeSpan.FromSeconds(7));
        await Instruments.ReviewAsync("pods", () => Task.FromResult<bool?>(false));
        await Instruments.ReadAsync("database", () => Task.FromResult(1), _ => ("Missing", Reasons.SecretNotFound));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Instruments.ReconcileAsync<int>(() => throw new InvalidOperationException()));
        string scrape = await server.ScrapeAsync();
        Metric[] absent = [Metrics.QueueLength, Metrics.QueueAge, Metrics.UnreadObjects, Metrics.CertificateTimestamp];
        Assert.All(Metrics.All.Except(absent), metric =>
        {
            string suffix = metric.Kind == MetricKind.Histogram ? "_count" : "";
            string line = scrape.Split('\n').Last(line => line.Split('{', ' ')[0] == $"{metric.PrometheusName}{suffix}");
            Assert.Equal(
                metric.Labels.Select(label => label.Name.Replace('.', '_')).Order(StringComparer.Ordinal),
                (line.Contains('{', StringComparison.Ordinal) ? line.Split('{', '}')[1].Split(',') : [])
                    .Select(label => label.Split('=')[0]).Order(StringComparer.Ordinal),
                StringComparer.Ordinal);
        });
        Assert.DoesNotContain("hunter2", scrape, StringComparison.Ordinal);
        Assert.DoesNotContain("Forged", scrape, StringComparison.Ordinal);
        Assert.DoesNotContain("otel_", scrape, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"# TYPE \w+_count ", scrape);
        Assert.Contains("le=\"604800\"", scrape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_have_a_port_of_their_own_and_that_port_has_nothing_else()
    {
        await using MetricsServer server = await MetricsServer.StartAsync();
        using HttpClient anybody = new();
        foreach ((IPEndPoint port, string path, HttpStatusCode status) in ((IPEndPoint, string, HttpStatusCode)[])
            [
                (server.Listen, "/metrics", HttpStatusCode.OK), (server.Listen, "/healthz", HttpStatusCode.NotFound),
                (server.Listen, "/metrics/", HttpStatusCode.OK), (server.Listen, "/v1/gates", HttpStatusCode.NotFound),
                (server.Health, "/metrics/", HttpStatusCode.NotFound), (server.Health, "/METRICS", HttpStatusCode.NotFound),
                (server.Health, "/metrics", HttpStatusCode.NotFound), (server.Health, "/other", HttpStatusCode.OK),
            ])
        {
            using HttpResponseMessage answer = await anybody.GetAsync(
                new Uri($"http://{port}{path}"), TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Beyond_a_thousand_gates_those_that_are_not_open_have_series_and_the_rest_is_counted_and_told()
    {
        await using MetricsServer server = await MetricsServer.StartAsync(
            ("schemagates", string.Join(',', Enumerable.Range(0, 1005).Select(number => Gate(number, number < 10 ? "Open" : "Blocked")))));
        IReadOnlyList<string> verdicts = await server.SeriesAsync("schemagate_gate_verdict");
        Assert.Equal(1000, verdicts.Count);
        Assert.Equal(5, verdicts.Count(line => line.Contains("\"Open\"", StringComparison.Ordinal)));
        Assert.Equal(["schemagate_gates_unlisted 5"], await server.SeriesAsync("schemagate_gates_unlisted"));
        Assert.Equal(2, (await server.SeriesAsync("schemagate_gates")).Count);
        Assert.Equal("5 gates have no metrics of their own: there are more than 1000. They are counted.", Assert.Single(server.Log));
    }

    private static string Gate(int number, string verdict) => $$"""
        {"metadata":{"name":"g{{number}}","namespace":"shop","uid":"g-{{number}}","resourceVersion":"{{number}}"},"spec":{},
         "status":{"verdict":"{{verdict}}","reason":"{{(verdict == "Open" ? "Open" : "MigrationsPending")}}"} }
        """;
}
