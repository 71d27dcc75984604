using SchemaGate.Kubernetes;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// How many reviews, and bytes of them, are in the process at a time; the others wait in the order in which they came, their bodies
/// unread. Thread-safe.
/// </summary>
internal sealed class ReviewBudget
{
    /// <summary>More than an API server asks at once; what is parsed takes several times its bytes.</summary>
    public const int MostReviews = 128;

    /// <summary>Four of the largest.</summary>
    public const long MostBytes = 32 << 20;

    /// <summary>The API server waits for ten seconds: who comes after so many would wait in vain.</summary>
    public const int MostWaiting = 1024;

    private readonly Lock gate = new();
    private readonly LinkedList<Waiter> waiting = new();
    private int reviews;
    private long bytes;

    /// <param name="size">The body's bytes; at most <see cref="MostBytes"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>To be disposed of when the review is answered.</returns>
    /// <exception cref="KubernetesException">TooManyRequests: too many wait.</exception>
    public async Task<IDisposable> EnterAsync(long size, CancellationToken cancellation)
    {
        Waiter waiter = new(size, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            if (waiting.Count == MostWaiting)
            {
                throw new KubernetesException(StatusReason.TooManyRequests, "too many reviews wait already", retryable: true);
            }

            waiting.AddLast(waiter);
            Admit();
        }

        await using (cancellation.Register(() => waiter.Entered.TrySetCanceled(cancellation)))
        {
            try
            {
                await waiter.Entered.Task;
            }
            catch (OperationCanceledException)
            {
                lock (gate)
                {
                    waiting.Remove(waiter);
                    Admit();
                }

                throw;
            }
        }

        return new Place(this, size);
    }

    private void Admit()
    {
        while (waiting.First?.Value is { } first && reviews < MostReviews && (bytes + first.Size <= MostBytes || reviews == 0))
        {
            waiting.RemoveFirst();
            if (first.Entered.TrySetResult())
            {
                reviews++;
                bytes += first.Size;
            }
        }
    }

    private void Leave(long size)
    {
        lock (gate)
        {
            reviews--;
            bytes -= size;
            Admit();
        }
    }

    private sealed record Waiter(long Size, TaskCompletionSource Entered);

    private sealed class Place(ReviewBudget budget, long size) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
            {
                budget.Leave(size);
            }
        }
    }
}
