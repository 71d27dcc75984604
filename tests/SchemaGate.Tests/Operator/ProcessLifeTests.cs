using System.Text.Json;
using SchemaGate.Operator;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>How one operator process begins and ends.</summary>
public sealed class ProcessLifeTests
{
    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task What_is_answered_from_is_followed_until_nobody_asks_any_more()
    {
        ManualTime time = new();
        using CancellationTokenSource ending = new();
        CancellationToken following = default;
        Task life = ProcessLife.RunAsync(
            [token => UntilAsync(following = token)], [UntilAsync], s_delay, time, ending);
        await ending.CancelAsync();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        time.Advance(s_delay - TimeSpan.FromMilliseconds(1));
        Assert.False(life.IsCompleted || following.IsCancellationRequested);
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return life.IsCompleted;
        });
        Assert.True(following.IsCancellationRequested);
        await life;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_part_that_fails_ends_the_process(bool isFollowing)
    {
        using CancellationTokenSource ending = new();
        Func<CancellationToken, Task>[] failing = [_ => Task.FromException(new InvalidOperationException("failed"))];
        Func<CancellationToken, Task>[] other = [UntilAsync];
        await Assert.ThrowsAsync<InvalidOperationException>(() => ProcessLife.RunAsync(
            isFollowing ? failing : other, isFollowing ? other : failing, TimeSpan.Zero, TimeProvider.System, ending));
        Assert.True(ending.IsCancellationRequested);
    }

    [Theory]
    [InlineData("""[{"name":"istio-proxy","image":"mesh"},{"name":"operator","image":"ours"}]""", "ours")]
    [InlineData("""[{"name":"schemagate","image":"ours"}]""", "ours")]
    [InlineData("""[{"name":"istio-proxy","image":"mesh"},{"name":"schemagate","image":"ours"}]""", null)]
    [InlineData("[]", null)]
    public void Migrations_are_run_by_the_operator_s_image_and_not_by_that_of_whatever_stands_beside_it(string containers, string? image)
    {
        JsonElement pod = JsonSerializer.Deserialize<JsonElement>($$$"""{"spec":{"containers":{{{containers}}}}}""");
        Assert.Equal(image, OwnPod.ImageIn(pod));
    }

    private static Task UntilAsync(CancellationToken cancellation)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellation.Register(ended.SetResult);
        return ended.Task;
    }
}
