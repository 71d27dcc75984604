using System.Collections.Immutable;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Watching;

/// <summary>
/// A cache of all objects of one type, kept up to date by a list and then watches, through cut connections, expired
/// versions and restarted servers. Reading is thread-safe and never waits. Stale is possible, going back in time is not
/// (unless etcd itself is restored from a backup; restart then).
/// </summary>
public sealed class Informer<T>(KubernetesClient client, ResourceType<T> type, InformerOptions options)
    where T : class, IMetadata<V1ObjectMeta>
{
    // A watch that ends sooner and brings nothing is a failure in disguise (a proxy's, mostly).
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromSeconds(1);

    private const long Watching = 0;

    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile InformerCache<T> cache = InformerCache<T>.Empty;
    private volatile string? refused;
    private string? resourceVersion;
    private int failures;
    private long restarts;
    private long unwatchedSince = options.Time.GetTimestamp();

    /// <summary>
    /// Called for one change after the other, in order, after the cache has it. Subscribe before <see cref="RunAsync"/>: what is
    /// known already is not told again. An exception goes to <see cref="InformerOptions.Failed"/> and stops nothing.
    /// </summary>
#pragma warning disable MA0046 // A sender would tell the handler nothing.
    public event Action<InformerChange<T>>? Changed;
#pragma warning restore MA0046

    /// <summary>The first list is complete and its handlers have run.</summary>
    public bool Synced => synced.Task.IsCompletedSuccessfully;

    /// <summary>
    /// Why there has never been a list: who asks may not have it, or there is no such place, and asking again alone changes nothing.
    /// Null where there was one, and while nothing is known; another failure takes no refusal back.
    /// </summary>
    public string? Refused => Synced ? null : refused;

    /// <summary>
    /// How long the cache may have been out of date: since the last watch ended, and zero while one is open. A connection that died
    /// without a word is noticed after half a minute.
    /// </summary>
    public TimeSpan Staleness
        => Interlocked.Read(ref unwatchedSince) is var since and not Watching ? options.Time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>How often listing or watching failed, and was begun anew.</summary>
    public long Restarts => Interlocked.Read(ref restarts);

    /// <summary>How many objects are known.</summary>
    public int Count => cache.Namespaces.Values.Sum(objects => objects.Count);

    public Task WaitForSyncAsync(CancellationToken cancellation = default) => synced.Task.WaitAsync(cancellation);

    /// <param name="ns">Null or "" for cluster-scoped types.</param>
    /// <param name="name">The object's name.</param>
    public T? Get(string? ns, string name) => cache.Find(new(ns ?? "", name));

    /// <summary>One moment's objects, in no order; all namespaces' where <paramref name="ns"/> is null.</summary>
    public IReadOnlyCollection<T> List(string? ns = null) =>
        ns is null ? [.. cache.Namespaces.SelectMany(entry => entry.Value.Values)] : [.. cache.In(ns).Values];

    /// <summary>One that is there and cannot be read; null where it can be, or is not there.</summary>
    public UnreadObject? FindUnread(string? ns, string name) => cache.Unread.GetValueOrDefault(new(ns ?? "", name));

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
#pragma warning disable CA1031 // An informer that ended would leave a cache that looks like one that nothing happens to.
            catch (Exception e)
#pragma warning restore CA1031
            {
                // What does not pass by itself (an expired version above all, or what the server cannot say in better words
                // than "internal") begins with a new list.
                resourceVersion = e is KubernetesException { Retryable: true, Reason: not StatusReason.InternalError }
                    ? resourceVersion
                    : null;
                refused = e is ArgumentException or KubernetesException { Reason: StatusReason.Forbidden or StatusReason.NotFound }
                    ? e.Message
                    : refused;
                Interlocked.Increment(ref restarts);
                options.Failed?.Invoke(e);
                await PauseAsync(cancellation);
            }
        }
    }

    /// <summary>
    /// Page by page, so that there is one page in memory beside the cache. A list that breaks off or expires between two pages
    /// begins again: what it brought is true, and only a complete one tells what is gone.
    /// </summary>
    private async Task ListAsync(CancellationToken cancellation)
    {
        HashSet<ObjectKey> listed = [];
        ListOptions wished = new()
        {
            LabelSelector = options.LabelSelector,
            FieldSelector = options.FieldSelector,
            Limit = options.PageSize,
        };
        ListOptions page = wished;
        ResourceList<T> list;
        do
        {
            list = await client.PageAsync(type, options.Namespace, page, cancellation);
            listed.UnionWith(list.Items.Select(value => ObjectKey.Of(value)).Concat(list.Unread.Select(unread => unread.Key)));
            Take(cache.Put(list.Items));
            Take(cache.Skip(list.Unread));
            page = list.Next(wished);
        }
        while (page.Continue is { Length: > 0 });
        var version = list.Metadata.ResourceVersion is { Length: > 0 } given ? given : throw new KubernetesException(
            StatusReason.MalformedResponse, $"the list of {type.Plural} has no resourceVersion to watch from");
        Take(cache.Retain(listed));
        resourceVersion = version;
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
            Timeout = options.WatchTimeout * (1 + Random.Shared.NextDouble()),
            Opened = () => Interlocked.Exchange(ref unwatchedSince, Watching),
        }, cancellation);
        try
        {
            await foreach (var change in watch)
            {
                Take(cache.Apply(change));
                resourceVersion = change.ResourceVersion;
                failures = 0;
            }
        }
        finally
        {
            Interlocked.CompareExchange(ref unwatchedSince, options.Time.GetTimestamp(), Watching);
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
        var before = cache.Unread;
        cache = step.Next;
        TellUnread(before, cache.Unread);
        var handlers = Changed?.GetInvocationList() ?? [];
        foreach (var change in step.Changes)
        {
            foreach (var handler in handlers.Cast<Action<InformerChange<T>>>())
            {
                Tell(handler, change);
            }
        }
    }

    /// <summary>Of one that stays as it cannot be read, however often it is written, nothing new is said.</summary>
    private void TellUnread(ImmutableDictionary<ObjectKey, UnreadObject> before, ImmutableDictionary<ObjectKey, UnreadObject> now)
    {
        if (before == now)
        {
            return;
        }

        foreach (var mended in before.Values.Where(unread => !IsSame(unread, now.GetValueOrDefault(unread.Key))))
        {
            options.Mended?.Invoke(mended);
        }

        foreach (var unread in now.Values.Where(unread => !IsSame(unread, before.GetValueOrDefault(unread.Key))))
        {
            options.Unread?.Invoke(unread);
        }
    }

    private static bool IsSame(UnreadObject one, UnreadObject? other) => one.Uid == other?.Uid && one.Problem == other?.Problem;

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
