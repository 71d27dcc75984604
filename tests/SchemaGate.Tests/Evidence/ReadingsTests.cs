using SchemaGate.Core;
using SchemaGate.Evidence;
using SchemaGate.Oci;
using SchemaGate.Tests.Kubernetes;

namespace SchemaGate.Tests.Evidence;

/// <summary>What goes on beside the looks at gates, and what becomes of it.</summary>
public sealed class ReadingsTests
{
    private readonly ManualTime time = new();
    private readonly Readings readings;
    private readonly TaskCompletionSource<Evidence<int>> slow = new();
    private readonly List<string> ended = [];
    private int begun;
    private CancellationToken ending;

    public ReadingsTests() => readings = new(time);

    [Fact]
    public async Task What_is_quick_is_waited_for_and_read_anew_by_each_look()
    {
        slow.SetResult(new Evidence<int>.Found(1));
        Assert.Equal(new Evidence<int>.Found(1), await ReadAsync(Look()));
        Assert.Equal(new Evidence<int>.Found(1), await ReadAsync(Look()));
        Assert.Equal(2, begun);
        Assert.Empty(ended);
    }

    [Fact]
    public async Task What_takes_long_goes_on_beside_is_not_waited_for_again_and_its_end_is_told()
    {
        Assert.Null(await LateAsync());
        Assert.Null(await ReadAsync(Look()));
        Assert.Null(await ReadAsync(Look("other")));
        Assert.Equal(1, begun);
        slow.SetResult(new Evidence<int>.Found(1));
        await Eventually.TrueAsync(() => ended.Count == 2);
        Assert.Equal("other shop", string.Join(' ', ended.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_failure_that_came_late_is_told_to_the_next_look_and_not_asked_for_again_at_once()
    {
        Assert.Null(await LateAsync());
        slow.SetResult(new Evidence<int>.Unreachable("why", "how"));
        await Eventually.TrueAsync(() => ended.Count == 1);
        Assert.Equal(new Evidence<int>.Unreachable("why", "how"), await ReadAsync(Look()));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(new Evidence<int>.Unreachable("why", "how"), await ReadAsync(Look()));
        Assert.Equal(1, begun);
    }

    [Fact]
    public async Task While_it_is_tried_again_what_it_said_the_last_time_still_counts()
    {
        Assert.Null(await LateAsync());
        slow.SetResult(new Evidence<int>.Unreachable("why", "how"));
        await Eventually.TrueAsync(() => ended.Count == 1);
        time.Advance(TimeSpan.FromMinutes(2));
        TaskCompletionSource<Evidence<int>> again = new();
        Task<Evidence<int>?> reading = ReadAsync(Look(), read: _ => again.Task);
        time.Advance(Readings.Patience);
        Assert.Equal(new Evidence<int>.Unreachable("why", "how"), await reading);
        again.SetResult(new Evidence<int>.Found(1));
        await Eventually.TrueAsync(() => ended.Count == 2);
        Assert.Equal(new Evidence<int>.Found(2), await ReadAsync(Look(), read: _ => Found(2)));
    }

    [Fact]
    public async Task What_a_gate_wants_no_more_is_ended_unless_another_wants_it()
    {
        Look first = Look();
        Task<Evidence<int>?> reading = ReadAsync(first);
        Task<Evidence<int>?> others = ReadAsync(Look("other"));
        await Eventually.TrueAsync(() => begun == 1);
        time.Advance(Readings.Patience);
        Assert.Null(await reading);
        Assert.Null(await others);
        first.End();
        Look().End();
        Assert.False(ending.IsCancellationRequested);
        Look("other").End();
        Assert.True(ending.IsCancellationRequested);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Empty(ended);
    }

    [Fact]
    public async Task What_is_ended_is_begun_anew_when_it_is_wanted_again()
    {
        Assert.Null(await LateAsync());
        Look().End();
        Assert.True(ending.IsCancellationRequested);
        Assert.Equal(new Evidence<int>.Found(2), await ReadAsync(Look(), read: _ => Found(2)));
    }

    [Fact]
    public async Task Nobody_leads_any_more_and_everything_is_ended()
    {
        Assert.Null(await LateAsync());
        readings.EndAll();
        Assert.True(ending.IsCancellationRequested);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Empty(ended);
    }

    [Fact]
    public async Task One_tenants_many_slow_readings_wait_for_each_other_and_nobody_for_them()
    {
        List<Task<Evidence<int>?>> many = [.. Enumerable.Range(0, Readings.Share + 3).Select(key => ReadAsync(Look(), key))];
        await Eventually.TrueAsync(() => begun == Readings.Share);
        Assert.Equal(new Evidence<int>.Found(2), await ReadAsync(Look("shop", "others"), "quick", _ => Found(2)));
        time.Advance(Readings.Patience);
        Assert.All(await Task.WhenAll(many), Assert.Null);
        Assert.Equal(Readings.Share, begun);
        slow.SetResult(new Evidence<int>.Found(1));
        await Eventually.TrueAsync(() => ended.Count == many.Count);
        Assert.Equal(many.Count, begun);
    }

    [Fact]
    public async Task A_fault_of_our_own_that_came_late_is_thrown_at_the_next_look_and_then_tried_again()
    {
        Assert.Null(await LateAsync());
        slow.SetException(new InvalidOperationException("a fault"));
        await Eventually.TrueAsync(() => ended.Count == 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(Look()));
        Assert.Equal(new Evidence<int>.Found(2), await ReadAsync(Look(), read: _ => Found(2)));
    }

    [Fact]
    public async Task Faults_of_our_own_that_came_late_keep_no_place()
    {
        bool isRead = false;
        List<Task<Evidence<int>?>> many = [.. Enumerable.Range(0, Readings.Share).Select(key => ReadAsync(Look(), key))];
        await Eventually.TrueAsync(() => begun == Readings.Share);
        many.Add(ReadAsync(Look("next"), "next", _ =>
        {
            isRead = true;
            return Found(2);
        }));
        time.Advance(Readings.Patience);
        Assert.All(await Task.WhenAll(many), Assert.Null);
        Assert.False(isRead);
        slow.SetException(new InvalidOperationException("a fault"));
        await Eventually.TrueAsync(() => Volatile.Read(ref isRead));
    }

    [Fact]
    public async Task A_look_at_a_gate_that_changed_waits_no_longer_and_the_next_one_waits_again()
    {
        Task<Evidence<int>?> reading = ReadAsync(Look());
        readings.Hurry("shop", "other");
        Assert.False(reading.IsCompleted);
        readings.Hurry("shop", "shop");
        Assert.Null(await reading);
        Task<Evidence<int>?> next = ReadAsync(Look());
        slow.SetResult(new Evidence<int>.Found(1));
        Assert.Equal(new Evidence<int>.Found(1), await next);
        Assert.Equal(1, begun);
    }

    [Fact]
    public async Task A_look_that_was_cut_ends_nothing()
    {
        Assert.Null(await LateAsync());
        Look cut = Look();
        LookTime left = new(cut, time);
        await Assert.ThrowsAsync<OciException>(() => left.AskAsync<int>(
            "image", _ => throw new OciException(OciFailure.Unreachable, "no answer"), TestContext.Current.CancellationToken));
        cut.End();
        Look hurried = Look();
        readings.Hurry("shop", "shop");
        hurried.End();
        Assert.False(ending.IsCancellationRequested);
        Look().End();
        Assert.True(ending.IsCancellationRequested);
    }

    [Fact]
    public async Task An_older_look_that_comes_late_does_not_take_the_place_of_a_newer_one()
    {
        Look older = Look();
        Look newer = Look();
        Task<Evidence<int>?> wanted = ReadAsync(newer);
        Task<Evidence<int>?> late = ReadAsync(older);
        newer.End();
        Assert.False(ending.IsCancellationRequested);
        slow.SetResult(new Evidence<int>.Found(1));
        Assert.Equal([new Evidence<int>.Found(1), new Evidence<int>.Found(1)], await Task.WhenAll(wanted, late));
    }

    [Fact]
    public async Task Who_stops_looking_waits_no_longer()
    {
        using CancellationTokenSource canceled = new();
        Task<Evidence<int>?> reading = readings.ReadAsync(Look(), "key", Readings.Patience, _ => slow.Task, canceled.Token);
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static Task<Evidence<int>> Found(int value) => Task.FromResult<Evidence<int>>(new Evidence<int>.Found(value));

    private Look Look(string gate = "shop", string tenant = "shop") => readings.Begin(tenant, gate, () =>
    {
        lock (ended)
        {
            ended.Add(gate);
        }
    });

    private async Task<Evidence<int>?> LateAsync()
    {
        Task<Evidence<int>?> reading = ReadAsync(Look());
        time.Advance(Readings.Patience);
        Evidence<int>? evidence = await reading;
        await Eventually.TrueAsync(() => begun == 1);
        return evidence;
    }

    private Task<Evidence<int>?> ReadAsync(Look look, object? key = null, Func<CancellationToken, Task<Evidence<int>>>? read = null) =>
        look.ReadAsync(key ?? "key", Readings.Patience, read ?? SlowAsync, TestContext.Current.CancellationToken);

    private Task<Evidence<int>> SlowAsync(CancellationToken cancellation)
    {
        ending = cancellation;
        Interlocked.Increment(ref begun);
        return slow.Task;
    }
}
