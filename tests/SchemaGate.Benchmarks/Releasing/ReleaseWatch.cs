using System.Collections.Concurrent;
using System.Diagnostics;
using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Benchmarks.Releasing;

/// <summary>Tells when a Deployment that was held gets its new ReplicaSet.</summary>
internal sealed class ReleaseWatch
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> waiting = new(StringComparer.Ordinal);

    /// <param name="client">The API server.</param>
    /// <param name="ns">The namespace that is watched.</param>
    /// <param name="cancellation">Ends the watch.</param>
    public async Task RunAsync(KubernetesClient client, string ns, CancellationToken cancellation)
    {
        WatchOptions options = new() { Timeout = TimeSpan.FromHours(1) };
        await foreach (WatchEvent<ReplicaSet> change in client.WatchAsync(ReplicaSet.Resource, ns, options, cancellation))
        {
            if (change.Value?.Metadata.OwnerReferences.FirstOrDefault(owner => owner.Controller ?? false) is { } owner
                && waiting.TryGetValue(owner.Name, out TaskCompletionSource<long>? waiter))
            {
                waiter.TrySetResult(Stopwatch.GetTimestamp());
            }
        }
    }

    /// <returns>The timestamp of the next release of this Deployment.</returns>
    public Task<long> NextAsync(string name) =>
        waiting.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(s_patience);
}
