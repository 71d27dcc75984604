using System.Collections.Concurrent;
using SchemaGate.Kubernetes.Controllers;

namespace SchemaGate.Tests.Kubernetes;

public sealed class ControllerTests : IAsyncDisposable
{
    private readonly ManualTime time = new();
    private readonly WorkQueue<string> queue;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly TaskCompletionSource release = new();
    private Task running = Task.CompletedTask;

    public ControllerTests() => queue = new(time, new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8)));

    [Fact]
    public async Task A_key_is_looked_at_again_when_it_asked_to_be()
    {
        var seen = 0;
        Start((_, _) => Task.FromResult<TimeSpan?>(Interlocked.Increment(ref seen) == 1 ? TimeSpan.FromMinutes(5) : null));
        queue.Add("a");
        await Eventually.TrueAsync(() => seen == 1);
        await Eventually.TrueAsync(() => Passed(TimeSpan.FromMinutes(1), () => seen == 2));
    }

    [Fact]
    public async Task A_key_that_fails_is_reported_and_tried_again()
    {
        var seen = 0;
        Start((_, _) => Interlocked.Increment(ref seen) == 1
            ? throw new InvalidOperationException("first")
            : Task.FromResult<TimeSpan?>(null));
        queue.Add("a");
        await Eventually.TrueAsync(() => Passed(TimeSpan.FromSeconds(1), () => seen == 2));
        Assert.Equal(["a: first"], failures, StringComparer.Ordinal);
    }

    [Fact]
    public async Task No_key_is_worked_on_by_two_workers()
    {
        int inside = 0, most = 0, seen = 0;
        Start(async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref seen);
            return null;
        }, workers: 8);
        for (var i = 0; i < 2000; i++)
        {
            queue.Add("a");
            await Task.Yield();
        }

        // What was added while it waited counts once.
        await Eventually.TrueAsync(() =>
        {
            queue.Add("a");
            return seen > 20;
        });
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Stopping_lets_the_work_in_progress_finish_and_takes_no_other_key()
    {
        var seen = new ConcurrentQueue<string>();
        Start(async (key, _) =>
        {
            seen.Enqueue(key);
            await release.Task;
            return null;
        });
        queue.Add("a");
        queue.Add("b");
        await Eventually.TrueAsync(() => !seen.IsEmpty);
        await stopping.CancelAsync();
        Assert.False(running.IsCompleted);
        release.SetResult();
        await running;
        Assert.Equal(["a"], seen, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Work_that_takes_longer_than_a_moment_keeps_no_worker_and_is_waited_for_at_the_end()
    {
        var seen = new ConcurrentQueue<string>();
        Start(async (key, _) =>
        {
            seen.Enqueue(key);
            await (key.StartsWith("slow", StringComparison.Ordinal) ? release.Task : Task.CompletedTask);
            return null;
        });
        foreach (var key in (string[])["slow1", "slow2", "slow3", "quick"])
        {
            queue.Add(key);
        }

        await Eventually.TrueAsync(() => Passed(TimeSpan.FromSeconds(1), () => seen.Contains("quick", StringComparer.Ordinal)));
        await stopping.CancelAsync();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(running.IsCompleted);
        release.SetResult();
        await running;
    }

    [Fact]
    public async Task Work_beside_the_workers_is_bounded_and_its_key_is_not_worked_on_twice()
    {
        var seen = new ConcurrentQueue<string>();
        Start(async (key, _) =>
        {
            seen.Enqueue(key);
            await release.Task;
            return null;
        }, mostBeside: 2);
        foreach (var key in (string[])["a", "b", "c", "d"])
        {
            queue.Add(key);
        }

        await Eventually.TrueAsync(() => Passed(TimeSpan.FromSeconds(1), () => seen.Count == 3));
        queue.Add("a");
        time.Advance(TimeSpan.FromMinutes(1));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b", "c"], seen, StringComparer.Ordinal);
        release.SetResult();
        await Eventually.TrueAsync(() => seen.Count == 5);
    }

    [Fact]
    public async Task Work_that_outlasts_the_grace_is_cancelled_and_waits_for_whoever_works_next()
    {
        var started = new TaskCompletionSource();
        Start(async (_, cancellation) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return null;
        });
        queue.Add("a");
        await started.Task;
        await stopping.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(11));
        await running;
        Assert.Empty(failures);
        Assert.Equal("a", await queue.TakeAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        release.TrySetResult();
        await stopping.CancelAsync();
        await running;
        queue.Dispose();
        stopping.Dispose();
    }

    private void Start(Func<string, CancellationToken, Task<TimeSpan?>> reconcile, int workers = 1, int mostBeside = 256) =>
        running = new Controller<string>(queue, reconcile, (key, e) => failures.Enqueue($"{key}: {e.Message}"), time)
        {
            Workers = workers,
            MostBeside = mostBeside,
        }.RunAsync(stopping.Token);

    private bool Passed(TimeSpan by, Func<bool> condition)
    {
        time.Advance(by);
        return condition();
    }
}
