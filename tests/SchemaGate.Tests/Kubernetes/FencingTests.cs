using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using static SchemaGate.Tests.Kubernetes.FakeApiServer;
using Secrets = SchemaGate.Kubernetes.Resources.Secret;

namespace SchemaGate.Tests.Kubernetes;

public sealed class FencingTests : IAsyncLifetime
{
    private static readonly Secrets New = new() { Metadata = new() { Name = "a", Namespace = "n" } };
    private FakeApiServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<KubernetesClient, Task>> Writes { get; } = new()
    {
        { "create", client => client.CreateAsync(Secrets.Resource, New, Cancellation) },
        { "replace", client => client.ReplaceAsync(Secrets.Resource, New, cancellation: Cancellation) },
        { "patch", client => client.PatchAsync(Secrets.Resource, "n", "a", JsonPatch.Empty.Remove("/data"), cancellation: Cancellation) },
        { "delete", client => client.DeleteAsync(Secrets.Resource, "n", "a", cancellation: Cancellation) },
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
        Assert.Equal("a", (await fenced.GetAsync(Secrets.Resource, "n", "a", Cancellation)).Metadata.Name);
        Assert.Empty((await fenced.ListAllAsync(Secrets.Resource, "n", cancellation: Cancellation)).Items);
        await using var events = fenced.WatchAsync(Secrets.Resource, "n", cancellation: Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task A_fenced_client_within_a_fenced_client_asks_both()
    {
        using var client = server.Client();
        var fenced = client.Fenced(() => false).Fenced(() => true);
        await Assert.ThrowsAsync<KubernetesException>(() => fenced.CreateAsync(Secrets.Resource, New, Cancellation));
    }

    [Fact]
    public async Task Disposing_a_fenced_client_leaves_the_connections_open()
    {
        using var client = server.Client();
        client.Fenced(() => true).Dispose();
        server.List(Text(200, Secret("a", "5")));
        Assert.Equal("a", (await client.GetAsync(Secrets.Resource, "n", "a", Cancellation)).Metadata.Name);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
