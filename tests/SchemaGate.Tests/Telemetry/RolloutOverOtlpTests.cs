using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;
using SchemaGate.Telemetry;
using SchemaGate.Tests.Operators;

namespace SchemaGate.Tests.Telemetry;

/// <summary>A rollout's trace as a collector receives it, with the operator's own parts. Nothing else's spans are among them.</summary>
[Collection(Alone.Name)]
public sealed class RolloutOverOtlpTests
{
    [Fact]
    public async Task A_rollout_is_one_trace_from_its_admission_over_evidence_and_run_to_its_release()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        JsonObject job = await RollOutAsync(collector);

        OtlpSpan admission = Assert.Single(collector.Spans, span => span.Name == "admission deployments");
        Assert.Empty(admission.ParentId);
        Assert.All(collector.Spans, span => Assert.Equal(admission.TraceId, span.TraceId));
        string[] tree = [.. collector.Spans.Select(span => $"{span.Name} < {Parent(collector, span)}").Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "admission deployments < ",
                "admission replicasets < admission deployments",
                "hold < reconcile",
                "judge migrations < read image",
                "read database < reconcile",
                "read image < reconcile",
                "reconcile < admission deployments",
                "release < reconcile",
                "run < start run",
                "start run < reconcile",
            ],
            tree.Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(2, collector.Spans.Count(span => span.Name == "reconcile"));
        OtlpSpan run = Assert.Single(collector.Spans, span => span.Name == "run");
        Assert.Equal(TimeSpan.FromSeconds(30).TotalNanoseconds, run.Time.To - run.Time.From);
        OtlpSpan start = Assert.Single(collector.Spans, span => span.Name == "start run");
        string traceparent = $"00-{start.TraceId}-{start.SpanId}-01";
        Assert.Equal(traceparent, (string?)job["metadata"]!["annotations"]![Names.Traceparent]);
        Assert.Contains($$"""{"name":"TRACEPARENT","value":"{{traceparent}}"}""", job.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spans_say_what_they_are_about_in_OpenTelemetry_s_words()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await RollOutAsync(collector);
        Assert.Equal(
            ["shop", "shop", "held", "AwaitingDecision", "true"],
            Values("admission deployments", "k8s.namespace.name", "k8s.deployment.name", "schemagate.verdict", "schemagate.reason",
                "schemagate.admission.allowed"), StringComparer.Ordinal);
        Assert.Equal(["postgresql", "d|public"], Values("read database", "db.system.name", "db.namespace"), StringComparer.Ordinal);
        Assert.EndsWith("/shop/schema:1", Assert.Single(Values("read image", "container.image.name")), StringComparison.Ordinal);
        Assert.StartsWith("sha256:", Assert.Single(Values("read image", "oci.manifest.digest")), StringComparison.Ordinal);
        Assert.Equal(["shop", "MigrationsPending"], Values("hold", "k8s.deployment.name", "schemagate.reason"), StringComparer.Ordinal);
        Assert.Equal(["shop", "Satisfied"], Values("release", "k8s.deployment.name", "schemagate.reason"), StringComparer.Ordinal);
        Assert.Equal(Values("start run", "k8s.job.name"), Values("run", "k8s.job.name"), StringComparer.Ordinal);

        string[] Values(string span, params string[] attributes) =>
            [.. attributes.Select(attribute => collector.Spans.First(one => one.Name == span).Attributes.GetValueOrDefault(attribute, ""))];
    }

