using SchemaGate.EndToEnd.Support;
using SchemaGate.Tests.Telemetry;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>What a collector receives of a rollout, from the operator's pods and from the run's.</summary>
public sealed class TraceTests(OperatorFixture schemagate)
{
    [Fact(DisableParallelization = true)]
    public async Task A_rollout_is_one_trace_from_its_admission_to_its_release_with_what_its_Job_did()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync(host: TestEnvironment.Host);
        await SendAsync(collector.Url);
        try
        {
            await shop.MigrateAsync(Shop.First);
            await shop.ApplyAsync("1", deploymentFirst: false);
            await shop.RunsAsync("1", 2);
            await shop.ApplyAsync("2", deploymentFirst: false);
            await shop.IsHeldAsync();
            string trace = await TraceAsync(shop);
            await shop.ApplyGateAsync("2", ShopRuns.AsJob);
            await shop.GateSaysAsync("Open");
            await shop.RunsAsync("2", 2);

            IReadOnlyList<OtlpSpan> spans = [];
            string[] wanted = ["admission deployments", "hold", "start run", "run", "migrate", "apply migration", "release"];
            await Eventually.TrueAsync(
                () =>
                {
                    spans = [.. collector.Spans.Where(span => span.TraceId == trace)];
                    return Task.FromResult(wanted.All(name => spans.Any(span => span.Name == name)));
                },
                () => $"all of the rollout's spans are sent; there are: {string.Join(", ", spans.Select(span => span.Name))}");
            Assert.Equal("start run", ParentOf(spans, "migrate"));
            Assert.Equal("start run", ParentOf(spans, "run"));
            Assert.Equal("migrate", ParentOf(spans, "apply migration"));
            Assert.Equal(Shop.Second, spans.Single(span => span.Name == "apply migration").Attributes["schemagate.migration.name"]);
            Assert.All(spans, span => Assert.False(span.IsFailed && span.Name is ("reconcile" or "migrate" or "run"), span.Name));
            // The second version's template is what began it, and nothing is added to the template.
            Assert.Empty(await Shop.DiffAsync(shop.DeploymentManifest("2")));
            Assert.Equal(trace, await TraceAsync(shop));
            AssertNoSecret(collector);
        }
        finally
        {
            await OperatorFixture.InNamespaceAsync("rollout", "undo", "deployment/schemagate");
            await OperatorFixture.WaitAsync();
        }
    }

    private static string? ParentOf(IReadOnlyList<OtlpSpan> spans, string name) =>
        spans.FirstOrDefault(span => span.SpanId == spans.First(one => one.Name == name).ParentId)?.Name;

    private static async Task<string> TraceAsync(Shop shop) => (await shop.DeploymentAsync()).GetProperty("metadata")
        .GetProperty("annotations").GetProperty("schemagate.dev/traceparent").GetString()!.Split('-')[1];

    private static void AssertNoSecret(OtlpReceiver collector)
    {
        string[] user = new Uri(TestEnvironment.Database).UserInfo.Split(':');
        Assert.Equal(2, user.Length);
        foreach (string path in collector.Paths)
        {
            Assert.False(collector.Has(path, Uri.UnescapeDataString(user[1])), path);
            Assert.False(collector.Has(path, "postgresql://"), path);
        }
    }

    private static async Task SendAsync(string url)
    {
        const string container = "/spec/template/spec/containers/0";
        await OperatorFixture.InNamespaceAsync("patch", "deployment", "schemagate", "--type=json", "-p", $$"""
            [{"op":"add","path":"{{container}}/env/-","value":{"name":"OTEL_EXPORTER_OTLP_ENDPOINT","value":"{{url}}"} },
             {"op":"add","path":"{{container}}/env/-","value":{"name":"OTEL_EXPORTER_OTLP_PROTOCOL","value":"http/protobuf"} },
             {"op":"add","path":"{{container}}/args/-","value":"--runner-otlp-endpoint={{url}}"}]
            """);
        await OperatorFixture.WaitAsync();
    }
}
