using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace SchemaGate.Telemetry;

/// <summary>
/// Sends metrics, traces and the log by OTLP where the standard variables name a collector
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/), else nothing. The database driver's own are left out: they may hold
/// users, SQL and the texts of exceptions.
/// </summary>
internal static class OtlpExport
{
    private const string Metrics = "METRICS";
    private const string Traces = "TRACES";
    private const string Logs = "LOGS";

    /// <param name="services">The process's.</param>
    /// <param name="variables">The environment.</param>
    public static void AddTo(IServiceCollection services, IConfiguration variables)
    {
        bool metrics = IsSent(name => variables[name], Metrics);
        bool traces = IsSent(name => variables[name], Traces);
        bool logs = IsSent(name => variables[name], Logs);
        if (!metrics && !traces && !logs)
        {
            return;
        }

        IOpenTelemetryBuilder telemetry = services.AddOpenTelemetry().ConfigureResource(AddSelf).UseOtlpExporter();
        if (metrics)
        {
            telemetry.WithMetrics(meters => meters.AddMeter(Instruments.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime"));
        }
        else
        {
            WithoutMetrics(services);
        }

        if (traces)
        {
            telemetry.WithTracing(sources => sources.AddSource(Activities.Name));
        }

        // The framework's own lines may hold the texts of exceptions; they stay on the console.
        services.Configure<OpenTelemetryLoggerOptions>(options => options.IncludeFormattedMessage = true);
        services.AddLogging(logging => logging.AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.None)
            .AddFilter<OpenTelemetryLoggerProvider>("SchemaGate", logs ? LogLevel.Information : LogLevel.None));
    }

    /// <summary>Sends the spans of a process that does one thing and ends.</summary>
    /// <param name="variable">An environment variable, or null.</param>
    /// <returns>What sends the rest at its end, and waits some seconds for that; null where no collector is named.</returns>
    public static IDisposable? SendTraces(Func<string, string?> variable) => IsSent(variable, Traces)
        ? OpenTelemetrySdk.Create(telemetry =>
        {
            telemetry.ConfigureResource(AddSelf).WithTracing(sources => sources.AddSource(Activities.Name)).UseOtlpExporter();
            WithoutMetrics(telemetry.Services);
        })
        : null;

    /// <summary>The exporter takes all signals, and sends requests without any measurement, too: it is kept from the provider.</summary>
    private static void WithoutMetrics(IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton(_ => Sdk.CreateMeterProviderBuilder().Build()));

    private static void AddSelf(ResourceBuilder resource) => resource.AddService("schemagate", serviceVersion: ProductVersion.Text);

    /// <summary>Where a collector is named for all signals or for this one, unless it is not wanted.</summary>
    private static bool IsSent(Func<string, string?> variable, string signal) =>
        (variable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 } || variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { Length: > 0 })
        && variable($"OTEL_{signal}_EXPORTER") != "none";
}
