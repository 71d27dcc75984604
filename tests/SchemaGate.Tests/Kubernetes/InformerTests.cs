using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Controllers;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;
using static SchemaGate.Tests.Kubernetes.FakeApiServer;

namespace SchemaGate.Tests.Kubernetes;

public sealed class InformerTests : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<string> changes = new();
    private readonly ConcurrentQueue<Exception> failures = new();
    private Backoff backoff = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50));
    private FakeApiServer server = null!;
    private Informer<V1Secret> informer = null!;
    private Task running = Task.CompletedTask;

    [Fact]
    public async Task A_watch_that_is_cut_goes_on_from_the_last_change()
    {
        await RunAsync(script => script
            .List("10", Secret("a", "5"))
            .CutWatch(Event("ADDED", Secret("b", "11")))
            .Watch(Event("DELETED", Secret("a", "12"))));
        await UntilAsync("+a", "+b", "-a");
        Assert.Contains("resourceVersion=11", server.Requests.ElementAt(2), StringComparison.Ordinal);
        Assert.Equal(["b"], informer.List().Select(secret => secret.Metadata.Name), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_watch_that_is_cut_inside_an_event_loses_nothing()
    {
        await RunAsync(script => script
            .List("10")
            .CutWatch(Event("ADDED", Secret("b", "11")), "{\"type\":\"ADD")
            .Watch(Event("ADDED", Secret("c", "12"))));
        await UntilAsync("+b", "+c");
        Assert.Contains("resourceVersion=11", server.Requests.ElementAt(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_goes_on_from_the_last_bookmark()
    {
        await RunAsync(script => script
            .List("10")
            .Watch(Event("BOOKMARK", """{"kind":"Secret","metadata":{"resourceVersion":"70"}}"""))
            .Watch(Event("ADDED", Secret("a", "71"))));
        await UntilAsync("+a");
        Assert.Contains("resourceVersion=70", server.Requests.ElementAt(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watches_that_began_together_do_not_all_end_together()
    {
        await RunAsync(script => script
            .List("10")
            .Watch(Event("ADDED", Secret("a", "11")))
            .Watch(Event("ADDED", Secret("b", "12")))
            .Watch(Event("ADDED", Secret("c", "13")))
            .Watch(Event("ADDED", Secret("d", "14"))));
        await UntilAsync("+a", "+b", "+c", "+d");
        List<int> seconds = [.. server.Requests.Skip(1).Take(4).Select(request =>
            int.Parse(
                QueryHelpers.ParseQuery(request[request.IndexOf('?', StringComparison.Ordinal)..])["timeoutSeconds"]!,
                CultureInfo.InvariantCulture))];
        Assert.All(seconds, length => Assert.InRange(length, 300, 600));
        Assert.NotEqual(1, seconds.Distinct().Count());
    }

    [Fact]
    public async Task An_expired_version_lists_again_and_sees_the_missed_deletion()
    {
        await RunAsync(script => script
            .List("10", Secret("a", "5"), Secret("b", "6"))
            .Watch(Gone)
            .List("90", Secret("b", "6"), Secret("c", "80")));
        await UntilAsync("+a", "+b", "-a", "+c");
        Assert.Equal(
            ["b", "c"],
            informer.List("n").Select(secret => secret.Metadata.Name).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_expired_version_that_comes_as_an_event_lists_again()
    {
        await RunAsync(script => script
            .List("10", Secret("a", "5"))
            .Watch(Event("ERROR", """{"kind":"Status","reason":"Gone","code":410,"message":"too old"}"""))
            .List("90"));
        await UntilAsync("+a", "-a");
        Assert.Equal(StatusReason.Gone, Assert.IsType<KubernetesException>(failures.First()).Reason);
    }

    [Fact]
    public async Task An_object_created_again_during_an_outage_is_a_deletion_and_an_addition()
    {
        await RunAsync(script => script
            .List("10", Secret("a", "5", uid: "first"))
            .Watch(Gone)
            .List("90", Secret("a", "80", uid: "second")));
        await UntilAsync("+a", "-a", "+a");
        Assert.Equal(["+a", "-a", "+a"], changes, StringComparer.Ordinal);
        Assert.Equal("second", informer.Get("n", "a")?.Metadata.Uid);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_lists_again()
    {
        await RunAsync(script => script
            .List("10")
            .Watch("{\"type\":5,\"object\":{}}\n")
            .List("20", Secret("a", "15")));
        await UntilAsync("+a");
        Assert.Equal(StatusReason.MalformedResponse, Assert.IsType<KubernetesException>(failures.First()).Reason);
    }

    [Fact]
    public async Task An_internal_error_in_the_stream_lists_again()
    {
        await RunAsync(script => script
            .List("10")
            .Watch(Event("ERROR", """{"kind":"Status","reason":"InternalError","code":500,"message":"compacted, in other words"}"""))
            .List("20", Secret("a", "15")));
        await UntilAsync("+a");
    }

    [Fact]
    public async Task A_list_that_breaks_off_between_two_pages_deletes_nothing_and_begins_again()
    {
        await RunAsync(script => script
            .List("10", Secret("a", "5"), Secret("z", "6"))
            .Watch(Gone)
            .List(Page("90", "more", Secret("a", "80")))
            .List(Gone)
            .List(Page("95", "more", Secret("a", "80")))
            .List("95", Secret("c", "90")));
        await UntilAsync("+a", "+z", "~a", "+c", "-z");
        Assert.Equal("-z", changes.Last());
        Assert.Contains("continue=more", server.Requests.ElementAt(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_idle_objects_cost_one_list_however_often_the_watch_ends()
    {
        await RunAsync(script => Enumerable.Range(11, 5).Aggregate(
            script.List("10", [.. Enumerable.Range(0, 1000).Select(i => Secret($"s{i}", "5"))]),
            (watched, version) => watched.Watch(Event("BOOKMARK", $$$"""{"metadata":{"resourceVersion":"{{{version}}}"}}"""))));
        await Eventually.TrueAsync(() => server.Requests.Count == 7);
        Assert.Single(server.Requests, request => !request.Contains("watch=true", StringComparison.Ordinal));
        Assert.Equal(1000, informer.List().Count);
    }

    [Fact]
    public async Task Each_namespace_has_its_own_objects()
    {
        await RunAsync(script => script
            .List("10", Secret("a", "5"), Secret("a", "6").Replace("\"n\"", "\"m\"", StringComparison.Ordinal))
            .Watch(Event("DELETED", Secret("a", "12"))));
        await UntilAsync("+a", "+a", "-a");
        Assert.Empty(informer.List("n"));
        Assert.Equal("6", Assert.Single(informer.List("m")).Metadata.ResourceVersion);
        Assert.Equal(informer.List("m"), informer.List());
    }

    [Fact]
    public async Task What_is_followed_is_not_stale_and_what_cannot_be_is_staler_and_staler()
    {
        await RunAsync(script => Enumerable.Range(0, 20).Aggregate(script.List("10"), (failing, _) => failing.Watch(Text(503, ""))));
        await Eventually.TrueAsync(() => informer.Staleness > TimeSpan.FromMilliseconds(100));
        Assert.True(informer.Synced);
        await Eventually.TrueAsync(() => informer.Staleness == TimeSpan.Zero);
    }

    [Fact]
    public async Task A_server_that_is_not_there_yet_is_asked_again()
    {
        await RunAsync(script => script.List(Text(503, "")).List(Text(401, "")).List("10", Secret("a", "5")));
        await informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
        Assert.True(informer.Synced);
        Assert.Equal(2, failures.Count);
        Assert.Equal((2, 1), (informer.Restarts, informer.Count));
    }

    [Fact]
    public async Task A_handler_that_throws_is_reported_and_stops_nothing()
    {
        await RunAsync(
            script => script.List("10", Secret("a", "5")).Watch(Event("ADDED", Secret("b", "11"))),
            _ => throw new InvalidOperationException("on purpose"));
        await UntilAsync("+a", "+b");
        Assert.Equal(2, failures.OfType<InvalidOperationException>().Count());
    }

    [Fact]
    public async Task Watches_that_end_at_once_are_not_begun_at_once()
    {
        backoff = new(TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await RunAsync(script => script.List("10").Watch([]).Watch([]));
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Selectors_reach_the_list_and_the_watch()
    {
        await RunAsync(script => script.List("10"));
        await Eventually.TrueAsync(() => server.Requests.Count == 2);
        Assert.All(server.Requests, request => Assert.Contains("labelSelector=app%3Dweb%2C%21old", request, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        await server.DisposeAsync();
        stopping.Dispose();
    }

    private async Task RunAsync(Func<FakeApiServer, FakeApiServer> script, Action<InformerChange<V1Secret>>? handler = null)
    {
        server = script(await StartAsync());
        informer = new(server.Client(), Secrets, new() { Backoff = backoff, Failed = failures.Enqueue, LabelSelector = "app=web,!old" });
        informer.Changed += handler;
        informer.Changed += change => changes.Enqueue(
            (change.New is null ? "-" : change.Old is null ? "+" : "~") + change.Latest.Metadata.Name);
        running = informer.RunAsync(stopping.Token);
    }

    private static ResourceType<V1Secret> Secrets => Kinds.Secret;

    private async Task UntilAsync(params string[] expected)
    {
        await Eventually.TrueAsync(() => changes.Count >= expected.Length);
        Assert.Equal(expected.Order(StringComparer.Ordinal), changes.Order(StringComparer.Ordinal));
    }
}
