using System.Threading.Channels;
using SchemaGate.Kubernetes.Controllers;

namespace SchemaGate.Tests.Kubernetes;

public sealed class WorkQueueTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime time = new();
    private readonly WorkQueue<string> queue;

    public WorkQueueTests() => queue = new(time, new(Second, 8 * Second));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_added_twice_is_handed_out_once()
    {
        queue.Add("a");
        queue.Add("a");
        queue.Add("b");
        Assert.Equal("a", await queue.TakeAsync(Cancellation));
        Assert.Equal("b", await queue.TakeAsync(Cancellation));
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public async Task The_age_is_that_of_the_key_that_has_waited_longest()
    {
        queue.Add("a");
        time.Advance(Second);
        queue.Add("b");
        queue.Add("a");
        time.Advance(Second);
        Assert.Equal(2 * Second, queue.Age);
        await queue.TakeAsync(Cancellation);
        Assert.Equal(Second, queue.Age);
        await queue.TakeAsync(Cancellation);
        Assert.Equal(TimeSpan.Zero, queue.Age);
    }

    [Fact]
    public async Task A_key_added_while_it_is_worked_on_comes_once_more_and_only_after()
    {
        queue.Add("a");
        await queue.TakeAsync(Cancellation);
        queue.Add("a");
        queue.Add("a");
        Assert.Equal(0, queue.Waiting);
        queue.Done("a");
        Assert.Equal(1, queue.Waiting);
        await queue.TakeAsync(Cancellation);
        queue.Done("a");
        Assert.Equal(0, queue.Waiting);
    }

    [Theory]
    [InlineData(5, 60)]
    [InlineData(60, 5)]
    public void Of_two_delays_the_earlier_counts(int first, int second)
    {
        queue.AddAfter("a", first * Second);
        queue.AddAfter("a", second * Second);
        time.Advance(4 * Second);
        Assert.Equal(0, queue.Waiting);
        time.Advance(Second);
        Assert.Equal(1, queue.Waiting);
    }

    [Fact]
    public async Task An_add_satisfies_the_delayed_one()
    {
        queue.AddAfter("a", 5 * Second);
        queue.Add("a");
        await queue.TakeAsync(Cancellation);
        queue.Done("a");
        time.Advance(60 * Second);
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public async Task A_delay_that_ends_while_the_key_is_worked_on_waits_for_its_end()
    {
        queue.Add("a");
        await queue.TakeAsync(Cancellation);
        queue.AddAfter("a", Second);
        time.Advance(2 * Second);
        Assert.Equal(0, queue.Waiting);
        queue.Done("a");
        Assert.Equal(1, queue.Waiting);
    }

    [Fact]
    public async Task Retries_come_later_and_later_until_forgotten()
    {
        Assert.InRange(await RetryDelayAsync(), 500, 1000);
        Assert.InRange(await RetryDelayAsync(), 1000, 2000);
        Assert.InRange(await RetryDelayAsync(), 2000, 4000);
        Assert.InRange(await RetryDelayAsync(), 4000, 8000);
        Assert.InRange(await RetryDelayAsync(), 4000, 8000);
        queue.Forget("a");
        Assert.InRange(await RetryDelayAsync(), 500, 1000);
    }

    [Fact]
    public void A_delay_longer_than_any_timer_is_kept_by_firing_early()
    {
        queue.AddAfter("a", TimeSpan.MaxValue);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, queue.Waiting);
    }

    [Fact]
    public async Task A_closed_queue_hands_out_nothing_new()
    {
        queue.AddAfter("a", Second);
        queue.Dispose();
        queue.Add("b");
        time.Advance(2 * Second);
        await Assert.ThrowsAsync<ChannelClosedException>(async () => await queue.TakeAsync(Cancellation));
    }

    [Fact]
    public async Task A_tenant_with_many_keys_has_its_share_and_keeps_nobody_waiting()
    {
        using WorkQueue<string> shared = new(time, new(Second, 8 * Second)) { Tenant = key => key[..1], Share = 2 };
        foreach (var key in (string[])["a1", "a2", "a3", "a4", "b1"])
        {
            shared.Add(key);
        }

        Assert.Equal(5, shared.Waiting);
        Assert.Equal("a1 a2 b1", string.Join(' ', await TakeAsync(shared), await TakeAsync(shared), await TakeAsync(shared)));
        Assert.Equal(2, shared.Waiting);
        var next = TakeAsync(shared);
        Assert.False(next.IsCompleted);
        shared.Done("a2");
        Assert.Equal("a3", await next);
    }

    [Fact]
    public async Task What_waits_for_its_tenants_share_comes_in_its_order_when_one_is_done()
    {
        using WorkQueue<string> shared = new(time, new(Second, 8 * Second)) { Tenant = key => key[..1], Share = 1 };
        shared.Add("a1");
        shared.Add("a2");
        Assert.Equal("a1", await TakeAsync(shared));
        shared.Add("a1");
        shared.Done("a1");
        Assert.Equal("a2", await TakeAsync(shared));
        shared.Done("a2");
        Assert.Equal("a1", await TakeAsync(shared));
        shared.Done("a1");
        Assert.Equal(0, shared.Waiting);
    }

    public void Dispose() => queue.Dispose();

    private static Task<string> TakeAsync(WorkQueue<string> queue) =>
        queue.TakeAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

    private async Task<int> RetryDelayAsync()
    {
        queue.Retry("a");
        var waited = 0;
        for (; queue.Waiting == 0; waited += 100)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await queue.TakeAsync(Cancellation);
        queue.Done("a");
        return waited;
    }
}
