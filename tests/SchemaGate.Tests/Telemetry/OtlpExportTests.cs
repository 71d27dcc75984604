using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SchemaGate.Telemetry;

namespace SchemaGate.Tests.Telemetry;

/// <summary>
/// The exporter before a real collector. It gives a collector ten seconds, and its looks are timed, so nothing runs beside it.
/// </summary>
[Collection(Alone.Name)]
public sealed class OtlpExportTests
{
    private const string Endpoint = OtlpProcess.Endpoint;
    private const string Logs = "/v1/logs";
    private const string Metrics = "/v1/metrics";
    private const string Traces = "/v1/traces";
    private readonly string gate = $"gate-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_look_at_a_gate_is_a_span_and_a_measurement()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await RunAsync([(Endpoint, collector.Url)], ReconcileAsync);
        Assert.True(collector.Has(Metrics, "schemagate.reconcile.duration"));
        Assert.True(collector.Has(Metrics, ProductVersion.Text));
        Assert.True(collector.Has(Traces, gate));
    }

    [Fact]
    public async Task A_failure_is_told_by_its_kind_and_never_by_its_text()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await RunAsync([(Endpoint, collector.Url)], () => Assert.ThrowsAsync<InvalidOperationException>(
            () => LookAsync(() => throw new InvalidOperationException("postgresql://u:secret@h"))));
        foreach (string path in (string[])[Metrics, Traces])
        {
            Assert.True(collector.Has(path, typeof(InvalidOperationException).FullName!));
            Assert.False(collector.Has(path, "secret"));
        }
    }

    [Fact]
    public async Task Of_the_log_SchemaGate_s_own_lines_are_sent()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await RunAsync([(Endpoint, collector.Url)], ReconcileAsync);
        Assert.Equal([Logs, Metrics, Traces], collector.Paths, StringComparer.Ordinal);
        Assert.True(collector.Has(Logs, "a line"));
        Assert.False(collector.Has(Logs, "a line of others"));
    }

    [Theory]
    [InlineData("METRICS", Logs, Traces)]
    [InlineData("TRACES", Logs, Metrics)]
    [InlineData("LOGS", Metrics, Traces)]
    public async Task A_signal_that_is_not_wanted_is_not_sent(string signal, params string[] others)
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await RunAsync([(Endpoint, collector.Url), ($"OTEL_{signal}_EXPORTER", "none")], ReconcileAsync);
        Assert.Equal(others, collector.Paths, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("always_off", null, false)]
    [InlineData("parentbased_traceidratio", "1.0", true)]
    public async Task A_look_is_sampled_as_the_standard_variables_say(string sampler, string? argument, bool isSent)
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await RunAsync(
            [(Endpoint, collector.Url), ("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", argument ?? "")], ReconcileAsync);
        Assert.Equal(isSent, collector.Has(Traces, gate));
    }

    [Theory]
    [InlineData("METRICS", Metrics)]
    [InlineData("TRACES", Traces)]
    [InlineData("LOGS", Logs)]
    public async Task A_collector_of_one_signal_is_sent_that_signal(string signal, string path)
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await RunAsync([($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT", $"{collector.Url}{path}")], ReconcileAsync);
        Assert.Equal([path], collector.Paths, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint, "")]
    [InlineData("OTEL_SERVICE_NAME", "shop")]
    public void Nothing_is_set_up_where_no_collector_is_named(string variable, string value)
    {
        ServiceCollection services = new();
        OtlpExport.AddTo(services, OtlpProcess.Variables([(variable, value)]));
        Assert.Empty(services);
    }

    [Fact]
    public async Task Nothing_is_sent_where_the_kit_is_disabled()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await RunAsync([(Endpoint, collector.Url), ("OTEL_SDK_DISABLED", "true")], ReconcileAsync);
        Assert.Empty(collector.Paths);
    }

    [Fact]
    public async Task A_collector_that_never_answers_costs_no_look_a_wait()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync(answers: false);
        await RunManyAsync(collector.Url);
        Assert.NotEmpty(collector.Paths);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("collector:4317")]
    [InlineData("no address")]
    public Task A_collector_that_is_not_there_costs_no_look_a_wait(string url) => RunManyAsync(url);

    /// <summary>More looks than the exporter has room for.</summary>
    private Task RunManyAsync(string url) => RunAsync([(Endpoint, url)], async () =>
    {
        long started = Stopwatch.GetTimestamp();
        for (int look = 0; look < 10_000; look++)
        {
            await ReconcileAsync();
        }

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
    });

    private async Task ReconcileAsync() => Assert.Equal(1, await LookAsync(() => Task.FromResult(1)));

    private Task<int> LookAsync(Func<Task<int>> look) =>
        Instruments.ReconcileAsync(() => Activities.LookAsync("shop", gate, null, [], look));

    private static Task RunAsync((string Name, string Value)[] variables, Func<Task> work) => OtlpProcess.RunAsync(variables, log =>
    {
        log.CreateLogger<OtlpExportTests>().Log(LogLevel.Critical, default, "a line", null, (line, _) => line);
        log.CreateLogger("Microsoft.AspNetCore.Server").Log(LogLevel.Critical, default, "a line of others", null, (line, _) => line);
        return work();
    });
}
