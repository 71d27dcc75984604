using System.Net;
using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;
using static SchemaGate.Tests.Kubernetes.FakeApiServer;
using Secrets = k8s.Models.V1Secret;

namespace SchemaGate.Tests.Kubernetes;

public sealed class KubernetesClientTests : IAsyncLifetime
{
    private FakeApiServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await StartAsync();

    [Fact]
    public async Task A_status_gives_its_reason_code_and_words()
    {
        server.List(Text(409, """{"kind":"Status","reason":"AlreadyExists","message":"it is there","code":409}"""));
        var refused = await RefusedAsync(() => server.Client().CreateAsync(Kinds.Secret, New("a"), Cancellation));
        Assert.Equal((StatusReason.AlreadyExists, HttpStatusCode.Conflict, false), (refused.Reason, refused.HttpStatus, refused.Retryable));
        Assert.Equal("POST /api/v1/namespaces/n/secrets: AlreadyExists: it is there", refused.Message);
    }

    [Fact]
    public async Task A_secret_path_of_a_webhook_is_left_out_of_the_words_wherever_they_are_cut()
    {
        var secret = new string('7', 64);
        var quoted = $"{new string('x', 4000)} Post \\\"https://s.n.svc:443/admission/{secret}/pods?timeout=10s\\\"";
        server.List(Text(500, $$"""
            {"kind":"Status","reason":"InternalError","message":"failed calling webhook: {{quoted}}","code":500,
             "details":{"causes":[{"message":"https://s.n.svc:443/admission/{{secret}}/claims"}]} }
            """));
        var refused = await RefusedAsync(() => server.Client().CreateAsync(Kinds.Secret, New("a"), Cancellation));
        Assert.DoesNotContain("777", refused.Message, StringComparison.Ordinal);
        Assert.Contains("/admission/(secret)/pods", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_is_told_from_what_may_not_be_read()
    {
        var forbidden = Text(403, """{"kind":"Status","reason":"Forbidden","message":"no","code":403}""");
        server.List(forbidden).List(forbidden);
        Assert.False((await RefusedAsync(() => server.Client().GetAsync(Kinds.Secret, "n", "a", Cancellation))).IsWrite);
        Assert.True((await RefusedAsync(() => server.Client().CreateAsync(Kinds.Secret, New("a"), Cancellation))).IsWrite);
    }

    [Theory]
    [InlineData(502, StatusReason.ServiceUnavailable, true)]
    [InlineData(429, StatusReason.TooManyRequests, true)]
    [InlineData(403, StatusReason.Forbidden, false)]
    [InlineData(302, "Found", false)]
    public async Task An_answer_of_something_in_between_is_named_by_its_code(int status, string reason, bool retryable)
    {
        server.List(Text(status, "<html>gateway</html>"));
        var refused = await RefusedAsync(() => server.Client().GetAsync(Kinds.Secret, "n", "a", Cancellation));
        Assert.Equal((reason, retryable), (refused.Reason, refused.Retryable));
        Assert.DoesNotContain("html", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_invalid_is_said_with_each_cause_once()
    {
        server.List(Text(422, """
            {"kind":"Status","reason":"Invalid","message":"it is invalid: spec.a: Required value","code":422,"details":{"causes":[
            null,{"field":"spec.a","message":"Required value"},{"field":"spec.b","message":"Too long"},{"message":"and more"}]}}
            """));
        var refused = await RefusedAsync(() => server.Client().CreateAsync(Kinds.Secret, New("a"), Cancellation));
        Assert.EndsWith(
            "Invalid: it is invalid: spec.a: Required value; spec.b: Too long; and more",
            refused.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"kind":"Status","reason":"Invalid","message":"the server rejected our request due to an error in our request","code":422}""",
        StatusReason.Conflict)]
    [InlineData("""{"kind":"Status","reason":"Invalid","code":422,"details":{"causes":[]}}""", StatusReason.Conflict)]
    [InlineData(
        """{"kind":"Status","reason":"Invalid","code":422,"details":{"causes":[{"field":"spec.a","message":"Required value"}]}}""",
        StatusReason.Invalid)]
    public async Task A_json_patch_that_does_not_fit_is_a_conflict_and_one_that_makes_it_invalid_is_not(string answer, string reason)
    {
        server.List(Text(422, answer));
        var patch = JsonPatch.Empty.Test("/metadata/resourceVersion", "1");
        var refused = await RefusedAsync(() => server.Client().PatchAsync(Kinds.Secret, "n", "a", patch, cancellation: Cancellation));
        Assert.Equal((reason, false), (refused.Reason, refused.Retryable));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_read_that_is_to_come_again_soon_does(int status)
    {
        server.List(Later(status, "0")).List(Later(status, "Tue, 24 Dec 2024 10:00:00 GMT")).List(Text(200, Secret("a", "1")));
        await server.Client().GetAsync(Kinds.Secret, "n", "a", Cancellation);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(429, 4)]
    [InlineData(503, 1)]
    public async Task A_write_is_repeated_a_few_times_and_only_where_nothing_was_done(int status, int requests)
    {
        for (var i = 0; i < 6; i++)
        {
            server.List(Later(status, "0"));
        }

        await RefusedAsync(() => server.Client().CreateAsync(Kinds.Secret, New("a"), Cancellation));
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task A_write_is_not_repeated_by_one_who_leads_no_more()
    {
        server.List(Later(429, "0")).List(Text(200, Secret("a", "1")));
        var fenced = server.Client().Fenced(() => server.Requests.IsEmpty);
        var refused = await RefusedAsync(() => fenced.CreateAsync(Kinds.Secret, New("a"), Cancellation));
        Assert.Equal((StatusReason.NotLeading, 1), (refused.Reason, server.Requests.Count));
    }

    [Fact]
    public async Task A_long_wait_is_the_callers()
    {
        server.List(Later(429, "3600"));
        var refused = await RefusedAsync(() => server.Client().GetAsync(Kinds.Secret, "n", "a", Cancellation));
        Assert.Equal((StatusReason.TooManyRequests, TimeSpan.FromHours(1)), (refused.Reason, refused.RetryAfter));
    }

    [Fact]
    public async Task Another_identity_goes_in_the_headers()
    {
        server.List("1");
        var jane = new V1UserInfo
        {
            Username = "jane",
            Groups = ["dev"],
            Extra = new Dictionary<string, IList<string>>(StringComparer.Ordinal) { ["example.com/x y"] = ["1"] },
        };
        await server.Client(impersonated: jane).ListAsync(Kinds.Secret, null, cancellation: Cancellation);
        var headers = server.Headers.Single().Split('\n').Where(line => line.StartsWith("Impersonate", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            ["Impersonate-Extra-example.com%2Fx%20y: 1", "Impersonate-Group: dev", "Impersonate-User: jane"],
            headers,
            StringComparer.Ordinal);
    }

    [Fact]
    public void An_identity_that_headers_cannot_carry_is_refused()
    {
        Assert.Throws<KubernetesException>(() => server.Client(impersonated: new() { Username = "jane\r\nX: 1" }));
        var refused = Assert.Throws<KubernetesException>(
            () => server.Client(impersonated: new() { Username = "jane", Groups = ["dev", "ops"] }));
        Assert.Contains("several values for Impersonate-Group", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("null")]
    [InlineData("""{"metadata":{"name":5}}""")]
    [InlineData("""{"metadata":{"creationTimestamp":"yesterday"}}""")]
    public async Task An_answer_that_is_not_the_object_is_malformed(string body)
    {
        server.List(Text(200, body));
        var refused = await RefusedAsync(() => server.Client().GetAsync(Kinds.Secret, "n", "a", Cancellation));
        Assert.Equal(StatusReason.MalformedResponse, refused.Reason);
    }

    [Fact]
    public async Task An_object_larger_than_eight_mebibytes_is_refused()
    {
        server.List(Text(200, new string(' ', (8 << 20) + 1)));
        var refused = await RefusedAsync(() => server.Client().GetAsync(Kinds.Secret, "n", "a", Cancellation));
        Assert.Contains("larger than this client reads", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_without_an_end_is_refused()
    {
        server.Watch(new string('x', 9 << 20));
        var refused = await RefusedAsync(() => WatchAsync(server.Client()));
        Assert.Contains("an event is larger than 8 MiB", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_in_time_is_a_retryable_timeout()
    {
        server.List(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var refused = await RefusedAsync(
            () => server.Client(TimeSpan.FromMilliseconds(200)).GetAsync(Kinds.Secret, "n", "a", Cancellation));
        Assert.Equal((StatusReason.Timeout, true), (refused.Reason, refused.Retryable));
        Assert.EndsWith("no answer within 0.2 s", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_that_the_server_forgets_to_end_is_ended_here()
    {
        var refused = await RefusedAsync(() => WatchAsync(server.Client(TimeSpan.FromMilliseconds(200)), TimeSpan.FromMilliseconds(200)));
        Assert.Equal(StatusReason.Timeout, refused.Reason);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_not_an_error_of_the_server()
    {
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        server.List(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => server.Client().GetAsync(Kinds.Secret, "n", "a", cancelled.Token));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        using var client = new KubernetesClient(new() { Server = new("http://127.0.0.1:1") }, "tests");
        var refused = await RefusedAsync(() => client.GetVersionAsync(Cancellation));
        Assert.Equal((StatusReason.Unreachable, true), (refused.Reason, refused.Retryable));
    }

    [Fact]
    public async Task No_token_goes_over_a_connection_in_the_clear()
    {
        server.List("1");
        await server.Client(token: "s3cret").ListAsync(Kinds.Secret, null, cancellation: Cancellation);
        Assert.DoesNotContain("s3cret", server.Headers.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_whose_pages_expire_is_read_at_once()
    {
        server
            .List(Text(200, $$$"""{"metadata":{"resourceVersion":"1","continue":"next"},"items":[{{{Secret("a", "1")}}}]}"""))
            .List(Gone)
            .List("2", Secret("a", "1"), Secret("b", "2"));
        var list = await server.Client().ListAllAsync(Kinds.Secret, null, cancellation: Cancellation);
        Assert.Equal(["a", "b"], list.Items.Select(secret => secret.Metadata.Name), StringComparer.Ordinal);
        Assert.Equal(
            ["/api/v1/secrets?limit=500", "/api/v1/secrets?limit=500&continue=next", "/api/v1/secrets"],
            server.Requests,
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    public async Task A_name_that_would_lead_elsewhere_is_refused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => server.Client().DeleteAsync(Kinds.Secret, "n", name, cancellation: Cancellation));

    [Fact]
    public async Task A_name_with_a_slash_stays_one_segment()
    {
        server.List(Text(200, Secret("a", "1")));
        await server.Client().GetAsync(Kinds.Secret, "n", "a/../b?c", Cancellation);
        Assert.Equal("/api/v1/namespaces/n/secrets/a%2F..%2Fb%3Fc", server.Requests.Single());
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static Secrets New(string name) => new() { Metadata = new() { Name = name, NamespaceProperty = "n" } };

    private static Task<KubernetesException> RefusedAsync(Func<Task> request) => Assert.ThrowsAsync<KubernetesException>(request);

    private static async Task WatchAsync(KubernetesClient client, TimeSpan? timeout = null)
    {
        await foreach (var watchEvent in client.WatchAsync(
            Kinds.Secret,
            null,
            new() { Timeout = timeout ?? TimeSpan.FromSeconds(10) },
            Cancellation))
        {
            Assert.NotEqual(WatchEventKind.Bookmark, watchEvent.Kind);
        }
    }
}