    /// <summary>The log's own lines are said in the rollout's trace.</summary>
    [Fact]
    public async Task Neither_spans_nor_the_log_hold_a_secret_and_the_log_names_the_trace()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await RollOutAsync(collector);
        Assert.All(
            (string[])["/v1/traces", "/v1/logs", "/v1/metrics"], path => Assert.False(collector.Has(path, TracedCluster.Planted)));
        Assert.False(collector.Has("/v1/traces", Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{TracedCluster.Planted}"))));
        Assert.Contains(collector.Spans[0].TraceId, collector.TracesOfLogs, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_noted_on_any_object()
    {
        await OtlpProcess.RunAsync([], async log =>
        {
            await using TracedCluster cluster = await TracedCluster.StartAsync(log);
            await cluster.CreateDeploymentAsync();
            await cluster.LookAsync();
            Assert.NotEmpty(cluster.Stored["jobs"]);
            Assert.All(cluster.Stored.Values, stored =>
                Assert.DoesNotContain("trace", stored.ToJsonString(), StringComparison.OrdinalIgnoreCase));
        });
    }

    /// <summary>A night's looks are not one trace of thousands; what is done to the workload in the end still is in its own.</summary>
    [Fact]
    public async Task A_long_wait_s_looks_are_traces_of_their_own_that_are_linked_to_the_rollout()
    {
        ActivityContext rollout = Activities.Parse("00-11111111111111111111111111111111-1111111111111111-01")!.Value;
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await OtlpProcess.RunAsync([(OtlpProcess.Endpoint, collector.Url)], async log => await Activities.LookAsync(
            "shop", "shop", null, [rollout], () =>
            {
                Activities.Act("release", rollout)?.Dispose();
                return Task.FromResult(log);
            }));
        OtlpSpan look = Assert.Single(collector.Spans, span => span.Name == "reconcile");
        OtlpSpan release = Assert.Single(collector.Spans, span => span.Name == "release");
        Assert.NotEqual(rollout.TraceId.ToString(), look.TraceId, StringComparer.Ordinal);
        Assert.Equal([rollout.SpanId.ToString()], look.Links, StringComparer.Ordinal);
        Assert.Equal(rollout.TraceId.ToString(), release.TraceId);
        Assert.Equal([look.SpanId], release.Links, StringComparer.Ordinal);
    }

    /// <summary>Where the API server's own tracing is on, it sends its context along.</summary>
    [Theory]
    [InlineData("01", true)]
    [InlineData("00", false)]
    public async Task A_review_continues_the_API_server_s_trace_where_that_is_recorded(string flags, bool isContinued)
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await OtlpProcess.RunAsync([(OtlpProcess.Endpoint, collector.Url)], async _ =>
        {
            await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
            using HttpClient client = server.Client();
            using HttpRequestMessage request = new(HttpMethod.Post, VerdictServer.DeploymentPath)
            {
                Content = new StringContent(Review(), MediaTypeHeaderValue.Parse("application/json")),
            };
            request.Headers.Add("traceparent", $"00-11111111111111111111111111111111-2222222222222222-{flags}");
            using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        });
        OtlpSpan admission = Assert.Single(collector.Spans);
        Assert.Equal(isContinued ? "2222222222222222" : "", admission.ParentId);
        Assert.Equal(isContinued, admission.TraceId == new string('1', 32));
        Assert.False(collector.Has("/v1/traces", VerdictServer.Secret));
    }

    private static string Review() => new JsonObject
    {
        ["apiVersion"] = "admission.k8s.io/v1",
        ["kind"] = "AdmissionReview",
        ["request"] = new JsonObject
        {
            ["uid"] = "r",
            ["operation"] = "CREATE",
            ["kind"] = new JsonObject { ["group"] = "apps", ["version"] = "v1", ["kind"] = "Deployment" },
            ["resource"] = new JsonObject { ["group"] = "apps", ["version"] = "v1", ["resource"] = "deployments" },
            ["name"] = "shop",
            ["namespace"] = "shop",
            ["userInfo"] = new JsonObject { ["username"] = "u" },
            ["object"] = Cluster.Deployment(),
        },
    }.ToJsonString();

    private static string Parent(OtlpReceiver collector, OtlpSpan span) =>
        collector.Spans.FirstOrDefault(other => other.SpanId == span.ParentId)?.Name ?? "";

    /// <summary>A new Deployment whose migration a Job applies.</summary>
    /// <returns>The Job.</returns>
    private static async Task<JsonObject> RollOutAsync(OtlpReceiver collector)
    {
        JsonObject? job = null;
        await OtlpProcess.RunAsync([(OtlpProcess.Endpoint, collector.Url)], async log =>
        {
            await using TracedCluster cluster = await TracedCluster.StartAsync(log);
            await cluster.CreateDeploymentAsync();
            await cluster.LookAsync();
            Assert.False(await cluster.CreateReplicaSetAsync());
            cluster.EndJob();
            await cluster.LookAsync();
            Assert.True(await cluster.CreateReplicaSetAsync());
            job = cluster.Stored["jobs"];
        });
        return job!;
    }
}
