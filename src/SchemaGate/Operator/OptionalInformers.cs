using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Discovery;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Operator;

/// <summary>
/// The caches of a type that the API server may not have, or that the operator may not see: looked for until it is there, for it may be
/// installed, or allowed, at any time.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="type">The objects' type.</param>
/// <param name="options">How they are followed.</param>
/// <param name="namespaces">Empty means every namespace.</param>
/// <param name="changed">Told one change after the other.</param>
internal sealed class OptionalInformers<T>(
    KubernetesClient client, ResourceType<T> type, InformerOptions options, IReadOnlyList<string> namespaces,
    Action<InformerChange<T>> changed)
    where T : class, IMetadata<V1ObjectMeta>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly NamespacedInformers<T> informers = new(client, type, options, namespaces, changed);
    private volatile bool isAsked;
    private volatile string? problem = "the operator is starting";

    private string NotServed => $"this API server has no {type.Plural} in {type.Group}/{type.Version} yet";

    /// <summary>Why they are not followed in a namespace; null where they are.</summary>
    public string? Problem(string ns) => problem ?? informers.Refused(ns);

    /// <summary>Complete, or known not to be there.</summary>
    public bool Synced => isAsked && (problem is not null || informers.Synced);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                string? found = await ProblemAsync(cancellation);
                problem = found ?? problem;
                isAsked = true;
                if (found is null)
                {
                    await FollowAsync(cancellation);
                    return;
                }
            }
            catch (KubernetesException exception)
            {
                options.Failed?.Invoke(exception);
            }

            await Task.Delay(isAsked ? Interval : Retry, options.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Until they are all known, who asks about one of them is told so; nobody else waits for that.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        problem = $"{type.Plural}.{type.Group} are being listed";
        Task following = informers.RunAsync(cancellation);
        while (!informers.Synced && !following.IsCompleted)
        {
            await Task.Delay(Step, options.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        problem = null;
        await following;
    }

    public T? Get(string? ns, string name) => informers.Get(ns, name);

    public IEnumerable<T> List(string? ns) => informers.List(ns);

    /// <summary>How well they follow; null while they are not followed at all.</summary>
    public InformerHealth? Health => isAsked && problem is null ? informers.Health : null;

    /// <summary>Null where they can be followed in one namespace at least.</summary>
    private async Task<string?> ProblemAsync(CancellationToken cancellation)
    {
        if (!await IsServedAsync(cancellation))
        {
            return NotServed;
        }

        string? found = null;
        foreach (string? ns in namespaces.DefaultIfEmpty<string?>(null))
        {
            string? one = await ProblemAsync(ns, cancellation);
            if (one is null)
            {
                return null;
            }

            found ??= one;
        }

        return found;
    }

    /// <summary>By discovery, which costs no list; where that is forbidden, the list says.</summary>
    private async Task<bool> IsServedAsync(CancellationToken cancellation)
    {
        try
        {
            return await ApiDiscovery.HasAsync(client, type, cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.Forbidden)
        {
            return true;
        }
    }

    private async Task<string?> ProblemAsync(string? ns, CancellationToken cancellation)
    {
        try
        {
            await client.PageAsync(type, ns, new() { LabelSelector = options.LabelSelector, Limit = 1 }, cancellation);
            return null;
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.NotFound)
        {
            return NotServed;
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.Forbidden)
        {
            return $"the operator may not list {type.Plural}.{type.Group}: bind it the rights in config/optional";
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}
