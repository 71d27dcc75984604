using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Events;

/// <summary>
/// Writes events.k8s.io/v1 Events behind its callers' backs. The same announcement within six minutes of the last is counted on one
/// object (<c>series</c>). An object that is announced too often (see <see cref="TokenBuckets"/>) gets no new events for a while,
/// and the counts of those it has come late.
/// </summary>
/// <param name="client">The server.</param>
/// <param name="controller">"example.com/controller".</param>
/// <param name="instance">Which of its replicas; at most 128 bytes.</param>
/// <param name="failed">Told what could not be written. Must not throw.</param>
/// <param name="time">Measures windows and pauses.</param>
public sealed class EventRecorder(
    KubernetesClient client, string controller, string instance, Action<KubernetesException> failed, TimeProvider time)
{
    /// <summary>How many different announcements are remembered.</summary>
    internal const int Capacity = 1024;

    private const int MaxFailures = 5;
    private const int MaxNoteBytes = 1024;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(6);

    /// <summary>Between two writes of one object: a burst is counted here and told once.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<(string, bool, string, string, string), EventSeriesState> known = [];
    private readonly TokenBuckets allowances = new(time, Capacity);
    private readonly Channel<bool> changed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long lastStamp;

    internal int Remembered
    {
        get
        {
            lock (gate)
            {
                return known.Count;
            }
        }
    }

    /// <summary>Never waits and never throws. Without room for another announcement it is dropped.</summary>
    public void Record(Announcement announcement)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (known.TryGetValue(announcement.Key, out var series) && (series.IsDirty || now - series.Last < Window))
            {
                series.Add(now);
            }
            else if (HasRoom(now) && allowances.TryTake(announcement.Subject))
            {
                known[announcement.Key] = new(First(announcement, now), announcement.Subject, now);
            }
        }

        changed.Writer.TryWrite(true);
    }

    /// <summary>Writes until it is cancelled, then for a few seconds more what is left. Its end is regular: it throws nothing.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var series in Due(time.GetUtcNow()))
            {
                await WriteAsync(series, cancellation);
            }

            await WaitAsync(cancellation);
        }

        using var parting = new CancellationTokenSource(Parting, time);
        foreach (var series in Due(DateTimeOffset.MaxValue))
        {
            await WriteAsync(series, parting.Token);
        }
    }

    private Eventsv1Event First(Announcement announcement, DateTimeOffset now)
    {
        lastStamp = Math.Max(now.UtcTicks, lastStamp + 1);
        var regarding = announcement.Regarding;
        return new()
        {
            Metadata = new()
            {
                NamespaceProperty = regarding.NamespaceProperty is { Length: > 0 } ns ? ns : "default",
                Name = EventText.Name(regarding.Name ?? "", lastStamp),
            },
            EventTime = now.ToMicroTime(),
            ReportingController = controller,
            ReportingInstance = instance,
            Action = announcement.Action,
            Reason = announcement.Reason,
            Regarding = regarding,
            Note = EventText.Cut(announcement.Note, MaxNoteBytes),
            Type = announcement.Normal ? "Normal" : "Warning",
        };
    }

    private bool HasRoom(DateTimeOffset now)
    {
        if (known.Count >= Capacity)
        {
            foreach (var (old, _) in known.Where(one => !one.Value.IsDirty && now - one.Value.Last >= Window).ToList())
            {
                known.Remove(old);
            }
        }

        return known.Count < Capacity;
    }

    private List<EventSeriesState> Due(DateTimeOffset by)
    {
        lock (gate)
        {
            return [.. known.Values.Where(series => series.IsDirty && series.NotBefore <= by).OrderBy(series => series.Last)];
        }
    }

    // Until there is something new, or something known falls due.
    private async Task WaitAsync(CancellationToken cancellation)
    {
        TimeSpan? pause;
        lock (gate)
        {
            pause = known.Values.Where(series => series.IsDirty).Select(series => (DateTimeOffset?)series.NotBefore).Min()
                - time.GetUtcNow();
        }

        if (pause <= TimeSpan.Zero)
        {
            return;
        }

        using var due = new CancellationTokenSource(pause ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, due.Token);
        await ((Task)changed.Reader.ReadAsync(either.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(EventSeriesState series, CancellationToken cancellation)
    {
        Eventsv1Event wanted;
        lock (gate)
        {
            series.NotBefore = time.GetUtcNow() + Pace;
            if (series.Exists && !allowances.TryTake(series.Subject))
            {
                return;
            }

            wanted = series.Wanted;
        }

        try
        {
            var count = series.Exists && await PatchedAsync(wanted, cancellation)
                ? wanted.Series!.Count
                : await CreatedAsync(wanted, cancellation);
            lock (gate)
            {
                series.Written(count);
            }
        }
        catch (KubernetesException e)
        {
            Failed(series, e);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The process ends; an event is not worth waiting for.
        }
    }

    /// <returns>The count that the object says.</returns>
    private async Task<int> CreatedAsync(Eventsv1Event wanted, CancellationToken cancellation)
    {
        try
        {
            await client.CreateAsync(Kinds.Event, wanted, cancellation);
            return wanted.Series?.Count ?? 1;
        }
        catch (KubernetesException e) when (e.Reason == StatusReason.AlreadyExists)
        {
            // An earlier attempt whose answer was lost.
            return 1;
        }
    }

    // The server deletes events after an hour, and then one is made anew.
    private async Task<bool> PatchedAsync(Eventsv1Event wanted, CancellationToken cancellation)
    {
        var content = new JsonObject { ["series"] = ModelJson.Write(wanted.Series, ModelContext.Default.Eventsv1EventSeries) };
        try
        {
            await client.PatchAsync(
                Kinds.Event, wanted.Metadata.NamespaceProperty, wanted.Metadata.Name!, new MergePatch(content), cancellation: cancellation);
            return true;
        }
        catch (KubernetesException e) when (e.Reason == StatusReason.NotFound)
        {
            return false;
        }
    }

    private void Failed(EventSeriesState series, KubernetesException failure)
    {
        lock (gate)
        {
            series.Failures++;
            if (!failure.Retryable || series.Failures >= MaxFailures)
            {
                series.GiveUp();
            }
        }

        failed(failure);
    }
}
