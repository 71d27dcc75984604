using System.Threading.Channels;

namespace SchemaGate.Kubernetes.Controllers;

/// <summary>
/// Keys that want attention. A key waits at most once, however often it is added; a key that is added while it is
/// worked on is handed out once more after. Of one tenant no more than a share is handed out at a time: its other keys
/// wait behind its own, and nobody else's behind them. Thread-safe.
/// </summary>
#pragma warning disable CA1711 // A queue by every controller's name for it, if not by the collection's.
public sealed class WorkQueue<TKey>(TimeProvider time, Backoff retries) : IDisposable
    where TKey : notnull
#pragma warning restore CA1711
{
    // "No later than" is kept by firing early, and timers have a longest time.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly Channel<TKey> ready = Channel.CreateUnbounded<TKey>();
    private readonly Dictionary<TKey, long> wanted = [];
    private readonly HashSet<TKey> working = [];
    private readonly Dictionary<string, Turns> tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<TKey, Delayed> delayed = [];
    private readonly Dictionary<TKey, int> failures = [];
    private bool closed;

    /// <summary>Whose key it is; by default all are one tenant's.</summary>
    public Func<TKey, string> Tenant { get; init; } = _ => "";

    /// <summary>So many keys of one tenant are worked on, or next, at a time.</summary>
    public int Share { get; init; } = int.MaxValue;

    /// <summary>How many keys wait to be taken now, for a metric.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return ready.Reader.Count + tenants.Values.Sum(turns => turns.Waiting.Count);
            }
        }
    }

    /// <summary>For how long the key that waits longest does; zero where none waits.</summary>
    public TimeSpan Age
    {
        get
        {
            lock (gate)
            {
                return wanted.Count == 0 ? TimeSpan.Zero : time.GetElapsedTime(wanted.Values.Min());
            }
        }
    }

    /// <summary>Now. A delayed add of the same key is thereby done with: it asked for no later than then.</summary>
    public void Add(TKey key)
    {
        lock (gate)
        {
            AddNow(key);
        }
    }

    /// <summary>After a delay; of several for one key the earliest counts.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        delay = delay < LongestDelay ? delay : LongestDelay;
        lock (gate)
        {
            var due = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
            if (closed || wanted.ContainsKey(key) || (delayed.TryGetValue(key, out var earlier) && earlier.Due <= due))
            {
                return;
            }

            Forget(delayed, key);
            var entry = new Delayed(due);
            delayed[key] = entry;
            entry.Timer = time.CreateTimer(_ => Fire(key, entry), null, delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>After a delay that grows with each call until <see cref="Forget(TKey)"/>.</summary>
    public void Retry(TKey key)
    {
        TimeSpan delay;
        lock (gate)
        {
            var before = failures.GetValueOrDefault(key);
            failures[key] = before + 1;
            delay = retries.Delay(before);
        }

        AddAfter(key, delay);
    }

    /// <summary>The key succeeded: its next failure is its first.</summary>
    public void Forget(TKey key)
    {
        lock (gate)
        {
            failures.Remove(key);
        }
    }

    /// <summary>Waits for a key. Whoever takes one must call <see cref="Done"/>, and no one else is given it until then.</summary>
    /// <exception cref="ChannelClosedException">The queue is closed and empty.</exception>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellation)
    {
        var key = await ready.Reader.ReadAsync(cancellation);
        lock (gate)
        {
            wanted.Remove(key);
            working.Add(key);
        }

        return key;
    }

    public void Done(TKey key)
    {
        lock (gate)
        {
            working.Remove(key);
            var tenant = Tenant(key);
            var turns = tenants[tenant];
            turns.Given--;
            if (wanted.ContainsKey(key))
            {
                turns.Waiting.Enqueue(key);
            }

            if (turns.Waiting.TryDequeue(out var next))
            {
                Give(turns, next);
            }
            else if (turns.Given == 0)
            {
                tenants.Remove(tenant);
            }
        }
    }

    /// <summary>Closes the queue: later adds do nothing, and delayed ones are dropped.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            ready.Writer.TryComplete();
            foreach (var key in delayed.Keys.ToList())
            {
                Forget(delayed, key);
            }
        }
    }

    private void AddNow(TKey key)
    {
        if (closed)
        {
            return;
        }

        Forget(delayed, key);
        if (!wanted.TryAdd(key, time.GetTimestamp()) || working.Contains(key))
        {
            return;
        }

        var tenant = Tenant(key);
        if (!tenants.TryGetValue(tenant, out var turns))
        {
            tenants.Add(tenant, turns = new Turns());
        }

        if (turns.Given < Share)
        {
            Give(turns, key);
        }
        else
        {
            turns.Waiting.Enqueue(key);
        }
    }

    private void Give(Turns turns, TKey key)
    {
        turns.Given++;
        ready.Writer.TryWrite(key);
    }

    private void Fire(TKey key, Delayed entry)
    {
        lock (gate)
        {
            // A timer that was replaced may already have been on its way.
            if (delayed.TryGetValue(key, out var current) && ReferenceEquals(current, entry))
            {
                AddNow(key);
            }
        }
    }

    private static void Forget(Dictionary<TKey, Delayed> delayed, TKey key)
    {
        if (delayed.Remove(key, out var entry))
        {
            entry.Timer?.Dispose();
        }
    }

    /// <summary>One tenant's.</summary>
    private sealed class Turns
    {
        /// <summary>Keys that are ready to be taken, or taken and not done.</summary>
        public int Given { get; set; }

        public Queue<TKey> Waiting { get; } = new();
    }

    private sealed class Delayed(long due)
    {
        public long Due => due;

        public ITimer? Timer { get; set; }
    }
}
