using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using SchemaGate.Telemetry;

namespace SchemaGate.Tests.Telemetry;

/// <summary>Series of things that come and go, in the kit that would keep them all. The meters are the process's.</summary>
[Collection(Alone.Name)]
public sealed class GaugeMeterTests
{
    [Fact]
    public async Task However_many_gates_come_and_go_each_is_told_apart_from_all_others()
    {
        (int looks, int seen) = (0, 0);
        using GaugeMeter meter = new();
        meter.With(Metrics.GateVerdictTimestamp, () =>
        {
            // At every second look a thousand that were never there before.
            bool isNew = looks++ % 2 == 0;
            seen += isNew ? Labels.MostGates : 0;
            meter.Take(isNew ? Labels.MostGates : 0);
            return Enumerable.Range(seen, Labels.MostGates).Select(number => new Measurement<double>(1, Labels.Gate.Of($"g{number}")));
        }).Begin();
        SeriesCount counted = new();
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder();
        MetricsExport.Add(builder);
        using MeterProvider provider = builder.AddReader(new BaseExportingMetricReader(counted)).Build();
        for (int look = 1; look <= 20; look++)
        {
            provider.ForceFlush();
            Assert.Equal((Labels.MostGates, 0), (counted.Series, counted.Overflows));
            await Kubernetes.Eventually.TrueAsync(() => meter.Meters == 1 + ((look + 1) / 4));
        }

        // More than the kit has places for instruments, by its default.
        for (int renewal = 0; renewal < 1_100; renewal++)
        {
            meter.Begin();
        }

        provider.ForceFlush();
        Assert.Equal((Labels.MostGates, 0), (counted.Series, counted.Overflows));
    }

    private sealed class SeriesCount : BaseExporter<OpenTelemetry.Metrics.Metric>
    {
        public int Series { get; private set; }

        public int Overflows { get; private set; }

        public override ExportResult Export(in Batch<OpenTelemetry.Metrics.Metric> batch)
        {
            (Series, Overflows) = (0, 0);
            foreach (OpenTelemetry.Metrics.Metric metric in batch)
            {
                foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
                {
                    foreach (KeyValuePair<string, object?> tag in point.Tags)
                    {
                        Series += tag.Key == Labels.Gate.Name ? 1 : 0;
                        Overflows += tag.Key == "otel.metric.overflow" && metric.Name == Metrics.GateVerdictTimestamp.Name ? 1 : 0;
                    }
                }
            }

            return ExportResult.Success;
        }
    }
}
