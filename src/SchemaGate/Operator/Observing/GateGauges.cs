using Microsoft.Extensions.Logging;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Observing;

/// <summary>
/// What is so of the gates, read from the caches when somebody asks. Only the leader answers, so that sums over the replicas count nothing
/// twice; one that does not lead any more has nothing to say at the next look, which Prometheus takes for the end of its series.
/// </summary>
internal sealed partial class GateGauges : IDisposable
{
    /// <summary>All that is asked for at one look is answered from one.</summary>
    private static readonly TimeSpan OneLook = TimeSpan.FromSeconds(1);

    private readonly ClusterView view;
    private readonly Func<bool> leads;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly GaugeMeter meter = new();
    private readonly Lock gate = new();
    private Dictionary<ObjectKey, string?> before = [];
    private (long At, Observation Found)? last;
    private bool isWarned;

    /// <param name="view">The caches.</param>
    /// <param name="leads">Whether this replica does.</param>
    /// <param name="logger">The process's log.</param>
    /// <param name="time">The time.</param>
    public GateGauges(ClusterView view, Func<bool> leads, ILogger logger, TimeProvider time)
    {
        (this.view, this.leads, this.logger, this.time) = (view, leads, logger, time);
        foreach (Metric metric in (Metric[])
            [
                Metrics.GateCount, Metrics.GatesUnlisted, Metrics.GateVerdict, Metrics.GateVerdictTimestamp, Metrics.GateCondition,
                Metrics.GateMigrations, Metrics.GateHeld, Metrics.GateHeldTimestamp, Metrics.GateMissingTimestamp,
                Metrics.GateRunTimestamp, Metrics.GateOverrideTimestamp, Metrics.Held, Metrics.UnreadObjects,
            ])
        {
            meter.With(metric, () => Look()[metric]);
        }

        meter.Begin();
    }

    public void Dispose() => meter.Dispose();

    private Observation Look()
    {
        if (!leads())
        {
            return new();
        }

        lock (gate)
        {
            if (last is not { } known || time.GetElapsedTime(known.At) >= OneLook)
            {
                last = known = (time.GetTimestamp(), Observe());
            }

            return known.Found;
        }
    }

    private Observation Observe()
    {
        Observation found = new();
        List<SchemaGateResource> all = [.. view.Gates];
        foreach (var group in all.GroupBy(one => (Verdict: GateSeries.VerdictOf(one), Reason: GateSeries.ReasonOf(one))))
        {
            found.Add(
                Metrics.GateCount, group.Count(), Labels.Verdict.Of(group.Key.Verdict.ToString()), Labels.Reason.Of(group.Key.Reason));
        }

        List<SchemaGateResource> listed = Listed(all);
        DateTimeOffset now = time.GetUtcNow();
        listed.ForEach(one => GateSeries.AddTo(found, one, now));
        Waiters waiters = Waiters.In(view, now);
        waiters.AddTo(found, listed.Select(ObjectKey.Of).ToHashSet());
        waiters.AddMissingTo(found, all.Select(ObjectKey.Of).ToHashSet());
        foreach (var group in view.Unread.All.GroupBy(unread => unread.Kind, StringComparer.Ordinal))
        {
            found.Add(Metrics.UnreadObjects, group.Count(), Labels.UnreadKind.Of(group.Key));
        }

        found.Add(Metrics.GatesUnlisted, all.Count - listed.Count);
        Warn(all.Count - listed.Count);
        Take(listed);
        return found;
    }

    /// <summary>Those that are not open first: it is those that somebody looks for.</summary>
    private static List<SchemaGateResource> Listed(List<SchemaGateResource> all) => all.Count <= Labels.MostGates
        ? all
        : [.. all.OrderBy(one => GateSeries.VerdictOf(one) == Verdict.Open)
            .ThenBy(one => one.Metadata.NamespaceProperty, StringComparer.Ordinal).ThenBy(one => one.Metadata.Name, StringComparer.Ordinal)
            .Take(Labels.MostGates)];

    /// <summary>A gate that is stored as it was has no other labels than it had.</summary>
    private void Take(List<SchemaGateResource> listed)
    {
        Dictionary<ObjectKey, string?> now = listed.ToDictionary(ObjectKey.Of, one => (string?)one.Metadata.ResourceVersion);
        meter.Take(now.Count(entry => !before.TryGetValue(entry.Key, out string? version) || version != entry.Value));
        before = now;
    }

    private void Warn(int unlisted)
    {
        if (unlisted > 0 != isWarned)
        {
            isWarned = unlisted > 0;
            if (isWarned)
            {
                LogUnlisted(unlisted, Labels.MostGates);
            }
        }
    }

    [LoggerMessage(1500, LogLevel.Warning, "{Count} gates have no metrics of their own: there are more than {Most}. They are counted.")]
    private partial void LogUnlisted(int count, int most);
}
