namespace SchemaGate.Evidence;

/// <summary>
/// The memory that all readings of images, histories and SQL may take at once, however many gates there are: small against what the process
/// has, besides what each reading allows itself. Thread-safe.
/// </summary>
/// <remarks>
/// <para>A reading enters with little and takes more as it goes, where there is room; it never waits while it holds any. Where there is
/// none, it gives back what it has and begins again with as much as one may have. So no two wait for each other, a large reading's turn
/// comes, and a slow source keeps only as much as it has sent.</para>
/// <para>A quarter is for small readings, and each tenant has a sixteenth of the whole of it at most, whatever the others do with the rest.
/// Of that no tenant has more than half of the whole; it is first come, first served, and who has had much of it for a while gives way to
/// whoever waits.</para>
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
    private readonly ReadingRoom room = new(total);
    private readonly List<Waiter> waiting = [];
    private readonly List<ReadingShare> much = [];

    /// <summary>As much as one reading may have: never all of it, or one that is slow could stand before it for ever.</summary>
    public long Most => room.Most;

    /// <summary>All that there is.</summary>
    public long Total => total;

    /// <summary>How many readings wait for their turn.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>What nobody has.</summary>
    public long Free
    {
        get
        {
            lock (gate)
            {
                return room.Free;
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
    /// <param name="tenant">For whom.</param>
    /// <param name="first">The bytes to begin with.</param>
    /// <param name="read">
    /// Reads, until its share's cancellation; what it says is void if its share was refused more, and is then done once again. </param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="BudgetException">No turn came in time, or it needs more than one may have.</exception>
    public async Task<T> ReadAsync<T>(string tenant, long first, Func<ReadingShare, Task<T>> read, CancellationToken cancellation)
    {
        using (ReadingShare share = await EnterAsync(tenant, Math.Min(first, Most), cancellation))
        {
            (bool isDone, T result) = await TryAsync(share, read);
            if (isDone)
            {
                return result;
            }
        }

        using ReadingShare whole = await EnterAsync(tenant, Most, cancellation);
        return (await TryAsync(whole, read)).Result;
    }

    /// <summary>What a reading has instead of what it had; null where there is no room.</summary>
    internal RoomPart? TryTake(string tenant, RoomPart has, long bytes)
    {
        lock (gate)
        {
            // Who waits comes first; else small ones would keep a large one waiting for ever.
            return waiting.Exists(waiter => waiter.Tenant == tenant)
                ? null
                : room.TryTake(tenant, has, bytes, ownOnly: waiting.Exists(waiter => !room.IsFull(waiter.Tenant, waiter.Bytes)));
        }
    }

    /// <summary>The share has had much from now on.</summary>
    internal void Grown(ReadingShare share)
    {
        lock (gate)
        {
            much.Add(share);
        }
    }

    internal void Give(ReadingShare share, RoomPart part)
    {
        lock (gate)
        {
            much.Remove(share);
            room.Give(share.Tenant, part);
            Serve();
        }

        MakeRoom();
    }

    /// <summary>
    /// While somebody waits, those who have had much for long are ended, the longest first and one by one. Who keeps nobody waiting may
    /// take its time.
    /// </summary>
    internal void MakeRoom()
    {
        ReadingShare? ending = null;
        lock (gate)
        {
            ending = much.Exists(share => share.IsLate) ? null : much.Find(share => share.IsLong && waiting.Exists(
                waiter => waiter.Tenant == share.Tenant || !room.IsFull(waiter.Tenant, waiter.Bytes)));
        }

        ending?.End();
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

    private async Task<ReadingShare> EnterAsync(string tenant, long bytes, CancellationToken cancellation)
    {
        Waiter waiter = new(tenant, bytes, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            waiting.Add(waiter);
            Serve();
        }

        MakeRoom();
        try
        {
            return new ReadingShare(this, tenant, await waiter.Turn.Task.WaitAsync(Patience, time, cancellation), time, cancellation);
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
                room.Give(waiter.Tenant, waiter.Turn.Task.Result);
            }

            Serve();
        }
    }

    /// <summary>
    /// In their order: behind one for whom there is no room only what is small passes, and behind one whose tenant has all that it may have
    /// everybody else's does.
    /// </summary>
    private void Serve()
    {
        bool ownOnly = false;
        HashSet<string> full = new(StringComparer.Ordinal);
        foreach (Waiter waiter in waiting.ToList())
        {
            if (full.Contains(waiter.Tenant))
            {
                continue;
            }

            if (room.TryTake(waiter.Tenant, default, waiter.Bytes, ownOnly) is { } part)
            {
                waiting.Remove(waiter);
                waiter.Turn.SetResult(part);
                continue;
            }

            full.Add(waiter.Tenant);
            ownOnly |= !room.IsFull(waiter.Tenant, waiter.Bytes);
        }
    }

    private sealed record Waiter(string Tenant, long Bytes, TaskCompletionSource<RoomPart> Turn);
}
