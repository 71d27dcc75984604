using SchemaGate.Core;

namespace SchemaGate.Evidence;

/// <summary>
/// Readings that may take long, each shared by all of a tenant's gates that want the same. A look at a gate waits for one for a while;
/// after that it goes on beside, and whoever wants it is told of its end. So many of one tenant run at a time; what no gate wants any
/// more is ended. Thread-safe.
/// </summary>
/// <param name="time">Measures waits.</param>
internal sealed class Readings(TimeProvider time)
{
    /// <summary>Of one tenant at a time.</summary>
    public const int Share = 8;

    /// <summary>Failures that are remembered: a few hundred bytes each.</summary>
    private const int KeptFailures = 1024;

    /// <summary>For a reading, from when a look asks for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A failure that took so long to come is not asked for again at once.</summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<object, Reading> running = [];
    private readonly Dictionary<(string Tenant, string Name), Look> waiting = [];
    private readonly BoundedCache<object, (object? Failure, long At)> late = new(KeptFailures);
    private long looks;

    /// <summary>Begins a look, which <see cref="Look.End"/> ends.</summary>
    /// <param name="tenant">Whose share it takes.</param>
    /// <param name="name">The gate, among the tenant's.</param>
    /// <param name="ended">Told of the end of what the look did not wait for.</param>
    public Look Begin(string tenant, string name, Action ended)
    {
        lock (gate)
        {
            return waiting[(tenant, name)] = new(this, tenant, name, ended, ++looks);
        }
    }

    /// <summary>The gate is another than the one that is being looked at: that look waits for nothing more.</summary>
    public void Hurry(string tenant, string name)
    {
        Look? look;
        lock (gate)
        {
            look = waiting.GetValueOrDefault((tenant, name));
        }

        look?.Hurry();
    }

    /// <summary>Ends all of them.</summary>
    public void EndAll()
    {
        List<Reading> ending;
        lock (gate)
        {
            ending = [.. running.Values];
            running.Clear();
        }

        ending.ForEach(reading => reading.Ending.Cancel());
    }

    /// <param name="look">Who asks.</param>
    /// <param name="key">What tells it from all other readings.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="read">Reads; what is found it keeps itself.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null while it goes on, unless it failed the last time.</returns>
    internal async Task<Evidence<T>?> ReadAsync<T>(
        Look look, object key, TimeSpan patience, Func<CancellationToken, Task<Evidence<T>>> read, CancellationToken cancellation)
    {
        if (late.TryGet(key, out (object? Failure, long At) last) && last.Failure is Evidence<T> failure
            && time.GetElapsedTime(last.At) < FailureLifetime)
        {
            return failure;
        }

        Reading reading = Join(look, key, async ending =>
        {
            Evidence<T> evidence = await read(ending);
            return new(evidence, evidence is Evidence<T>.Found);
        });
        if (!reading.IsLate)
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(look.Hurried, cancellation);
            Task result = reading.Result.Task;
            await result.WaitAsync(patience, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }

        return look.Hurried.IsCancellationRequested || IsGoingOn(reading)
            ? (Evidence<T>?)last.Failure
            : (Evidence<T>)(await reading.Result.Task).Evidence;
    }

    /// <summary>What earlier looks at the gate wanted, and this one does not.</summary>
    internal void End(Look look)
    {
        List<Reading> ending = [];
        lock (gate)
        {
            if (waiting.GetValueOrDefault(look.Gate) == look)
            {
                waiting.Remove(look.Gate);
            }

            bool isWhole = !look.IsCut && !look.Hurried.IsCancellationRequested;
            foreach (Reading reading in running.Values.Where(reading => isWhole && reading.IsLeftBy(look)).ToList())
            {
                reading.Wanting.Remove(look.Gate);
                if (reading.Wanting.Count == 0)
                {
                    Remove(reading);
                    ending.Add(reading);
                }
            }
        }

        ending.ForEach(reading => reading.Ending.Cancel());
    }

    private Reading Join(Look look, object key, Func<CancellationToken, Task<Outcome>> read)
    {
        lock (gate)
        {
            if (!running.TryGetValue(key, out Reading? reading))
            {
                running.Add(key, reading = new(key, look.Gate.Tenant, read));
                StartNext(reading.Tenant);
            }

            if (!reading.Wanting.TryGetValue(look.Gate, out Look? wanting) || wanting.Number < look.Number)
            {
                reading.Wanting[look.Gate] = look;
            }

            return reading;
        }
    }

    /// <summary>Whether the look goes on without it; its end is told then.</summary>
    private bool IsGoingOn(Reading reading)
    {
        lock (gate)
        {
            reading.IsLate = !reading.Result.Task.IsCompleted;
            if (!reading.IsLate)
            {
                Remove(reading);
            }

            return reading.IsLate;
        }
    }

    private void StartNext(string tenant)
    {
        List<Reading> its = [.. running.Values.Where(reading => reading.Tenant == tenant)];
        if (its.Find(reading => !reading.IsStarted) is { } next && its.Count(reading => reading.IsRunning) < Share)
        {
            next.IsStarted = true;
            _ = Task.Run(() => RunAsync(next));
        }
    }

    private async Task RunAsync(Reading reading)
    {
        Task<Outcome> task = reading.Read(reading.Ending.Token);
        await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        List<Look> told;
        lock (gate)
        {
            if (reading.IsLate && task.IsCompletedSuccessfully)
            {
                late.Set(reading.Key, (task.Result.IsFound ? null : task.Result.Evidence, time.GetTimestamp()));
            }

            if (!reading.IsLate || task.IsCompletedSuccessfully)
            {
                // What failed by a fault of our own is left for the next look to say.
                Remove(reading);
            }

            told = reading.IsLate ? [.. reading.Wanting.Values] : [];
            reading.Result.SetFromTask(task);
            reading.IsLate = false;
            StartNext(reading.Tenant);
        }

        told.ForEach(look => look.Ended());
    }

    private void Remove(Reading reading)
    {
        if (running.GetValueOrDefault(reading.Key) == reading)
        {
            running.Remove(reading.Key);
        }
    }

    private sealed record Outcome(object Evidence, bool IsFound);

    private sealed class Reading(object key, string tenant, Func<CancellationToken, Task<Outcome>> read)
    {
        public object Key => key;

        public string Tenant => tenant;

        public Func<CancellationToken, Task<Outcome>> Read => read;

        public CancellationTokenSource Ending { get; } = new();

        public TaskCompletionSource<Outcome> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Dictionary<(string Tenant, string Name), Look> Wanting { get; } = [];

        public bool IsStarted { get; set; }

        public bool IsRunning => IsStarted && !Result.Task.IsCompleted;

        /// <summary>Whether a look has gone on without it.</summary>
        public bool IsLate { get; set; }

        public bool IsLeftBy(Look look) => Wanting.TryGetValue(look.Gate, out Look? wanting) && wanting.Number < look.Number;
    }
}
