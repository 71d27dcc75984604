using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SchemaGate.Telemetry;

namespace SchemaGate.Tests.Telemetry;

/// <summary>A process's life with the exporter in it, whose end sends what is left, and waits no longer than a stopping pod may.</summary>
internal static class OtlpProcess
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <param name="variables">Its environment.</param>
    /// <param name="work">What it does, and says in its log.</param>
    public static async Task RunAsync((string Name, string Value)[] variables, Func<ILoggerFactory, Task> work)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddConfiguration(Variables(
            [("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "50"), .. variables]));
        OtlpExport.AddTo(builder.Services, builder.Configuration);
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await work(host.Services.GetRequiredService<ILoggerFactory>());
        long stopping = Stopwatch.GetTimestamp();
        await host.StopAsync(TestContext.Current.CancellationToken);
        host.Dispose();
        Assert.InRange(Stopwatch.GetElapsedTime(stopping).TotalSeconds, 0, 15);
    }

    public static IConfiguration Variables((string Name, string Value)[] variables) => new ConfigurationBuilder()
        .AddInMemoryCollection(variables.Select(variable => KeyValuePair.Create(variable.Name, (string?)variable.Value)))
        .Build();
}
