namespace SchemaGate.Evidence;

/// <summary>What one reading has of the <see cref="ReadingBudget"/>, until it is disposed of. One reading's, so not thread-safe.</summary>
internal sealed class ReadingShare : IDisposable
{
    /// <summary>More is taken in such steps.</summary>
    private const long Step = 1 << 20;

    /// <summary>So much a reading may have for as long as it allows itself.</summary>
    private const long Lasting = 8 << 20;

    /// <summary>And more for no longer: others wait for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ReadingBudget budget;
    private readonly CancellationTokenSource late;
    private readonly CancellationTokenSource ending;
    private long held;

    /// <param name="budget">The memory of all.</param>
    /// <param name="bytes">What was taken of it.</param>
    /// <param name="time">Measures for how long.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public ReadingShare(ReadingBudget budget, long bytes, TimeProvider time, CancellationToken cancellation)
    {
        this.budget = budget;
        late = new(Timeout.InfiniteTimeSpan, time);
        ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        Add(bytes);
    }

    /// <summary>Ends the reading that has this share.</summary>
    public CancellationToken Cancellation => ending.Token;

    /// <summary>Whether it has had much for too long.</summary>
    public bool IsLate => late.IsCancellationRequested;

    /// <summary>Whether it once asked for more and did not get it.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether that was more than any reading gets.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Whether the reading may have so many bytes in all. Once it may not, it may not at all.</summary>
    public bool MayHold(long all)
    {
        if (all > held && !IsRefused)
        {
            long more = Math.Min((all + Step - 1) / Step * Step, budget.Most) - held;
            IsTooLarge = all > budget.Most;
            IsRefused = IsTooLarge || !budget.TryTake(more);
            Add(IsRefused ? 0 : more);
        }

        return !IsRefused;
    }

    public void Dispose()
    {
        budget.Give(held);
        held = 0;
        ending.Dispose();
        late.Dispose();
    }

    private void Add(long bytes)
    {
        if (held <= Lasting && held + bytes > Lasting)
        {
            late.CancelAfter(Patience);
        }

        held += bytes;
    }
}
