using SchemaGate.Evidence;
using SchemaGate.Tests.Kubernetes;

namespace SchemaGate.Tests.Evidence;

public sealed class ReadingBudgetTests
{
    private const long MiB = 1 << 20;

    private readonly ManualTime time = new();
    private readonly ReadingBudget budget;

    public ReadingBudgetTests() => budget = new(64 * MiB, time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_reading_took_is_given_back_whatever_became_of_it()
    {
        Assert.Equal(1, await budget.ReadAsync(MiB, share => Task.FromResult(share.MayHold(20 * MiB) ? 1 : 0), Cancellation));
        await Assert.ThrowsAsync<IOException>(() => budget.ReadAsync<int>(MiB, _ => throw new IOException(), Cancellation));
        Assert.Equal(64 * MiB, budget.Free);
    }

    [Fact]
    public async Task No_reading_weighs_more_than_half_and_is_told_so()
    {
        Assert.Equal(32 * MiB, budget.Most);
        BudgetException refused = await Assert.ThrowsAsync<BudgetException>(() => budget.ReadAsync(
            MiB, share => Task.FromResult(share.MayHold(33 * MiB)), Cancellation));
        Assert.Equal(
            "it takes more than the 32 MiB of memory that one reading may have here. Make it smaller, or raise the operator's memory limit",
            refused.Message);
        Assert.Equal(64 * MiB, budget.Free);
    }

    [Fact]
    public async Task Who_finds_no_room_gives_up_what_it_has_and_begins_again_with_all_that_one_may_have()
    {
        TaskCompletionSource slow = new();
        Task<bool>[] others = [.. Enumerable.Range(0, 2).Select(_ => HoldAsync(25, slow.Task))];
        List<long> free = [];
        Task<bool> late = budget.ReadAsync(
            MiB,
            share =>
            {
                free.Add(budget.Free / MiB);
                return Task.FromResult(share.MayHold(20 * MiB));
            },
            Cancellation);
        Assert.Equal([13], free);
        Assert.Equal(14 * MiB, budget.Free);
        slow.SetResult();
        Assert.True(await late);
        await Task.WhenAll(others);
        Assert.Equal(2, free.Count);
        Assert.Equal(64 * MiB, budget.Free);
    }

    [Fact]
    public async Task First_come_first_served_so_that_small_ones_never_overtake_a_large_one()
    {
        TaskCompletionSource slow = new();
        TaskCompletionSource slower = new();
        Task<bool> first = HoldAsync(32, slow.Task);
        Task<bool> second = HoldAsync(32, slower.Task);
        List<string> order = [];
        Task large = EnterAsync(32, "large", order);
        Task small = EnterAsync(1, "small", order);
        Assert.Empty(order);
        slow.SetResult();
        await Task.WhenAll(first, large, small);
        Assert.Equal("large small", string.Join(' ', order));
        slower.SetResult();
        await second;
    }

    [Fact]
    public async Task A_turn_that_does_not_come_is_told_and_keeps_nothing()
    {
        TaskCompletionSource slow = new();
        Task<bool>[] others = [HoldAsync(32, slow.Task), HoldAsync(32, slow.Task)];
        Task<int> waiting = budget.ReadAsync(MiB, _ => Task.FromResult(1), Cancellation);
        using CancellationTokenSource canceled = new();
        Task<int> canceling = budget.ReadAsync(MiB, _ => Task.FromResult(1), canceled.Token);
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceling);
        time.Advance(TimeSpan.FromSeconds(31));
        BudgetException told = await Assert.ThrowsAsync<BudgetException>(() => waiting);
        Assert.Contains("its turn did not come within 30 s", told.Message, StringComparison.Ordinal);
        slow.SetResult();
        await Task.WhenAll(others);
        Assert.Equal(64 * MiB, budget.Free);
    }

    [Fact]
    public async Task Much_memory_is_had_for_a_minute_and_little_for_as_long_as_one_likes()
    {
        Task<bool> little = budget.ReadAsync(2 * MiB, share => WaitAsync(share, 8), Cancellation);
        Task<bool> much = budget.ReadAsync(2 * MiB, share => WaitAsync(share, 9), Cancellation);
        time.Advance(TimeSpan.FromSeconds(61));
        BudgetException late = await Assert.ThrowsAsync<BudgetException>(() => much);
        Assert.Contains("for longer than 60 s", late.Message, StringComparison.Ordinal);
        Assert.False(little.IsCompleted);
        Assert.Equal(56 * MiB, budget.Free);
    }

    [Fact]
    public async Task Hundreds_that_grow_at_once_all_end()
    {
        int running = 0, most = 0;
        bool[] held = await Task.WhenAll(Enumerable.Range(0, 300).Select(number => Task.Run(() => budget.ReadAsync(
            2 * MiB,
            async share =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                bool all = true;
                for (int step = 1; step <= 8 && all; step++)
                {
                    await Task.Yield();
                    all = share.MayHold(((number % 4) + 1) * step * MiB);
                }

                Interlocked.Decrement(ref running);
                return all;
            },
            Cancellation)))).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.All(held, Assert.True);
        Assert.InRange(most, 1, 32);
        Assert.Equal(64 * MiB, budget.Free);
    }

    [Fact]
    public void A_process_has_a_third_of_what_it_may_use_at_most()
    {
        long total = 2 * ReadingBudget.OfProcess(TimeProvider.System).Most;
        Assert.InRange(total, 32 * MiB, Math.Max(32 * MiB, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3));
    }

    private static async Task<bool> WaitAsync(ReadingShare share, long mebibytes)
    {
        Assert.True(share.MayHold(mebibytes * MiB));
        await Task.Delay(Timeout.InfiniteTimeSpan, share.Cancellation);
        return true;
    }

    private Task<bool> HoldAsync(long mebibytes, Task until) => budget.ReadAsync(
        mebibytes * MiB,
        async _ =>
        {
            await until;
            return true;
        },
        Cancellation);

    private Task EnterAsync(long mebibytes, string name, List<string> order) => budget.ReadAsync(
        mebibytes * MiB,
        async _ =>
        {
            lock (order)
            {
                order.Add(name);
            }

            await Task.Delay(20, Cancellation);
            return true;
        },
        Cancellation);
}
