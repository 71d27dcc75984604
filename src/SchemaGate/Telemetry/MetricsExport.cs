using Microsoft.AspNetCore.Builder;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace SchemaGate.Telemetry;

/// <summary>Which metrics are exported, within which bounds, and how Prometheus gets them.</summary>
internal static class MetricsExport
{
    public const string Path = "/metrics";

    /// <summary>
    /// The kit never takes back the place of an instrument that has gone, and gauges begin anew (<see cref="GaugeMeter"/>).
    /// </summary>
    private const int MostStreams = 100_000;

    /// <summary>Sets of labels of a metric that is not SchemaGate's own: the server's, and the runtime's.</summary>
    private const int MostOfOthers = 256;

    /// <summary>
    /// For Prometheus, by a provider of its own: a collector that is named for one signal alone would be sent what the process's provider
    /// measures for it. Nothing is there where the kit is disabled (OTEL_SDK_DISABLED).
    /// </summary>
    public static void Map(WebApplication app)
    {
        if (!bool.TryParse(app.Configuration["OTEL_SDK_DISABLED"], out bool isDisabled) || !isDisabled)
        {
            MeterProviderBuilder meters = Sdk.CreateMeterProviderBuilder().ConfigureResource(OtlpExport.Name)
                .AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false);
            Add(meters);
            MeterProvider provider = meters.Build();
            app.Lifetime.ApplicationStopped.Register(provider.Dispose);
            app.MapPrometheusScrapingEndpoint(Path, provider, configureBranchedPipeline: null, optionsName: null);
        }
    }

    internal static void Add(MeterProviderBuilder meters)
    {
        Dictionary<string, int> limits = Metrics.All.ToDictionary(metric => metric.Name, Limit, StringComparer.Ordinal);
        meters.SetMaxMetricStreams(MostStreams).AddMeter(Instruments.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime")
            // Prometheus's linter takes the runtime's names on "count" for a histogram's.
            .AddView(instrument => instrument.Name.EndsWith(".count", StringComparison.Ordinal)
                ? MetricStreamConfiguration.Drop
                : new() { CardinalityLimit = limits.GetValueOrDefault(instrument.Name, MostOfOthers) });
    }

    /// <summary>The kit has one place for what has no labels, and one for what there was no place for.</summary>
    private static int Limit(Metric metric) => (metric.IsOfGates ? GaugeMeter.Room * metric.Most : metric.Most) + 2;
}
