using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Events;
using static SchemaGate.Tests.Kubernetes.FakeApiServer;

namespace SchemaGate.Tests.Kubernetes;

public sealed class EventRecorderTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<(string Method, JsonNode Body)> written = new();
    private readonly ConcurrentQueue<KubernetesException> failures = new();
    private FakeApiServer server = null!;
    private EventRecorder recorder = null!;
    private Task running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        server = await StartAsync();
        recorder = new(server.Client(), "example.com/tests", "tests-1", failures.Enqueue, time);
        running = recorder.RunAsync(stopping.Token);
    }

    [Fact]
    public async Task What_happens_again_is_counted_on_one_object()
    {
        Answer(2, 200);
        recorder.Record(Announcement());
        await WrittenAsync(1);
        for (var i = 0; i < 99; i++)
        {
            recorder.Record(Announcement() with { Regarding = Regarding("a") with { ResourceVersion = $"{i}" } });
        }

        await AdvanceUntilWrittenAsync(2);
        var (first, second) = (written.First(), written.Last());
        Assert.Equal(("POST", "PATCH", 100), (first.Method, second.Method, (int)second.Body["series"]!["count"]!));
        Assert.Null(first.Body["series"]);
        Assert.Equal("series", Assert.Single(second.Body.AsObject()).Key);
    }

    [Fact]
    public async Task What_differs_in_its_note_is_another_event()
    {
        Answer(2, 200);
        recorder.Record(Announcement());
        recorder.Record(Announcement() with { Note = "another" });
        await WrittenAsync(2);
        Assert.Equal(2, written.Select(write => (string?)write.Body["metadata"]!["name"]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task After_six_quiet_minutes_it_is_a_new_event()
    {
        Answer(2, 200);
        recorder.Record(Announcement());
        await WrittenAsync(1);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(6));
        recorder.Record(Announcement());
        await WrittenAsync(2);
        Assert.All(written, write => Assert.Equal("POST", write.Method));
    }

    [Fact]
    public async Task An_object_that_never_stops_is_allowed_twenty_five_events_and_its_neighbours_theirs()
    {
        Answer(26, 200);
        for (var i = 0; i < 100; i++)
        {
            recorder.Record(Announcement() with { Note = $"attempt {i}" });
        }

        recorder.Record(Announcement() with { Regarding = Regarding("b") });
        await WrittenAsync(26);
        Assert.Equal(25, written.Count(write => (string?)write.Body["regarding"]!["name"] == "a"));
    }

    [Fact]
    public async Task An_event_that_the_server_has_deleted_is_made_anew_with_its_count()
    {
        Answer(1, 200);
        Answer(1, 404);
        Answer(1, 200);
        recorder.Record(Announcement());
        await WrittenAsync(1);
        recorder.Record(Announcement());
        await AdvanceUntilWrittenAsync(3);
        Assert.Equal(["POST", "PATCH", "POST"], written.Select(write => write.Method), StringComparer.Ordinal);
        Assert.Equal(2, (int)written.Last().Body["series"]!["count"]!);
    }

    [Fact]
    public async Task What_the_server_cannot_take_now_is_tried_again_and_what_it_refuses_is_not()
    {
        Answer(1, 500);
        Answer(1, 403);
        recorder.Record(Announcement());
        await AdvanceUntilWrittenAsync(2);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(1));
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(2, written.Count);
        Assert.Equal(
            [StatusReason.InternalError, StatusReason.Forbidden],
            failures.Select(failure => failure.Reason),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_is_left_at_the_end_is_still_written()
    {
        Answer(2, 200);
        recorder.Record(Announcement());
        await WrittenAsync(1);
        recorder.Record(Announcement());
        await stopping.CancelAsync();
        await running;
        Assert.Equal(2, (int)written.Last().Body["series"]!["count"]!);
    }

    [Fact]
    public void Memory_for_announcements_is_bounded()
    {
        var idle = new EventRecorder(server.Client(), "example.com/tests", "tests-1", failures.Enqueue, time);
        for (var i = 0; i < 3 * EventRecorder.Capacity; i++)
        {
            idle.Record(Announcement() with { Regarding = Regarding($"o{i}") });
        }

        Assert.Equal(EventRecorder.Capacity, idle.Remembered);
    }

    [Fact]
    public void An_allowance_comes_back_one_by_one()
    {
        var buckets = new TokenBuckets(time, 10);
        Assert.Equal(25, Enumerable.Range(0, 40).Count(_ => buckets.TryTake("a")));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, Enumerable.Range(0, 40).Count(_ => buckets.TryTake("a")));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(25, Enumerable.Range(0, 40).Count(_ => buckets.TryTake("a")));
    }

    [Theory]
    [InlineData("short", "short")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("123456789012345678901", "12345678901234567…")]
    [InlineData("1234567890123456é78901", "1234567890123456…")]
    [InlineData("12345678901234😀78901", "12345678901234…")]
    public void A_note_is_cut_between_characters(string note, string cut)
    {
        Assert.Equal(cut, EventText.Cut(note, 20));
        Assert.InRange(Encoding.UTF8.GetByteCount(cut), 1, 20);
    }

    [Fact]
    public void An_events_name_is_its_objects_and_stays_a_name()
    {
        Assert.Equal("shop.ff", EventText.Name("shop", 255));
        Assert.Equal(new string('a', 250), EventText.Name(new string('a', 249) + ".b", 255)[..^3].PadRight(250, 'a'));
        Assert.InRange(EventText.Name(new string('a', 253), long.MaxValue).Length, 1, 253);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        // Parting would wait for a server that answers no more.
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(10);
        }

        await running;
        await server.DisposeAsync();
        stopping.Dispose();
    }

    private static Announcement Announcement() => new(Regarding("a"), Normal: true, "Test", "Tested", "it was tested");

    private static V1ObjectReference Regarding(string name)
        => new() { ApiVersion = "v1", Kind = "Secret", NamespaceProperty = "n", Name = name, Uid = $"uid-{name}" };

    private void Answer(int times, int status)
    {
        for (var i = 0; i < times; i++)
        {
            server.List(async context =>
            {
                var body = await JsonNode.ParseAsync(context.Request.Body);
                context.Response.StatusCode = status;
                await context.Response
                    .WriteAsync(status == 200 ? """{"metadata":{"name":"e"}}""" : $$"""{"kind":"Status","code":{{status}}}""");
                written.Enqueue((context.Request.Method, body!));
            });
        }
    }

    private async Task WrittenAsync(int count)
    {
        for (var i = 0; i < 500 && written.Count < count; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(count, written.Count);
    }

    private async Task AdvanceUntilWrittenAsync(int count)
    {
        for (var i = 0; i < 30 && written.Count < count; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        await WrittenAsync(count);
    }
}
