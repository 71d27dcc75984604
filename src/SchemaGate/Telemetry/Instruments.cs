using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SchemaGate.Telemetry;

/// <summary>Everything that is measured, with its name and unit. Costs nothing while nobody listens.</summary>
internal static class Instruments
{
    public const string Name = "SchemaGate";

    private static readonly Meter Meter = new(Name, ProductVersion.Text);

    private static readonly Histogram<double> ReconcileDuration = Meter.CreateHistogram<double>(
        "schemagate.reconcile.duration",
        "s",
        "One look at a gate: reading its evidence, deciding and acting. error.type where it failed.",
        tags: null,
        new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    private static readonly UpDownCounter<long> UnreadObjects = Meter.CreateUpDownCounter<long>(
        "schemagate.unread.objects", "{object}", "Objects that are there and cannot be read, by their kind: each closes itself.");

    /// <summary>Counts an object that cannot be read, or one that can be again or is gone.</summary>
    public static void Unread(string kind, int change) =>
        UnreadObjects.Add(change, new KeyValuePair<string, object?>("schemagate.kind", kind));

    /// <summary>Measures one look at a gate.</summary>
    public static async Task<T> ReconcileAsync<T>(Func<Task<T>> reconcile)
    {
        long started = Stopwatch.GetTimestamp();
        TagList tags = [];
        try
        {
            return await reconcile();
        }
        catch (Exception exception)
        {
            // Its kind only: a text may hold what a log may not.
            tags.Add("error.type", exception.GetType().FullName);
            throw;
        }
        finally
        {
            ReconcileDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
        }
    }
}
