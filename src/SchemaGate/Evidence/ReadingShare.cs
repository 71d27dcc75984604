namespace SchemaGate.Evidence;

/// <summary>What one reading has of the <see cref="ReadingBudget"/>, until it is disposed of. One reading's, so not thread-safe.</summary>
internal sealed class ReadingShare(ReadingBudget budget, long bytes) : IDisposable
{
    /// <summary>More is taken in such steps.</summary>
    private const long Step = 1 << 20;

    private long held = bytes;

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
            held += IsRefused ? 0 : more;
        }

        return !IsRefused;
    }

    public void Dispose()
    {
        budget.Give(held);
        held = 0;
    }
}
