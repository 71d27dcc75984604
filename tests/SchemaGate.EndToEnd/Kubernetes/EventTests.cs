using System.Collections.Concurrent;
using k8s.Models;
using SchemaGate.EndToEnd.Support;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.EndToEnd.Kubernetes;

public sealed class EventTests
{
    private readonly ConcurrentQueue<KubernetesException> failures = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_same_announcements_leave_one_event_that_counts_them()
    {
        await using var scratch = await ScratchNamespace.CreateAsync();
        var regarding = Kinds.Secret.ReferenceTo(await scratch.AddAsync("a"));
        using var stopping = new CancellationTokenSource();
        var recorder = new EventRecorder(scratch.Client, "example.com/tests", "tests-1", failures.Enqueue, TimeProvider.System);
        var running = recorder.RunAsync(stopping.Token);
        var note = new string('é', 2000);
        for (var i = 0; i < 100; i++)
        {
            recorder.Record(new(regarding, Normal: false, "Test", "Tested", note));
            await Task.Delay(i == 0 ? 2000 : 5, Cancellation);
        }

        await Eventually.TrueAsync(
            async () => (await EventsAsync(scratch)).Any(found => found.Series?.Count == 100),
            () => $"100 are counted; {string.Join("; ", failures.Select(failure => failure.Message))}");
        var only = Assert.Single(await EventsAsync(scratch));
        Assert.Equal(("Warning", "Tested", "a"), (only.Type, only.Reason, only.Regarding?.Name));
        Assert.StartsWith("a.", only.Metadata.Name, StringComparison.Ordinal);
        Assert.True(only.Series!.LastObservedTime > only.EventTime);
        await stopping.CancelAsync();
        await running;
        Assert.Empty(failures);
    }

    private static async Task<IReadOnlyList<Eventsv1Event>> EventsAsync(ScratchNamespace scratch) =>
        (await scratch.Client.ListAsync(
            Kinds.Event,
            scratch.Name,
            new() { FieldSelector = "reportingController=example.com/tests" },
            Cancellation)).Items;
}
