using System.Threading.Channels;

namespace SchemaGate.Kubernetes.Controllers;

/// <summary>
/// Works a queue off: each key by one worker at a time, with backoff while it fails, and again when it asks to be looked at again.
/// Work that takes longer than a moment goes on beside the workers, who take the next key: it waits for others, and keeps nobody.
/// </summary>
/// <param name="queue">The keys.</param>
/// <param name="reconcile">The work; answers when to look again, null for only when something changes.</param>
/// <param name="failed">Told every exception; for the log. It must not throw.</param>
/// <param name="time">Measures the moment and the grace.</param>
public sealed class Controller<TKey>(
    WorkQueue<TKey> queue, Func<TKey, CancellationToken, Task<TimeSpan?>> reconcile, Action<TKey, Exception> failed, TimeProvider time)
    where TKey : notnull
{
    private readonly List<Task> beside = [];

    public int Workers { get; init; } = 1;

    /// <summary>After which a worker takes the next key.</summary>
    public TimeSpan Moment { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>So many keys are worked on beside the workers; beyond, a worker stays until its work ends.</summary>
    public int MostBeside { get; init; } = 256;

    /// <summary>What work in progress has to finish, once stopping, before its cancellation.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs until <paramref name="stopping"/>; then takes no further key, and returns when the last work has ended.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var registration = stopping.Register(() => abort.CancelAfter(Grace));
        // Task.Run: a reconcile without a true wait must not keep the other workers from starting.
        var workers = Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(stopping, abort.Token), CancellationToken.None));
        await Task.WhenAll(workers);
        await Task.WhenAll(beside);
    }

    private async Task WorkAsync(CancellationToken stopping, CancellationToken abort)
    {
        while (!stopping.IsCancellationRequested)
        {
            TKey key;
            try
            {
                key = await queue.TakeAsync(stopping);
            }
            catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
            {
                return;
            }

            var work = WorkToEndAsync(key, abort);
            await work.WaitAsync(Moment, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!work.IsCompleted && !LetGo(work))
            {
                await work;
            }
        }
    }

    private bool LetGo(Task work)
    {
        lock (beside)
        {
            beside.RemoveAll(other => other.IsCompleted);
            if (beside.Count >= MostBeside)
            {
                return false;
            }

            beside.Add(work);
            return true;
        }
    }

    private async Task WorkToEndAsync(TKey key, CancellationToken abort)
    {
        try
        {
            await WorkAsync(key, abort);
        }
        finally
        {
            queue.Done(key);
        }
    }

    private async Task WorkAsync(TKey key, CancellationToken abort)
    {
        try
        {
            var again = await reconcile(key, abort);
            queue.Forget(key);
            if (again is { } delay)
            {
                queue.AddAfter(key, delay);
            }
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // Not done: whoever works this queue next, a later term of the same leader maybe, begins with it.
            queue.Add(key);
        }
#pragma warning disable CA1031 // One key's failure, of whatever kind, is not the other keys'.
        catch (Exception e)
#pragma warning restore CA1031
        {
            queue.Retry(key);
            failed(key, e);
        }
    }
}
