using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;
using static SchemaGate.Tests.Kubernetes.FakeApiServer;

namespace SchemaGate.Tests.Kubernetes;

/// <summary>What is stored and cannot be read closes itself and is told; everything beside it is followed.</summary>
public sealed class UnreadObjectTests : IAsyncDisposable
{
    private const int MiB = 1 << 20;

    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<string> told = new();
    private readonly ConcurrentQueue<Exception> failures = new();
    private FakeApiServer? server;
    private Informer<V1Secret> informer = null!;
    private Task running = Task.CompletedTask;

    /// <summary>A member that makes a Secret one that cannot be read, and what is said of it.</summary>
    public static TheoryData<string, string> Odd => new()
    {
        { $"\"extra\":{Nested(300)}", "nests deeper than 256 levels" },
        { $"\"extra\":{Nested(20_000)}", "nests deeper than 256 levels" },
        { "\"type\":5", "type" },
        { "\"data\":[null]", "data" },
        { "\"metadata\":null", "" },
        { "\"immutable\":1e999", "immutable" },
        { "\"type\":\"\\ud800\"", "" },
        { $"\"type\":\"{new string('x', 9 * MiB)}\"", "larger than 8 MiB" },
    };

    [Theory]
    [MemberData(nameof(Odd), DisableDiscoveryEnumeration = true)]
    public async Task One_object_of_a_list_that_cannot_be_read_is_told_and_the_others_are_followed(string member, string words)
    {
        await RunAsync(script => script
            .List("10", Secret("a", "5"), With(member), Secret("b", "6"))
            .Watch(Event("ADDED", Secret("c", "11"))));
        await UntilAsync("+a", "+b", "!odd", "+c");
        Assert.True(informer.Synced);
        Assert.Null(informer.Get("n", "odd"));
        UnreadObject unread = Assert.IsType<UnreadObject>(informer.FindUnread("n", "odd"));
        Assert.Contains(words, unread.Problem, StringComparison.Ordinal);
        Assert.Equal(("odd", "7"), (unread.Uid, unread.ResourceVersion));
        Assert.Empty(failures);
    }

    [Theory]
    [MemberData(nameof(Odd), DisableDiscoveryEnumeration = true)]
    public async Task An_event_whose_object_cannot_be_read_is_passed_over_and_the_watch_goes_on(string member, string words)
    {
        await RunAsync(script => script.List("10").Watch(
            $"{{\"type\":\"ADDED\",\"object\":{With(member)}}}\n", Event("ADDED", Secret("c", "11"))));
        await UntilAsync("!odd", "+c");
        Assert.Contains(words, informer.FindUnread("n", "odd")!.Problem, StringComparison.Ordinal);
        Assert.Equal(2, server!.Requests.TakeWhile(request => !request.Contains("resourceVersion=11", StringComparison.Ordinal)).Count());
        Assert.Empty(failures);
    }

    [Fact]
    public async Task What_becomes_unreadable_is_known_no_more_until_it_can_be_read_again()
    {
        await RunAsync(script => script
            .List("10", Secret("odd", "5"))
            .Watch(Event("MODIFIED", With("\"type\":5")), Event("MODIFIED", With("\"type\":5")), Event("MODIFIED", Secret("odd", "8"))));
        await UntilAsync("+odd", "-odd", "!odd", "?odd", "+odd");
        Assert.Null(informer.FindUnread("n", "odd"));
    }

    [Theory]
    [InlineData("DELETED")]
    [InlineData("")]
    public async Task What_cannot_be_read_and_is_deleted_is_gone(string kind)
    {
        await RunAsync(script => kind.Length > 0
            ? script.List("10", With("\"type\":5")).Watch(Event(kind, With("\"type\":5")))
            : script.List("10", With("\"type\":5")).Watch(Gone).List("20"));
        await UntilAsync("!odd", "?odd");
        Assert.Null(informer.FindUnread("n", "odd"));
    }

