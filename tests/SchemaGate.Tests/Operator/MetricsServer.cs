using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Leadership;
using SchemaGate.Operator;
using SchemaGate.Operator.Observing;
using SchemaGate.Operator.Serving;
using SchemaGate.Telemetry;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>The operator's own server with the port for Prometheus, before an API server that has what it is given.</summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly FakeApiServer api;
    private readonly KubernetesClient client;
    private readonly ReadingBudget budget = new(64 << 20, TimeProvider.System);
    private readonly WebApplication app;
    private readonly GaugeMeter gauges;
    private readonly ConcurrentDictionary<string, string> objects;
    private readonly Lines log = new();

    private MetricsServer(FakeApiServer api, ConcurrentDictionary<string, string> objects)
    {
        (this.api, this.objects, client) = (api, objects, api.Client());
        for (int request = 0; request < 100; request++)
        {
            api.List(context => FakeApiServer.Text(200, List(context.Request.Path.Value!.Split('/')[^1]))(context));
        }

        Listen = new(IPAddress.Loopback, FreePort.Next());
        OperatorOptions options = new("s", new(IPAddress.Loopback, FreePort.Next()), new WebhookEndpoint.Outside(new("https://127.0.0.1")))
        {
            Identity = "test",
            HealthListen = new(IPAddress.Loopback, FreePort.Next()),
            MetricsListen = Listen,
        };
        Health = options.HealthListen;
        ServedCertificate certificate = new();
        app = WebhookServer.Create(options, certificate, TimeProvider.System);
        View = new(client, new(new(new byte[32])), [], _ => { }, TimeProvider.System)
        {
            Unread = { Logged = _ => { } },
        };
        LeaderElection election = new(client, new() { Namespace = "s", Name = "l", Identity = "test" });
        Readiness ready = new(View, certificate, () => TimeSpan.Zero, () => null, CancellationToken.None);
        WebhookServer.MapMetrics(app, options.MetricsListen);
        app.MapFallback(() => "else");
        Gates = new(View, () => Leads, log, Time);
        gauges = ReplicaGauges.Begin(View, election, ready, certificate, budget, () => null);
    }

    public IPEndPoint Listen { get; }

    public IPEndPoint Health { get; }

    public ClusterView View { get; }

    public GateGauges Gates { get; }

    public ManualTime Time { get; } = new();

    public bool Leads { get; set; } = true;

    /// <summary>What was logged.</summary>
    public IEnumerable<string> Log => log.Written;

    /// <param name="objects">The objects of each type, by its plural, as JSON with commas between them.</param>
    public static async Task<MetricsServer> StartAsync(params (string Plural, string Objects)[] objects)
    {
        MetricsServer server = new(
            await FakeApiServer.StartAsync(),
            new(objects.Select(entry => KeyValuePair.Create(entry.Plural, entry.Objects)), StringComparer.Ordinal));
        _ = server.View.RunAsync(server.ending.Token);
        await Eventually.TrueAsync(() => server.View.Synced);
        await server.app.StartAsync();
        Instruments.Begin();
        return server;
    }

    /// <summary>As Prometheus asks, a moment after it has asked before. Without labels a name stands alone.</summary>
    public async Task<string> ScrapeAsync()
    {
        // The exporter answers from what it has for a third of a second.
        await Task.Delay(TimeSpan.FromSeconds(0.4), TestContext.Current.CancellationToken);
        Time.Advance(TimeSpan.FromSeconds(15));
        using HttpClient prometheus = new();
        string scrape = await prometheus.GetStringAsync(new Uri($"http://{Listen}/metrics"), TestContext.Current.CancellationToken);
        return scrape.Replace("{}", "", StringComparison.Ordinal);
    }

    /// <summary>The series of a scrape of which these are the names.</summary>
    public async Task<IReadOnlyList<string>> SeriesAsync(params string[] names) =>
        [.. (await ScrapeAsync()).Split('\n').Where(line => names.Contains(line.Split('{', ' ')[0], StringComparer.Ordinal))
            .Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        Gates.Dispose();
        gauges.Dispose();
        await app.DisposeAsync();
        client.Dispose();
        await api.DisposeAsync();
        ending.Dispose();
    }

    private string List(string plural) =>
        $$"""{"metadata":{"resourceVersion":"1"},"items":[{{objects.GetValueOrDefault(plural, "")}}]}""";

    private sealed class Lines : ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(formatter(state, exception));
    }
}
