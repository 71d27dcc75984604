using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Watching;

/// <summary>
/// A cache of all objects of one type, kept up to date by a list and then watches, through cut connections, expired
/// versions and restarted servers. Reading is thread-safe and never waits. Stale is possible, going back in time is not
/// (unless etcd itself is restored from a backup; restart then).
/// </summary>
public sealed class Informer<T>(KubernetesClient client, ResourceType<T> type, InformerOptions options)
    where T : class, IKubernetesObject
{
    // A watch that ends sooner and brings nothing is a failure in disguise (a proxy's, mostly).
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile InformerCache<T> cache = InformerCache<T>.Empty;
    private string? resourceVersion;
    private int failures;

    /// <summary>
    /// Called for one change after the other, in order, after the cache has it. Subscribe before <see cref="RunAsync"/>: what is
    /// known already is not told again. An exception goes to <see cref="InformerOptions.Failed"/> and stops nothing.
    /// </summary>
#pragma warning disable MA0046 // A sender would tell the handler nothing.
    public event Action<InformerChange<T>>? Changed;
#pragma warning restore MA0046

    /// <summary>The first list is complete and its handlers have run.</summary>
    public bool Synced => synced.Task.IsCompletedSuccessfully;

    public Task WaitForSyncAsync(CancellationToken cancellation = default) => synced.Task.WaitAsync(cancellation);

    /// <param name="ns">Null or "" for cluster-scoped types.</param>
    /// <param name="name">The object's name.</param>
    public T? Get(string? ns, string name) => cache.Objects.GetValueOrDefault(new(ns ?? "", name));

    /// <summary>One moment's objects, in no order; all namespaces' where <paramref name="ns"/> is null.</summary>
    public IReadOnlyCollection<T> List(string? ns = null) =>
        [.. cache.Objects.Where(entry => ns is null || entry.Key.Namespace == ns).Select(entry => entry.Value)];

    /// <summary>Follows the objects until cancelled, and returns then. Call it once.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await (resourceVersion is null ? ListAsync(cancellation) : WatchAsync(resourceVersion, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (KubernetesException e)
            {
                // What does not pass by itself (an expired version above all) begins with a new list.
                resourceVersion = e.Retryable ? resourceVersion : null;
                options.Failed?.Invoke(e);
                await PauseAsync(cancellation);
            }
        }
    }

    private async Task ListAsync(CancellationToken cancellation)
    {
        var list = await client.ListAllAsync(type, options.Namespace, new()
        {
            LabelSelector = options.LabelSelector,
            FieldSelector = options.FieldSelector,
            Limit = options.PageSize,
        }, cancellation);
        var listed = list.Metadata.ResourceVersion is { Length: > 0 } version ? version : throw new KubernetesException(
            StatusReason.MalformedResponse, $"the list of {type.Plural} has no resourceVersion to watch from");
        Take(cache.Replace(list.Items));
        resourceVersion = listed;
        synced.TrySetResult();
    }

    private async Task WatchAsync(string from, CancellationToken cancellation)
    {
        var started = options.Time.GetTimestamp();
        var watch = client.WatchAsync(type, options.Namespace, new()
        {
            LabelSelector = options.LabelSelector,
            FieldSelector = options.FieldSelector,
            ResourceVersion = from,
            Timeout = options.WatchTimeout,
        }, cancellation);
        await foreach (var change in watch)
        {
            Take(cache.Apply(change));
            resourceVersion = change.ResourceVersion;
            failures = 0;
        }

        if (resourceVersion != from || options.Time.GetElapsedTime(started) >= ShortestWatch)
        {
            failures = 0;
        }
        else
        {
            await PauseAsync(cancellation);
        }
    }

    private void Take((InformerCache<T> Next, IReadOnlyList<InformerChange<T>> Changes) step)
    {
        cache = step.Next;
        var handlers = Changed?.GetInvocationList() ?? [];
        foreach (var change in step.Changes)
        {
            foreach (var handler in handlers.Cast<Action<InformerChange<T>>>())
            {
                Tell(handler, change);
            }
        }
    }

    private void Tell(Action<InformerChange<T>> handler, InformerChange<T> change)
    {
        try
        {
            handler(change);
        }
#pragma warning disable CA1031 // Whatever a handler throws, the cache goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            options.Failed?.Invoke(e);
        }
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        var delay = options.Backoff.Delay(failures++);
        await Task.Delay(delay, options.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
