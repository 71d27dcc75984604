using System.Diagnostics.Metrics;

namespace SchemaGate.Telemetry;

/// <summary>
/// Gauges, each of which is asked when it is looked at. The kit keeps a place for every set of labels that it has ever seen, and beyond its
/// limit it tells none apart any more (https://opentelemetry.io/docs/specs/otel/metrics/sdk/#cardinality-limits). Gates come and go: before
/// the places are taken, a new meter follows the old one, and begins with what there is by then.
/// </summary>
internal sealed class GaugeMeter : IDisposable
{
    /// <summary>So many times what can be there at once the kit has places for.</summary>
    public const int Room = 3;

    private readonly Lock gate = new();
    private readonly List<(Metric Metric, Func<IEnumerable<Measurement<double>>> Observe)> gauges = [];
    private Meter? meter;
    private int taken;
    private bool isEnding;

    /// <summary>So many meters there have been, the last with all of its gauges.</summary>
    public int Meters { get; private set; }

    /// <param name="metric">A gauge, or a counter that is kept elsewhere.</param>
    /// <param name="observe">What there is now; it must not throw.</param>
    public GaugeMeter With(Metric metric, Func<IEnumerable<Measurement<double>>> observe)
    {
        gauges.Add((metric, observe));
        return this;
    }

    /// <summary>As <see cref="With(Metric, Func{IEnumerable{Measurement{double}}})"/>, of a metric without labels; null: absent.</summary>
    public GaugeMeter With(Metric metric, Func<double?> observe) =>
        With(metric, () => observe() is { } value ? [new Measurement<double>(value)] : []);

    /// <summary>From now on they can be looked at.</summary>
    public GaugeMeter Begin()
    {
        lock (gate)
        {
            Renew();
        }

        return this;
    }

    /// <summary>
    /// So many gates were seen for the first time, or are not as they were; each of them takes a place of every metric's.
    /// </summary>
    public void Take(int gates)
    {
        lock (gate)
        {
            int before = taken;
            taken += gates;
            if (before <= (Room - 1) * Labels.MostGates && taken > (Room - 1) * Labels.MostGates)
            {
                // Not here: somebody is looking.
                ThreadPool.QueueUserWorkItem(_ => Begin());
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isEnding = true;
            meter?.Dispose();
        }
    }

    private void Renew()
    {
        if (isEnding)
        {
            return;
        }

        meter?.Dispose();
        meter = new(Instruments.Name, ProductVersion.Text);
        // By those that are there already, and are as they were.
        taken = Labels.MostGates;
        foreach ((Metric metric, Func<IEnumerable<Measurement<double>>> observe) in gauges)
        {
            if (metric.Kind == MetricKind.Counter)
            {
                meter.CreateObservableCounter(metric.Name, observe, metric.Unit, metric.Description);
            }
            else
            {
                meter.CreateObservableGauge(metric.Name, observe, metric.Unit, metric.Description);
            }
        }

        Meters++;
    }
}
