using SchemaGate.Evidence;
using SchemaGate.Tests.Kubernetes;

namespace SchemaGate.Tests.Evidence;

public sealed class ReadingBudgetTests
{
    private const string Shop = "shop", Other = "other", Third = "third";
    private const long MiB = 1 << 20;

    private readonly ManualTime time = new();
    private readonly ReadingBudget budget;

    public ReadingBudgetTests() => budget = new(64 * MiB, time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_reading_took_is_given_back_whatever_became_of_it()
    {
        Assert.Equal(1, await budget.ReadAsync(Shop, MiB, share => Task.FromResult(share.MayHold(20 * MiB) ? 1 : 0), Cancellation));
        await Assert.ThrowsAsync<IOException>(() => budget.ReadAsync<int>(Shop, MiB, _ => throw new IOException(), Cancellation));
        Assert.Equal(64 * MiB, budget.Free);
    }

    [Fact]
    public async Task No_reading_weighs_more_than_half_and_is_told_so()
    {
        Assert.Equal(32 * MiB, budget.Most);
        BudgetException refused = await Assert.ThrowsAsync<BudgetException>(() => budget.ReadAsync(
            Shop, MiB, share => Task.FromResult(share.MayHold(33 * MiB)), Cancellation));
        Assert.Equal(
            "it takes more than the 32 MiB of memory that one reading may have here. Make it smaller, or raise the operator's memory limit",
            refused.Message);
        Assert.Equal(64 * MiB, budget.Free);
    }

    [Fact]
    public async Task Who_finds_no_room_gives_up_what_it_has_and_begins_again_with_all_that_one_may_have()
    {
        TaskCompletionSource slow = new();
        Task<bool>[] others = [HoldAsync(24, slow.Task), HoldAsync(24, slow.Task, Other)];
        List<long> free = [];
        Task<bool> late = budget.ReadAsync(
            Third,
            MiB,
            share =>
            {
                free.Add(budget.Free / MiB);
                return Task.FromResult(share.MayHold(20 * MiB));
            },
            Cancellation);
        Assert.Equal([15], free);
        Assert.Equal(16 * MiB, budget.Free);
        slow.SetResult();
        Assert.True(await late);
        await Task.WhenAll(others);
        Assert.Equal(2, free.Count);
        Assert.Equal(64 * MiB, budget.Free);
    }

    [Fact]
    public async Task First_come_first_served_so_that_others_never_overtake_a_large_one()
    {
        TaskCompletionSource slow = new();
        TaskCompletionSource slower = new();
        Task<bool> first = HoldAsync(24, slow.Task);
        Task<bool> second = HoldAsync(24, slower.Task, Other);
        List<string> order = [];
        Task large = EnterAsync(Third, 24, "large", order);
        Task small = EnterAsync(Shop, 8, "small", order);
        Assert.Empty(order);
        slow.SetResult();
        await Task.WhenAll(first, large, small);
        Assert.Equal("large small", string.Join(' ', order));
        slower.SetResult();
        await second;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task However_much_others_have_and_want_a_small_reading_of_another_tenant_begins_at_once(int mebibytes)
    {
        TaskCompletionSource slow = new();
        Task<bool>[] others =
        [
            HoldAsync(24, slow.Task), HoldAsync(24, slow.Task, Other), HoldAsync(32, slow.Task), HoldAsync(32, slow.Task, Other),
        ];
        Task<bool> small = budget.ReadAsync(Third, MiB, share => Task.FromResult(share.MayHold(mebibytes * MiB)), Cancellation);
        Assert.True(await SoonAsync(small));
        slow.SetResult();
        await Task.WhenAll(others);
    }

    [Fact]
    public async Task One_tenant_has_half_at_most_and_the_rest_is_there_for_large_readings_of_others()
    {
        TaskCompletionSource slow = new();
        Task<bool>[] others = [.. Enumerable.Range(0, 8).Select(_ => HoldAsync(12, slow.Task))];
        Assert.Equal(40 * MiB, budget.Free);
        Task<bool> large = budget.ReadAsync(Other, MiB, share => Task.FromResult(share.MayHold(20 * MiB)), Cancellation);
        Assert.True(await SoonAsync(large));
        slow.SetResult();
        await Task.WhenAll(others);
        Assert.Equal(64 * MiB, budget.Free);
    }

    [Fact]
    public async Task A_large_reading_leaves_what_is_small_of_its_own_tenant_room()
    {
        TaskCompletionSource slow = new();
        Task<bool> large = HoldAsync(32, slow.Task);
        Task<bool> small = budget.ReadAsync(Shop, MiB, share => Task.FromResult(share.MayHold(4 * MiB)), Cancellation);
        Assert.True(await SoonAsync(small));
        slow.SetResult();
        await large;
    }

    [Fact]
    public async Task A_turn_that_does_not_come_is_told_and_keeps_nothing()
    {
        TaskCompletionSource slow = new();
        Task<bool>[] others = [HoldAsync(24, slow.Task), HoldAsync(24, slow.Task, Other)];
        Task<int> waiting = budget.ReadAsync(Third, 8 * MiB, _ => Task.FromResult(1), Cancellation);
        using CancellationTokenSource canceled = new();
        Task<int> canceling = budget.ReadAsync(Third, 8 * MiB, _ => Task.FromResult(1), canceled.Token);
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
    public async Task Much_memory_is_had_for_as_long_as_one_likes_until_others_wait_and_little_even_then()
    {
        TaskCompletionSource slow = new();
        Task<bool> little = budget.ReadAsync(Other, 2 * MiB, share => WaitAsync(share, 4), Cancellation);
        Task<bool> much = budget.ReadAsync(Shop, 2 * MiB, share => WaitAsync(share, 30), Cancellation);
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(much.IsCompleted);
        Task<bool> waiting = HoldAsync(24, slow.Task, Third);
        BudgetException late = await Assert.ThrowsAsync<BudgetException>(() => SoonAsync(much));
        Assert.Contains("for longer than 25 s", late.Message, StringComparison.Ordinal);
        Assert.False(little.IsCompleted);
        slow.SetResult();
        Assert.True(await waiting);
    }

    [Fact]
    public async Task Who_has_just_got_much_keeps_it_for_a_while_and_whoever_waits_has_its_turn_before_giving_up()
    {
        TaskCompletionSource slow = new();
        slow.SetResult();
        Task<bool>[] much =
        [
            budget.ReadAsync(Shop, 2 * MiB, share => WaitAsync(share, 24), Cancellation),
            budget.ReadAsync(Other, 2 * MiB, share => WaitAsync(share, 24), Cancellation),
        ];
        Task<bool> waiting = HoldAsync(24, slow.Task, Third);
        time.Advance(TimeSpan.FromSeconds(24));
        Assert.DoesNotContain(much, task => task.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await SoonAsync(waiting));
        await Assert.ThrowsAsync<BudgetException>(() => much[0]);
        Assert.False(much[1].IsCompleted);
    }

    [Fact]
    public async Task Hundreds_that_grow_at_once_all_end()
    {
        int running = 0, most = 0;
        bool[] held = await Task.WhenAll(Enumerable.Range(0, 300).Select(number => Task.Run(() => budget.ReadAsync(
            $"tenant{number % 7}",
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

    /// <summary>What must not wait, by a time that passes by itself.</summary>
    private static Task<bool> SoonAsync(Task<bool> task) => task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

    private static async Task<bool> WaitAsync(ReadingShare share, long mebibytes)
    {
        Assert.True(share.MayHold(mebibytes * MiB));
        await Task.Delay(Timeout.InfiniteTimeSpan, share.Cancellation);
        return true;
    }

    private Task<bool> HoldAsync(long mebibytes, Task until, string tenant = Shop) => budget.ReadAsync(
        tenant,
        mebibytes * MiB,
        async _ =>
        {
            await until;
            return true;
        },
        Cancellation);

    private Task EnterAsync(string tenant, long mebibytes, string name, List<string> order) => budget.ReadAsync(
        tenant,
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
