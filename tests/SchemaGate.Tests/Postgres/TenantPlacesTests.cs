using SchemaGate.Postgres.Connections;
using SchemaGate.Tests.Kubernetes;

namespace SchemaGate.Tests.Postgres;

public sealed class TenantPlacesTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly ManualTime time = new();
    private readonly TenantPlaces places;

    public TenantPlacesTests() => places = new(3, time);

    [Fact]
    public async Task One_tenant_never_has_them_all()
    {
        using IDisposable? first = await EnterAsync("many"), second = await EnterAsync("many");
        Task<IDisposable?> third = EnterAsync("many");
        Assert.NotNull(await EnterAsync("one"));
        Assert.False(third.IsCompleted);
        first!.Dispose();
        // The first place was one's, who keeps it.
        Assert.NotNull(await third);
    }

    [Fact]
    public async Task Who_was_slow_lately_leaves_a_place_to_the_quick_however_many_they_are()
    {
        IDisposable?[] slow = [await EnterAsync("a"), await EnterAsync("b"), await EnterAsync("c")];
        Task<IDisposable?> waiting = EnterAsync("quick");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(waiting.IsCompleted);
        Array.ForEach(slow, place => place!.Dispose());
        (await waiting)!.Dispose();
        for (int round = 0; round < 20; round++)
        {
            Task<IDisposable?>[] again = [EnterAsync("a"), EnterAsync("b"), EnterAsync("c")];
            Assert.Equal(2, again.Count(place => place.IsCompletedSuccessfully));
            Task<IDisposable?> quick = EnterAsync("quick");
            Assert.True(quick.IsCompleted);
            (await quick)!.Dispose();
            time.Advance(TimeSpan.FromSeconds(10));
            foreach (Task<IDisposable?> place in again)
            {
                (await place)!.Dispose();
            }
        }
    }

    [Fact]
    public async Task Being_slow_is_forgotten()
    {
        (IDisposable? a, IDisposable? b, IDisposable? c) = (await EnterAsync("a"), await EnterAsync("b"), await EnterAsync("c"));
        time.Advance(TimeSpan.FromSeconds(2));
        Array.ForEach([a, b, c], place => place!.Dispose());
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.All([EnterAsync("a"), EnterAsync("b"), EnterAsync("c")], place => Assert.True(place.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task A_place_that_does_not_come_is_told_and_nothing_is_kept_of_the_waiting()
    {
        using IDisposable? first = await EnterAsync("a"), second = await EnterAsync("a");
        Task<IDisposable?> late = EnterAsync("a");
        using CancellationTokenSource canceled = new();
        Task<IDisposable?> canceling = places.EnterAsync("a", s_patience, canceled.Token);
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceling);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Null(await late);
        first!.Dispose();
        first.Dispose();
        Assert.True(EnterAsync("b").IsCompletedSuccessfully);
        Assert.True(EnterAsync("b").IsCompletedSuccessfully);
        Assert.False(EnterAsync("c").IsCompleted);
    }

    [Fact]
    public async Task Hundreds_of_many_tenants_all_have_their_turn()
    {
        int inside = 0, most = 0;
        await Task.WhenAll(Enumerable.Range(0, 500).Select(number => Task.Run(async () =>
        {
            using IDisposable? place = await EnterAsync($"t{number % 5}");
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }))).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.InRange(most, 1, 3);
    }

    private Task<IDisposable?> EnterAsync(string tenant) =>
        places.EnterAsync(tenant, s_patience, TestContext.Current.CancellationToken);
}
