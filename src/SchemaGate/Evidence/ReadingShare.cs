namespace SchemaGate.Evidence;

/// <summary>What one reading has of the <see cref="ReadingBudget"/>, until it is disposed of. One reading's, so not thread-safe.</summary>
internal sealed class ReadingShare : IDisposable
{
    /// <summary>More is taken in such steps.</summary>
    private const long Step = 1 << 20;

    /// <summary>So much a reading may have for as long as it allows itself.</summary>
    private const long Lasting = 8 << 20;

    /// <summary>And more for no longer, where others wait: less than they do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly ReadingBudget budget;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource late = new();
    private readonly CancellationTokenSource ending;
    private RoomPart held;
    private ITimer? timer;
    private long since;

    /// <param name="budget">The memory of all.</param>
    /// <param name="tenant">Who reads.</param>
    /// <param name="part">What was taken of it.</param>
    /// <param name="time">Measures for how long.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public ReadingShare(ReadingBudget budget, string tenant, RoomPart part, TimeProvider time, CancellationToken cancellation)
    {
        (this.budget, this.time, Tenant) = (budget, time, tenant);
        ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        Hold(part);
    }

    public string Tenant { get; }

    /// <summary>Ends the reading that has this share.</summary>
    public CancellationToken Cancellation => ending.Token;

    /// <summary>Whether it has had much for as long as it may where others wait.</summary>
    public bool IsLong => time.GetElapsedTime(since) >= Patience;

    /// <summary>Whether it was ended for that.</summary>
    public bool IsLate => late.IsCancellationRequested;

    /// <summary>Whether it once asked for more and did not get it.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether that was more than any reading gets.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Whether the reading may have so many bytes in all. Once it may not, it may not at all.</summary>
    public bool MayHold(long all)
    {
        if (all > held.Bytes && !IsRefused)
        {
            long steps = Math.Min((all + Step - 1) / Step * Step, budget.Most);
            IsTooLarge = all > budget.Most;
            RoomPart? part = IsTooLarge ? null : budget.TryTake(Tenant, held, steps);
            IsRefused = part is null;
            Hold(part ?? held);
        }

        return !IsRefused;
    }

    /// <summary>Others wait for it.</summary>
    public void End()
    {
        try
        {
            late.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        timer?.Dispose();
        budget.Give(this, held);
        held = default;
        ending.Dispose();
        late.Dispose();
    }

    private void Hold(RoomPart part)
    {
        bool wasMuch = held.Bytes > Lasting;
        held = part;
        if (!wasMuch && held.Bytes > Lasting)
        {
            since = time.GetTimestamp();
            budget.Grown(this);
            timer = time.CreateTimer(_ => budget.MakeRoom(), null, Patience, Timeout.InfiniteTimeSpan);
        }
    }
}
