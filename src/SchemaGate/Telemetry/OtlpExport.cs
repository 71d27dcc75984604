using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace SchemaGate.Telemetry;

/// <summary>
/// Sends metrics and traces by OTLP where the standard variables name a collector
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/), else nothing. The database driver's own are left out: they may hold
/// users, SQL and the texts of exceptions.
/// </summary>
internal static class OtlpExport
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <param name="services">The process's.</param>
    /// <param name="variables">The environment.</param>
    /// <param name="prometheus">Whether Prometheus asks for metrics, too.</param>
    public static void AddTo(IServiceCollection services, IConfiguration variables, bool prometheus = false)
    {
        bool metrics = IsSet(variables, Collector, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        bool traces = IsSet(variables, Collector, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        MetricsExport.AddTo(services, prometheus, metrics);
        if (!metrics && !traces)
        {
            return;
        }

        IOpenTelemetryBuilder telemetry = services.AddOpenTelemetry().ConfigureResource(Name).UseOtlpExporter();
        if (traces)
        {
            telemetry.WithTracing(sources => sources.AddSource(Instruments.Name));
        }

        // The exporter takes the log, too, which stays where logs are collected.
        services.AddLogging(logging => logging.AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.None));
    }

    /// <summary>What everything that is exported is of.</summary>
    internal static void Name(ResourceBuilder resource) => resource.AddService("schemagate", serviceVersion: ProductVersion.Text);

    private static bool IsSet(IConfiguration variables, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (variables[name] is { Length: > 0 })
            {
                return true;
            }
        }

        return false;
    }
}
