namespace SchemaGate.Evidence;

/// <summary>
/// The memory that all readings of images, histories and SQL may take at once, however many gates there are: small against what the process
/// has, besides what each reading allows itself. First come, first served. Thread-safe.
/// </summary>
/// <remarks>
/// A reading enters with little and takes more as it goes, where there is room; it never waits while it holds any. Where there is none, it
/// gives back what it has and begins again with as much as one may have. So no two wait for each other, a large reading's turn comes, and a
/// slow source keeps only as much as it has sent, and much of that for a minute.
/// </remarks>
/// <param name="total">In bytes.</param>
/// <param name="time">Measures the waiting.</param>
internal sealed class ReadingBudget(long total, TimeProvider time)
{
    private const long Least = 32 << 20;
    private const long Largest = 512 << 20;

    /// <summary>Whoever waits for longer had better come back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly LinkedList<Waiter> waiting = [];
    private long free = total;

    /// <summary>As much as one reading may have: never all of it, or one that is slow could stand before it for ever.</summary>
    public long Most { get; } = total / 2;

    /// <summary>What nobody has.</summary>
    public long Free
    {
        get
        {
            lock (gate)
            {
                return free;
            }
        }
    }

    /// <summary>
    /// A third of what the garbage collector may use, which in a container is three quarters of its limit. Where there is no limit, so many
    /// readings at once help nobody.
    /// </summary>
    public static ReadingBudget OfProcess(TimeProvider time) =>
        new(Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3, Least, Largest), time);

    /// <summary>Reads within the budget.</summary>
    /// <param name="first">The bytes to begin with.</param>
    /// <param name="read">
    /// Reads, until its share's cancellation; what it says is void if its share was refused more, and is then done once again. </param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="BudgetException">No turn came in time, or it needs more than one may have.</exception>
    public async Task<T> ReadAsync<T>(long first, Func<ReadingShare, Task<T>> read, CancellationToken cancellation)
    {
        using (ReadingShare share = await EnterAsync(Math.Min(first, Most), cancellation))
        {
            (bool isDone, T result) = await TryAsync(share, read);
            if (isDone)
            {
                return result;
            }
        }

        using ReadingShare whole = await EnterAsync(Most, cancellation);
        return (await TryAsync(whole, read)).Result;
    }

    internal bool TryTake(long bytes)
    {
        lock (gate)
        {
            // Who waits comes first; else small ones would keep a large one waiting for ever.
            bool fits = waiting.Count == 0 && bytes <= free;
            free -= fits ? bytes : 0;
            return fits;
        }
    }

    internal void Give(long bytes)
    {
        lock (gate)
        {
            free += bytes;
            Serve();
        }
    }

    private async Task<(bool IsDone, T Result)> TryAsync<T>(ReadingShare share, Func<ReadingShare, Task<T>> read)
    {
        try
        {
            T result = await read(share);
            if (!share.IsRefused)
            {
                return (true, result);
            }
        }
        catch (OperationCanceledException) when (share.IsLate)
        {
            throw new BudgetException(
                isTooLarge: false,
                $"it took much memory for longer than {ReadingShare.Patience.TotalSeconds:0} s, which others wait for. It will be tried "
                + "again");
        }
        catch (Exception exception) when (share.IsRefused && exception is not OperationCanceledException)
        {
            // It says that it was refused memory, in words for nobody.
        }

        return !share.IsTooLarge ? (false, default(T)!) : throw new BudgetException(
            isTooLarge: true,
            $"it takes more than the {Most >> 20} MiB of memory that one reading may have here. Make it smaller, or raise the operator's "
            + "memory limit");
    }

    private async Task<ReadingShare> EnterAsync(long bytes, CancellationToken cancellation)
    {
        if (TryTake(bytes))
        {
            return new ReadingShare(this, bytes, time, cancellation);
        }

        Waiter waiter = new(bytes);
        lock (gate)
        {
            waiting.AddLast(waiter);
            Serve();
        }

        try
        {
            await waiter.Turn.Task.WaitAsync(Patience, time, cancellation);
            return new ReadingShare(this, bytes, time, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            Leave(waiter);
            throw exception is OperationCanceledException ? exception : new BudgetException(
                isTooLarge: false,
                $"others are read, and its turn did not come within {Patience.TotalSeconds:0} s. It will be tried again");
        }
    }

    /// <summary>A turn that came at the last moment is given back.</summary>
    private void Leave(Waiter waiter)
    {
        lock (gate)
        {
            if (!waiting.Remove(waiter))
            {
                free += waiter.Bytes;
            }

            Serve();
        }
    }

    private void Serve()
    {
        while (waiting.First is { Value: var next } && next.Bytes <= free)
        {
            waiting.RemoveFirst();
            free -= next.Bytes;
            next.Turn.SetResult();
        }
    }

    private sealed class Waiter(long bytes)
    {
        public long Bytes { get; } = bytes;

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
