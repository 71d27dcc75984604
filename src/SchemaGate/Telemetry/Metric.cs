using System.Diagnostics.Metrics;

namespace SchemaGate.Telemetry;

internal enum MetricKind
{
    /// <summary>What this process has done, added up: the replicas' sum is what SchemaGate has done.</summary>
    Counter,

    /// <summary>What is so when it is asked for; nothing is kept between two looks.</summary>
    Gauge,

    /// <summary>How long what this process has done took.</summary>
    Histogram,
}

/// <summary>One thing that is measured. docs/metrics.md shows them all.</summary>
/// <param name="Name">As OpenTelemetry writes it.</param>
/// <param name="Kind">How its values are put together.</param>
/// <param name="Unit">By UCUM (https://ucum.org/ucum); what is counted stands in braces.</param>
/// <param name="Most">So many sets of labels at most, whatever happens.</param>
/// <param name="Description">A sentence, or several.</param>
/// <param name="Labels">By what its series are told apart.</param>
internal sealed record Metric(
    string Name, MetricKind Kind, string Unit, int Most, string Description, params IReadOnlyList<Label> Labels)
{
    /// <summary>Who reports it: every replica for itself, or the leader for all.</summary>
    public bool IsLeaders { get; init; }

    /// <summary>Whether its labels name gates, which come and go (<see cref="GaugeMeter"/>).</summary>
    public bool IsOfGates { get; init; }

    /// <summary>A histogram's limits, in its unit; empty for the usual ones, of what takes up to a minute.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = [];

    /// <summary>
    /// As Prometheus shows it (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/): the unit and, of a
    /// counter, <c>_total</c> follow.
    /// </summary>
    public string PrometheusName
    {
        get
        {
            string unit = Unit switch
            {
                "s" => "_seconds",
                "By" => "_bytes",
                _ => "",
            };
            return $"{Name.Replace('.', '_')}{unit}{(Kind == MetricKind.Counter ? "_total" : "")}";
        }
    }

    public Counter<long> Counter(Meter meter) => meter.CreateCounter<long>(Name, Unit, Description);

    public Histogram<double> Histogram(Meter meter) => meter.CreateHistogram<double>(
        Name, Unit, Description, tags: null, new() { HistogramBucketBoundaries = Buckets.Count > 0 ? Buckets : s_usual });

    private static readonly double[] s_usual = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
}

/// <summary>By what series of one metric are told apart.</summary>
/// <param name="Name">As OpenTelemetry writes it; for Prometheus dots become underscores.</param>
/// <param name="Bound">Which values it can have.</param>
internal sealed record Label(string Name, string Bound)
{
    public KeyValuePair<string, object?> Of(string? value) => new(Name, value);
}
