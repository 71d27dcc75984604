using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Notifying;
using SchemaGate.Tests.Kubernetes;

namespace SchemaGate.Tests.Notifying;

/// <summary>One event to a real receiver with TLS, which may be as bad as it likes.</summary>
public sealed class WebhookSenderTests : IAsyncLifetime
{
    private static readonly Notice s_notice = new(
        "a1", "registry.test/shop:1", "sha256:1", "7301/shop/public", "2_b", new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        [new("1_a", new(2026, 1, 1, 0, 0, 0, 123, TimeSpan.Zero)), new("2_b", null)], 2);

    private readonly string key = HookReceiver.NewKey();
    private HookReceiver receiver = null!;

    private static CancellationToken Never => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => receiver = await HookReceiver.StartAsync();

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    [Fact]
    public async Task An_event_arrives_signed_and_is_a_CloudEvent()
    {
        Assert.Equal(new(NotifyResult.Told), await SendAsync());
        Delivery taken = Assert.Single(receiver.Taken);
        Assert.Equal(("POST", "application/cloudevents+json; charset=utf-8", "a1"), (taken.Method, taken.ContentType, taken.Id));
        Assert.True(taken.IsSignedBy(key));
        Assert.False(taken.IsSignedBy(HookReceiver.NewKey()));
        JsonNode expected = JsonNode.Parse("""
            {"id":"a1","source":"/apis/schemagate.dev/v1alpha1/namespaces/shop/schemagates/orders","subject":"shop/orders",
             "time":"2026-01-02T03:04:05Z","specversion":"1.0","type":"dev.schemagate.gate.opened.v1","datacontenttype":"application/json",
             "data":{"gate":{"namespace":"shop","name":"orders","uid":"5f0c"},"environment":"production",
              "image":"registry.test/shop:1","digest":"sha256:1","database":{"identity":"7301/shop/public"},"through":"2_b",
              "migrations":[{"name":"1_a","appliedAt":"2026-01-01T00:00:00.123Z"},{"name":"2_b"}],"migrationCount":2}}
            """)!;
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(taken.Body)), JsonNode.Parse(taken.Body)!.ToJsonString());
    }

    [Fact]
    public async Task While_a_key_is_replaced_both_sign()
    {
        string next = HookReceiver.NewKey();
        await SendAsync(receiver.Told($"{next}\n{key}"));
        Delivery taken = Assert.Single(receiver.Taken);
        Assert.True(taken.IsSignedBy(key));
        Assert.True(taken.IsSignedBy(next));
    }

    [Theory]
    [InlineData(200, NotifyResult.Told, "")]
    [InlineData(202, NotifyResult.Told, "")]
    [InlineData(500, NotifyResult.Failed, "It answers 500.")]
    [InlineData(503, NotifyResult.Failed, "It answers 503.")]
    [InlineData(408, NotifyResult.Failed, "It answers 408.")]
    [InlineData(429, NotifyResult.Failed, "It answers 429.")]
    [InlineData(400, NotifyResult.Refused, "no repetition mends")]
    [InlineData(401, NotifyResult.Refused, "no repetition mends")]
    [InlineData(404, NotifyResult.Refused, "no repetition mends")]
    [InlineData(410, NotifyResult.Refused, "wants no more")]
    [InlineData(302, NotifyResult.Refused, "redirect")]
    [InlineData(308, NotifyResult.Refused, "redirect")]
    public async Task Every_answer_is_told_from_the_others(int status, NotifyResult result, string words)
    {
        receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = receiver.Url.AbsoluteUri;
            return Task.CompletedTask;
        };
        await FailsAsync(result, words, receiver.Told(key));
        Assert.Single(receiver.Taken);
    }

    [Theory]
    [InlineData("7", 7d)]
    [InlineData("Fri, 01 Jan 2100 00:00:00 GMT", 1e9)]
    [InlineData("soon", null)]
    public async Task What_the_receiver_asks_for_is_heard(string after, double? atLeast)
    {
        receiver.Answer = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = after;
            return Task.CompletedTask;
        };
        ReceiverAnswer answer = await SendAsync();
        Assert.Equal(atLeast is null, answer.RetryAfter is null);
        Assert.True(answer.RetryAfter is null || answer.RetryAfter.Value.TotalSeconds >= atLeast);
    }

    [Fact]
    public async Task An_answer_without_an_end_is_not_read()
    {
        receiver.Answer = async context =>
        {
            context.Response.StatusCode = 200;
            byte[] much = new byte[1024 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(much, context.RequestAborted);
            }
        };
        long before = GC.GetTotalAllocatedBytes();
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(NotifyResult.Told, (await SendAsync()).Result);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(9));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 * 1024 * 1024);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_given_up()
    {
        receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        ManualTime time = new();
        Task<ReceiverAnswer> sending = SendAsync(receiver.Told(key), new([], time));
        await Eventually.TrueAsync(() => !receiver.Taken.IsEmpty);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(new(NotifyResult.Failed, "It did not answer within 10 s."), await sending);
    }

    [Fact]
    public async Task An_authority_that_nobody_named_and_a_certificate_for_somebody_else_are_not_trusted()
    {
        await FailsAsync(NotifyResult.Failed, "TLS connection that is trusted", receiver.Told(key, trusts: false));
        await using HookReceiver other = await HookReceiver.StartAsync("other.test");
        await FailsAsync(NotifyResult.Failed, "TLS connection that is trusted", other.Told(key));
        Assert.Empty(receiver.Taken);
        Assert.Empty(other.Taken);
    }

    [Theory]
    [InlineData("https://169.254.169.254/pl4nted", NotifyResult.Refused, "link-local")]
    [InlineData("https://[fd00:ec2::254]/pl4nted", NotifyResult.Refused, "link-local")]
    [InlineData("https://127.0.0.1:1/pl4nted", NotifyResult.Failed, "does not accept connections")]
    [InlineData("https://no-such-name.invalid/pl4nted", NotifyResult.Failed, "DNS")]
    public async Task An_address_without_a_receiver_is_told_without_being_quoted(string url, NotifyResult result, string words) =>
        await FailsAsync(result, words, receiver.Told(key) with { Url = new(url) });

    [Fact]
    public async Task Only_hosts_that_the_operator_allows_are_told()
    {
        Assert.Equal(NotifyResult.Refused, (await SendAsync(receiver.Told(key), new(["hooks.test"], TimeProvider.System))).Result);
        Assert.Empty(receiver.Taken);
        string own = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{receiver.Url.Port}");
        Assert.Equal(NotifyResult.Told, (await SendAsync(receiver.Told(key), new([own], TimeProvider.System))).Result);
    }

    [Fact]
    public async Task What_is_no_certificate_is_told() =>
        await FailsAsync(NotifyResult.Refused, "certificate", receiver.Told(key) with { AuthoritiesPem = "pl4nted" });

    private async Task FailsAsync(NotifyResult result, string words, Receiver to)
    {
        ReceiverAnswer answer = await SendAsync(to);
        Assert.Equal(result, answer.Result);
        Assert.Contains(words, answer.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pl4nted", answer.Message, StringComparison.Ordinal);
    }

    private Task<ReceiverAnswer> SendAsync(Receiver? to = null, WebhookSender? sender = null) =>
        (sender ?? new([], TimeProvider.System)).SendAsync(
            to ?? receiver.Told(key), s_notice.Id, OpenedEvent.Of(new("shop", "orders", "5f0c"), "production", s_notice), Never);
}
