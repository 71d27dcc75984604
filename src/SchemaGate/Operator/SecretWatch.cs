using System.Collections.Concurrent;
using System.Text;
using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Operator;

/// <summary>
/// The Secrets that somebody has asked for, each followed by its name with a watch of its own: the operator never lists a namespace's
/// Secrets, and a rotated password is known at once. Thread-safe.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="changed">Told each Secret that changed after it was asked for.</param>
/// <param name="time">Measures waits.</param>
/// <param name="stopping">Ends every watch.</param>
internal sealed class SecretWatch(
    KubernetesClient client,
    Action<ObjectKey, V1Secret?> changed,
    TimeProvider time,
    CancellationToken stopping)
{
    /// <summary>For a Secret's first list; what cannot be listed by then is reported.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<ObjectKey, Lazy<Followed>> followed = new();

    /// <returns>The Secret as last seen; null where there is none.</returns>
    /// <exception cref="KubernetesException">
    /// It has never been seen: Forbidden, Unreachable, Timeout. MalformedResponse: it is there, and cannot be read.
    /// </exception>
    public async Task<V1Secret?> GetAsync(string ns, string name, CancellationToken cancellation)
    {
        ObjectKey key = new(ns, name);
        Followed secret = followed.GetOrAdd(key, _ => new(() => new Followed(client, key, changed, time, stopping))).Value;
        if (!secret.Informer.Synced)
        {
            await Task.WhenAny(
                secret.Informer.WaitForSyncAsync(cancellation),
                secret.FirstFailure.Task,
                Task.Delay(Patience, time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }

        if (secret.Informer.FindUnread(ns, name) is { } unread)
        {
            throw new KubernetesException(StatusReason.MalformedResponse, $"The {unread}.");
        }

        return secret.Informer.Synced ? secret.Informer.Get(ns, name) : throw secret.Failure ?? new KubernetesException(
            StatusReason.Timeout, $"the Secret {ns}/{name} could not be read within {Patience.TotalSeconds:0} s", retryable: true);
    }

    /// <param name="ns">The Secret's namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="key">Which of its keys.</param>
    /// <param name="field">What names it, for who reads the problem.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The key's text; or null and what is to be done about it.</returns>
    /// <exception cref="KubernetesException">It has never been seen, for another reason than a missing right.</exception>
    public async Task<(string? Text, string Problem)> TextAsync(
        string ns,
        string name,
        string key,
        string field,
        CancellationToken cancellation)
    {
        try
        {
            V1Secret? secret = await GetAsync(ns, name, cancellation);
            if (secret?.Data.Find(key) is { Length: > 0 } value)
            {
                return (Encoding.UTF8.GetString(value), "");
            }

            return (null, secret is not null
                ? $"The Secret {name} has no key {key}. Add it, or mend {field}."
                : $"There is no Secret {name} in namespace {ns}, which {field} names. Create it with the key {key}.");
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.Forbidden)
        {
            return (null, $"The operator may not read the Secret {name} in namespace {ns}. Grant it get, list and watch on that Secret.");
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.MalformedResponse)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>Ends the watches of a namespace's other Secrets.</summary>
    public void Keep(string ns, IReadOnlySet<string> names)
    {
        foreach (ObjectKey key in followed.Keys.Where(key => key.Namespace == ns && !names.Contains(key.Name)))
        {
            if (followed.TryRemove(key, out Lazy<Followed>? secret))
            {
                secret.Value.Stop();
            }
        }
    }

    private sealed class Followed
    {
        private readonly CancellationTokenSource ending;

        public Followed(
            KubernetesClient client,
            ObjectKey key,
            Action<ObjectKey, V1Secret?> changed,
            TimeProvider time,
            CancellationToken stopping)
        {
            ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            Informer = new(client, Kinds.Secret, new()
            {
                Namespace = key.Namespace,
                FieldSelector = $"metadata.name={key.Name}",
                Time = time,
                Failed = Note,
            });
            Informer.Changed += change =>
            {
                // The first list is what was asked for, and no change.
                if (Informer.Synced)
                {
                    changed(key, change.New);
                }
            };
            _ = Informer.RunAsync(ending.Token);
        }

        public Informer<V1Secret> Informer { get; }

        public TaskCompletionSource FirstFailure { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public KubernetesException? Failure { get; private set; }

        public void Stop()
        {
            ending.Cancel();
            ending.Dispose();
        }

        private void Note(Exception exception)
        {
            Failure = exception as KubernetesException ?? Failure;
            FirstFailure.TrySetResult();
        }
    }
}
