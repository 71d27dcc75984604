using System.Collections.Concurrent;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Controllers;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.EndToEnd.Kubernetes;

/// <summary>An informer of a namespace's config maps, and what its changes add up to.</summary>
internal sealed class FollowedConfigMaps : IAsyncDisposable
{
    public static readonly ResourceType<RawObject> Type = RawObject.Resource("", "v1", "ConfigMap", "configmaps", namespaced: true);

    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<ObjectKey, string> replayed = new();
    private readonly ConcurrentQueue<string> contradictions = new();
    private readonly string ns;
    private readonly Task running;

    private FollowedConfigMaps(KubernetesClient client, string ns)
    {
        this.ns = ns;
        Informer = new(client, Type, new()
        {
            Namespace = ns,
            Backoff = new Backoff(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(2)),
            Failed = Failures.Enqueue,
        });
        Informer.Changed += Replay;
        running = Informer.RunAsync(stopping.Token);
    }

    public Informer<RawObject> Informer { get; }

    public ConcurrentQueue<Exception> Failures { get; } = new();

    public static async Task<FollowedConfigMaps> StartAsync(KubernetesClient client, string ns)
    {
        var followed = new FollowedConfigMaps(client, ns);
        await followed.Informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
        return followed;
    }

    /// <summary>
    /// After quiet: the cache, and the changes told one after the other, are what the server lists:
    /// name, uid and version of each object.
    /// </summary>
    public async Task AgreesAsync(KubernetesClient direct)
    {
        var list = await direct.ListAllAsync(Type, ns, cancellation: TestContext.Current.CancellationToken);
        var expected = Sorted(list.Items.Select(Identity));
        for (var i = 0; i < 600 && !expected.SequenceEqual(Sorted(Informer.List(ns).Select(Identity)), StringComparer.Ordinal); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, Sorted(Informer.List(ns).Select(Identity)), StringComparer.Ordinal);
        Assert.Equal(expected, Sorted(replayed.Values), StringComparer.Ordinal);
        Assert.Empty(contradictions);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private void Replay(InformerChange<RawObject> change)
    {
        var key = ObjectKey.Of(change.Latest);
        var before = change is { Old: null } ? null : change.New is null ? Uid(change.Old) : Identity(change.Old);
        var known = replayed.GetValueOrDefault(key);
        if (change.New is null ? known?.Contains(before!, StringComparison.Ordinal) != true : known != before)
        {
            contradictions.Enqueue($"{key}: told a change of '{before}' where '{known}' was known");
        }

        if (change.New is null)
        {
            replayed.TryRemove(key, out _);
        }
        else
        {
            replayed[key] = Identity(change.New);
        }
    }

    private static string Uid(RawObject value) => value.Metadata.Uid!;

    private static string Identity(RawObject value) => $"{value.Metadata.Name} {Uid(value)} {value.Metadata.ResourceVersion}";

    private static List<string> Sorted(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal)];
}
