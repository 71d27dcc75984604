using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using static SchemaGate.Tests.Kubernetes.FakeApiServer;
using Secrets = k8s.Models.V1Secret;

namespace SchemaGate.Tests.Kubernetes;

public sealed class FencingTests : IAsyncLifetime
{
    private static readonly Secrets New = new() { Metadata = new() { Name = "a", NamespaceProperty = "n" } };
    private FakeApiServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<KubernetesClient, Task>> Writes { get; } = new()
    {
        { "create", client => client.CreateAsync(Kinds.Secret, New, Cancellation) },
        { "replace", client => client.ReplaceAsync(Kinds.Secret, New, cancellation: Cancellation) },
        { "patch", client => client.PatchAsync(Kinds.Secret, "n", "a", JsonPatch.Empty.Remove("/data"), cancellation: Cancellation) },
        { "delete", client => client.DeleteAsync(Kinds.Secret, "n", "a", cancellation: Cancellation) },
    };

    public async ValueTask InitializeAsync() => server = await StartAsync();

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_write_is_not_sent_where_it_is_not_permitted_and_is_where_it_is(string what, Func<KubernetesClient, Task> write)
    {
        var permitted = false;
        using var client = server.Client();
        var fenced = client.Fenced(() => permitted);
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => write(fenced));
        Assert.Equal((StatusReason.NotLeading, false), (refused.Reason, refused.Retryable));
        Assert.Empty(server.Requests);
        permitted = true;
        server.List(Text(200, Secret("a", "5")));
        await write(fenced);
        Assert.True(server.Requests.Count == 1, what);
    }

    [Fact]
    public async Task Reads_pass()
    {
        server.List(Text(200, Secret("a", "5"))).List("10").Watch([]);
        using var client = server.Client();
        var fenced = client.Fenced(() => false);
        Assert.Equal("a", (await fenced.GetAsync(Kinds.Secret, "n", "a", Cancellation)).Metadata.Name);
        Assert.Empty((await fenced.ListAllAsync(Kinds.Secret, "n", cancellation: Cancellation)).Items);
        await using var events = fenced.WatchAsync(Kinds.Secret, "n", cancellation: Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task A_fenced_client_within_a_fenced_client_asks_both()
    {
        using var client = server.Client();
        var fenced = client.Fenced(() => false).Fenced(() => true);
        await Assert.ThrowsAsync<KubernetesException>(() => fenced.CreateAsync(Kinds.Secret, New, Cancellation));
    }

    [Fact]
    public async Task Disposing_a_fenced_client_leaves_the_connections_open()
    {
        using var client = server.Client();
        client.Fenced(() => true).Dispose();
        server.List(Text(200, Secret("a", "5")));
        Assert.Equal("a", (await client.GetAsync(Kinds.Secret, "n", "a", Cancellation)).Metadata.Name);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
