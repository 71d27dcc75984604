using System.Collections.Concurrent;
using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.EndToEnd.Kubernetes;

public sealed class InformerTests : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<ObjectKey, string?> told = new();
    private readonly ConcurrentQueue<Exception> failures = new();
    private Task running = Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_churn_the_cache_and_what_was_told_equal_the_list()
    {
        await using var scratch = await ScratchNamespace.CreateAsync();
        await scratch.AddAsync("before");
        var informer = await FollowAsync(scratch.Client, scratch.Name, TimeSpan.FromSeconds(2));
        Assert.NotNull(informer.Get(scratch.Name, "before"));
        await ChurnAsync(scratch, new Random(7), 300);
        await AgreesAsync(informer, scratch.Client, scratch.Name);
        Assert.Empty(failures);
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_watch_from_a_version_that_the_server_forgot_is_expired()
    {
        await using var server = OwnApiServer.Start();
        (await server.ClientAsync()).Dispose();
        // What a server remembers for watches begins with its start.
        await server.KillAsync();
        server.StartAgain();
        using var client = await server.ClientAsync();
        var watch = client.WatchAsync(
            Kinds.Secret,
            null,
            new() { ResourceVersion = "1", Timeout = TimeSpan.FromSeconds(2) },
            Cancellation);
        await using var events = watch.GetAsyncEnumerator(Cancellation);
        var refused = await Assert.ThrowsAsync<KubernetesException>(async () => await events.MoveNextAsync());
        Assert.True(refused.Reason is StatusReason.Expired or StatusReason.Gone, refused.Message);
        Assert.False(refused.Retryable);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    private async Task<Informer<V1Secret>> FollowAsync(KubernetesClient client, string ns, TimeSpan watch)
    {
        var informer = new Informer<V1Secret>(
            client,
            Kinds.Secret,
            new() { Namespace = ns, PageSize = 2, WatchTimeout = watch, Failed = failures.Enqueue });
        informer.Changed += change =>
        {
            told[ObjectKey.Of(change.Latest)] = change.New?.Metadata.ResourceVersion;
        };
        running = informer.RunAsync(stopping.Token);
        await informer.WaitForSyncAsync(Cancellation);
        return informer;
    }

    private async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running;
    }

    private static async Task ChurnAsync(ScratchNamespace scratch, Random random, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            var name = $"s{random.Next(12)}";
            if (await scratch.Client.FindAsync(Kinds.Secret, scratch.Name, name, Cancellation) is null)
            {
                await scratch.AddAsync(name);
            }
            else if (random.Next(3) == 0)
            {
                await scratch.Client.DeleteAsync(Kinds.Secret, scratch.Name, name, cancellation: Cancellation);
            }
            else
            {
                var patch = JsonPatch.Empty.Add("/data/key", Convert.ToBase64String(BitConverter.GetBytes(i)));
                await scratch.Client.PatchAsync(Kinds.Secret, scratch.Name, name, patch, cancellation: Cancellation);
            }
        }
    }

    private async Task AgreesAsync(Informer<V1Secret> informer, KubernetesClient client, string ns)
    {
        var list = await client.ListAllAsync(Kinds.Secret, ns, cancellation: Cancellation);
        var expected = Versions(list.Items);
        for (var i = 0; i < 600 && !expected.SequenceEqual(Versions(informer.List(ns)), StringComparer.Ordinal); i++)
        {
            await Task.Delay(50, Cancellation);
        }

        Assert.Equal(expected, Versions(informer.List(ns)), StringComparer.Ordinal);
        var alive = told.Where(entry => entry.Value is not null).Select(entry => $"{entry.Key}@{entry.Value}");
        Assert.Equal(expected, alive.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Versions(IEnumerable<V1Secret> secrets) => secrets
        .Select(secret => $"{ObjectKey.Of(secret)}@{secret.Metadata.ResourceVersion}").Order(StringComparer.Ordinal);
}
