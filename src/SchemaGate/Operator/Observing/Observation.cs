using System.Diagnostics.Metrics;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Observing;

/// <summary>What one look at the caches found, by metric.</summary>
internal sealed class Observation
{
    private readonly Dictionary<string, List<Measurement<double>>> found = new(StringComparer.Ordinal);

    public IEnumerable<Measurement<double>> this[Metric metric] => found.GetValueOrDefault(metric.Name) ?? [];

    public void Add(Metric metric, double value, params ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (!found.TryGetValue(metric.Name, out List<Measurement<double>>? values))
        {
            found.Add(metric.Name, values = []);
        }

        values.Add(new(value, labels));
    }
}