    [Fact]
    public async Task Who_asks_for_all_of_a_list_is_refused_with_the_name_of_what_cannot_be_read()
    {
        server = (await StartAsync()).List("10", Secret("a", "5"), With("\"type\":5"));
        KubernetesException refused = await Assert.ThrowsAsync<KubernetesException>(
            () => server.Client().ListAllAsync(Kinds.Secret, "n", cancellation: TestContext.Current.CancellationToken));
        Assert.StartsWith("Secret n/odd cannot be read", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_too_large_is_asked_for_in_smaller_ones_and_one_object_that_is_alone_is_passed_over()
    {
        int[] sizes = [1, 7, 7, 1, 7, 20, 7, 1, 7];
        await RunAsync(script => Enumerable.Range(0, 60).Aggregate(script, (all, _) => all.List(context => PageOf(sizes, context))));
        await UntilAsync("+s0", "+s1", "+s2", "+s3", "+s4", "!s5", "+s6", "+s7", "+s8");
        Assert.Contains("larger than 8 MiB", informer.FindUnread("n", "s5")!.Problem, StringComparison.Ordinal);
        Assert.Empty(failures);
    }

    [Fact]
    public async Task The_size_that_was_too_large_for_one_page_of_a_list_is_not_tried_for_each_of_the_others()
    {
        int[] sizes = [.. Enumerable.Repeat(3, 15)];
        server = Enumerable.Range(0, 60).Aggregate(await StartAsync(), (all, _) => all.List(context => PageOf(sizes, context)));
        await server.Client().ListAllAsync(Kinds.Secret, "n", cancellation: TestContext.Current.CancellationToken);
        // Three fit; six are tried once.
        IEnumerable<IGrouping<string, string>> pages = server.Requests.GroupBy(
            request => request.Split("continue=").ElementAtOrDefault(1) ?? "", StringComparer.Ordinal);
        Assert.Equal("3:2 6:1 9:1 12:1", string.Join(' ', pages.Skip(1).Select(page => $"{page.Key}:{page.Count()}")));
    }

    [Fact]
    public async Task All_of_a_list_is_read_in_smaller_pages_too()
    {
        int[] sizes = [7, 7, 7, 7, 7];
        server = Enumerable.Range(0, 60).Aggregate(await StartAsync(), (all, _) => all.List(context => PageOf(sizes, context)));
        ResourceList<V1Secret> all = await server.Client().ListAllAsync(
            Kinds.Secret, "n", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["s0", "s1", "s2", "s3", "s4"], all.Items.Select(secret => secret.Metadata.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void What_a_reader_makes_of_damaged_objects_is_a_value_or_a_problem_and_never_an_exception()
    {
        string sound = Secret("a", "5").Replace(
            "\"metadata\"", "\"data\":{\"k\":\"YQ==\"},\"type\":\"Opaque\",\"metadata\"", StringComparison.Ordinal);
        Random random = new(7);
        for (int run = 0; run < 3000; run++)
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(sound);
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            (V1Secret? value, UnreadObject? unread) = ListReading.One(Kinds.Secret, bytes);
            Assert.True(value is null != unread is null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        stopping.Dispose();
    }

    private async Task RunAsync(Func<FakeApiServer, FakeApiServer> script)
    {
        server = script(await StartAsync());
        informer = new(server.Client(), Kinds.Secret, new()
        {
            Backoff = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50)),
            Failed = exception =>
            {
                if (exception is not KubernetesException { Reason: StatusReason.Expired })
                {
                    failures.Enqueue(exception);
                }
            },
            Unread = unread => told.Enqueue($"!{unread.Key.Name}"),
            Mended = unread => told.Enqueue($"?{unread.Key.Name}"),
        });
        informer.Changed += change => told.Enqueue((change.New is null ? "-" : "+") + change.Latest.Metadata.Name);
        running = informer.RunAsync(stopping.Token);
    }

    private async Task UntilAsync(params string[] expected)
    {
        await Eventually.TrueAsync(() => told.Count >= expected.Length || !failures.IsEmpty);
        Assert.Empty(failures);
        Assert.Equal(expected.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    /// <summary>The Secret n/odd with this member, which stands behind its metadata as the API server has it.</summary>
    private static string With(string member) => Secret("odd", "7")[..^1] + "," + member + "}";

    private static string Nested(int levels) =>
        new string('[', levels) + new string(']', levels);

    /// <summary>Objects of so many MiB, behind their names, in pages; and their metadata alone where that is asked for.</summary>
    private static Task PageOf(int[] sizes, HttpContext context)
    {
        int start = int.TryParse(context.Request.Query["continue"], CultureInfo.InvariantCulture, out int from) ? from : 0;
        int limit = int.TryParse(context.Request.Query["limit"], CultureInfo.InvariantCulture, out int most) ? most : sizes.Length;
        int end = Math.Min(sizes.Length, start + limit);
        bool isMetadata = context.Request.Headers.Accept.ToString().Contains("as=PartialObjectMetadataList", StringComparison.Ordinal);
        string next = end < sizes.Length ? end.ToString(CultureInfo.InvariantCulture) : "";
        IEnumerable<string> items = Enumerable.Range(start, end - start).Select(index => Item(index, isMetadata ? 0 : sizes[index]));
        return Page("10", next, [.. items])(context);
    }

    private static string Item(int index, int size) =>
        Secret($"s{index}", "5")[..^1] + ",\"type\":\"" + new string('x', size * MiB) + "\"}";
}
