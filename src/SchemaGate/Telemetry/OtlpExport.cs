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
    public static void AddTo(IServiceCollection services, IConfiguration variables)
    {
        bool metrics = IsSet(variables, Collector, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        bool traces = IsSet(variables, Collector, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        if (!metrics && !traces)
        {
            return;
        }

        IOpenTelemetryBuilder telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("schemagate", serviceVersion: ProductVersion.Text))
            .UseOtlpExporter();
        if (metrics)
        {
            telemetry.WithMetrics(meters => meters.AddMeter(Instruments.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime"));
        }

        if (traces)
        {
            telemetry.WithTracing(sources => sources.AddSource(Instruments.Name));
        }

        // The exporter takes the log, too, which stays where logs are collected.
        services.AddLogging(logging => logging.AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.None));
    }

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
