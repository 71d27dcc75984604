using System.Collections.Concurrent;
using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Tests.Kubernetes;
using static SchemaGate.Tests.Kubernetes.FakeApiServer;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>Rollouts, which the API server may not have, and which the operator may not see.</summary>
public sealed class OptionalInformersTests : IAsyncDisposable
{
    private const string NotAllowed = """{"kind":"Status","status":"Failure","reason":"Forbidden","code":403}""";

    private const string Rollout = """
        {"metadata":{"name":"shop","namespace":"shop","uid":"r-1","resourceVersion":"2","labels":{"schemagate.dev/gated":"true"} },
         "spec":{"replicas":2,"template":{"metadata":{},"spec":{"containers":[]} } } }
        """;

    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<Exception> failures = new();
    private readonly ManualTime time = new();
    private FakeApiServer server = null!;
    private KubernetesClient client = null!;
    private OptionalInformers<Deployment> rollouts = null!;
    private Task running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        client.Dispose();
        await server.DisposeAsync();
        stopping.Dispose();
    }

    [Fact]
    public async Task What_is_not_there_is_told_keeps_nobody_waiting_and_is_looked_for_again_without_a_list()
    {
        // Argo's other programs have the group, too.
        await RunAsync(script => script.Group(NoGroup).Group("analysisruns").Group("rollouts").List("10").List("10", Rollout));
        await Eventually.TrueAsync(() => rollouts.Synced);
        Assert.Equal("this API server has no rollouts in argoproj.io/v1alpha1 yet", rollouts.Problem("shop"));
        Assert.Empty(rollouts.List(null));

        await AreFollowedAsync();
        Assert.All(server.Requests.Take(3), request => Assert.Equal("/apis/argoproj.io/v1alpha1", request));
    }

    [Fact]
    public async Task What_may_not_be_listed_is_told_keeps_nobody_waiting_and_is_looked_for_again()
    {
        await RunAsync(script => script.Group("rollouts").List(Text(403, NotAllowed)));
        await Eventually.TrueAsync(() => rollouts.Synced);
        Assert.Equal(
            "the operator may not list rollouts.argoproj.io: bind it the rights in config/optional", rollouts.Problem("shop"));

        server.Group("rollouts").List("10").List("10", Rollout);
        await AreFollowedAsync();
    }

    [Fact]
    public async Task Where_discovery_is_forbidden_the_list_says()
    {
        await RunAsync(script => script.Group(Text(403, NotAllowed)).List(NoGroup));
        await Eventually.TrueAsync(() => rollouts.Synced);
        Assert.Equal("this API server has no rollouts in argoproj.io/v1alpha1 yet", rollouts.Problem("shop"));
        Assert.Empty(failures);
    }

    [Fact]
    public async Task Until_all_are_known_who_asks_is_told_so()
    {
        TaskCompletionSource known = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await RunAsync(script => script.Group("rollouts").List("10").List(async context =>
        {
            await known.Task;
            await Page("10", "", Rollout)(context);
        }));
        await Eventually.TrueAsync(() => rollouts.Problem("shop") is "rollouts.argoproj.io are being listed");
        // The rest of the operator gets ready without them.
        Assert.True(rollouts.Synced);
        known.SetResult();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return rollouts.Problem("shop") is null;
        });
        Assert.NotNull(rollouts.Get("shop", "shop"));
    }

    [Fact]
    public async Task An_API_server_that_answers_nothing_says_neither_and_is_asked_again()
    {
        await RunAsync(script => script.Group(Text(500, "broken")));
        await Eventually.TrueAsync(() => !failures.IsEmpty);
        Assert.False(rollouts.Synced);
        server.Group(NoGroup);
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return rollouts.Synced;
        });
    }

    private async Task AreFollowedAsync()
    {
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(15));
            return rollouts.Problem("shop") is null;
        });
        Assert.Equal("shop", Assert.Single(rollouts.List("shop")).Metadata.Name);
        Assert.Empty(failures);
    }

    private async Task RunAsync(Action<FakeApiServer> script)
    {
        server = await StartAsync();
        script(server);
        client = server.Client();
        rollouts = new(
            client, Deployment.Rollouts, new() { Time = time, Failed = failures.Enqueue, LabelSelector = "schemagate.dev/gated=true" }, [],
            _ => { });
        running = rollouts.RunAsync(stopping.Token);
    }
}
