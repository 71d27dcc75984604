using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Notifying;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Notifying;
using SchemaGate.Tests.Oci;
using SchemaGate.Tests.Postgres;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>The leader's loop, a gate that opens, and a real receiver.</summary>
[Collection(Alone.Name)]
public sealed class NotifierTests : IAsyncLifetime
{
    private const string Document = "# Schema\n\n## Pending\n\n## Migrated\n\n### 1_a\n\n- **Status**: MIGRATED\n\n## Deployed\n";

    private static readonly ObjectKey s_gate = new("shop", "shop");

    private readonly FakeRegistry images = new();
    private readonly string key = HookReceiver.NewKey();
    private LoopbackRegistry registry = null!;
    private HookReceiver receiver = null!;
    private HostileServer database = null!;

    public async ValueTask InitializeAsync()
    {
        registry = await LoopbackRegistry.StartAsync(images);
        receiver = await HookReceiver.StartAsync();
        database = new((own, stream) => stream.WriteAsync(HostileServer.Row("1_a"), own.Ended).AsTask());
        images.Push(Archive.Tar(
            ("docs/DATABASE_SCHEMA_CHANGELOG.md", Document), ("prisma/migrations/1_a/migration.sql", "SELECT 1;")));
    }

    public async ValueTask DisposeAsync()
    {
        database.Dispose();
        await receiver.DisposeAsync();
        await registry.DisposeAsync();
        images.Dispose();
    }

    [Fact]
    public async Task A_gate_that_opens_is_told_once_and_what_was_sent_stood_in_status_before()
    {
        await using GateWorld world = await StartAsync();
        JsonNode? before = null;
        receiver.Answer = _ =>
        {
            before = world.Written(s_gate)[^1];
            return Task.CompletedTask;
        };
        world.Queue.Add(s_gate);
        JsonNode told = await SaysAsync(world, Reasons.Notified);
        Delivery taken = Assert.Single(receiver.Taken);
        Assert.True(taken.IsSignedBy(key));
        Assert.Equal(taken.Id, (string?)before!["notify"]!["owed"]!["id"]);
        Assert.Equal((taken.Id, null), ((string?)told["notify"]!["told"]![0]!["id"], told["notify"]!["owed"]));
        Assert.Equal("test", (string?)JsonNode.Parse(taken.Body)!["data"]!["environment"]);
        Assert.DoesNotContain("pl4nted", told.ToJsonString(), StringComparison.Ordinal);

        world.Queue.Add(s_gate);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Single(receiver.Taken);
    }

    [Fact]
    public async Task A_receiver_that_is_ill_is_told_again_and_the_gate_is_open_meanwhile()
    {
        receiver.Answer = context =>
        {
            context.Response.StatusCode = receiver.Taken.Count == 1 ? 500 : 204;
            return Task.CompletedTask;
        };
        await using GateWorld world = await StartAsync();
        world.Queue.Add(s_gate);
        await SaysAsync(world, Reasons.Notified);
        Assert.Equal(2, receiver.Taken.Count);
        Delivery[] taken = [.. receiver.Taken];
        Assert.Equal((taken[0].Id, Convert.ToHexString(taken[0].Body)), (taken[1].Id, Convert.ToHexString(taken[1].Body)));
        JsonNode failed = world.Written(s_gate).First(status => (int?)status["notify"]?["attempts"] == 1);
        Assert.Contains("It answers 500.", (string?)Condition(failed)!["message"], StringComparison.Ordinal);
        Assert.All(world.Written(s_gate), status => Assert.Equal(nameof(Verdict.Open), (string?)status["verdict"]));
    }

    [Fact]
    public async Task A_slow_receiver_keeps_no_look_waiting()
    {
        receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using GateWorld world = await StartAsync();
        world.Queue.Add(s_gate);
        await Eventually.TrueAsync(() => !receiver.Taken.IsEmpty);
        Assert.Equal(Reasons.NotifyPending, (string?)Condition(world.Written(s_gate)[^1])!["reason"]);
        Assert.Equal("True", (string?)world.Written(s_gate)[^1]["conditions"]!.AsArray()
            .Single(condition => (string?)condition!["type"] == GateConditions.Ready)!["status"]);
    }

    [Fact]
    public async Task Who_dies_between_sending_and_writing_it_down_has_the_same_event_sent_again()
    {
        JsonNode owed;
        await using (GateWorld first = await StartAsync())
        {
            TaskCompletionSource taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            receiver.Answer = async context =>
            {
                taken.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            };
            first.Queue.Add(s_gate);
            await taken.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            owed = first.Written(s_gate)[^1];
        }

        receiver.Answer = null;
        await using GateWorld second = await StartAsync(owed);
        second.Queue.Add(s_gate);
        await SaysAsync(second, Reasons.Notified);
        Delivery[] sent = [.. receiver.Taken];
        Assert.Equal(2, sent.Length);
        Assert.Equal((sent[0].Id, Convert.ToHexString(sent[0].Body)), (sent[1].Id, Convert.ToHexString(sent[1].Body)));
    }

    [Fact]
    public async Task A_receiver_that_has_gone_is_told_no_more_until_its_keys_are_others()
    {
        JsonNode refused = await GoneAsync(async world =>
        {
            world.Queue.Add(s_gate);
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            Assert.Single(receiver.Taken);
        });

        receiver.Answer = null;
        string next = HookReceiver.NewKey();
        await using GateWorld later = await StartAsync(refused, $"{next}\n{key}");
        later.Queue.Add(s_gate);
        await SaysAsync(later, Reasons.Notified);
        Assert.Equal((2, true), (receiver.Taken.Count, receiver.Taken.Last().IsSignedBy(next)));
    }

    [Fact]
    public async Task A_key_that_is_none_is_told_without_being_quoted_and_nothing_is_sent()
    {
        await using GateWorld world = await StartAsync(keys: "pl4nted");
        world.Queue.Add(s_gate);
        JsonNode status = await SaysAsync(world, Reasons.NotifyFailed);
        Assert.Contains("spec.notify.signingKeysFrom names holds a line that is no key", status.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("pl4nted", status.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(receiver.Taken);
    }

    [Fact]
    public async Task What_was_refused_for_good_stays_so_while_a_Secret_cannot_be_read()
    {
        JsonNode refused = await GoneAsync();

        await using GateWorld later = await GateWorld.StartAsync(
            [(s_gate, $"{registry.Repository}:1", database.UrlText)],
            told: Told() with { Status = refused.ToJsonString(), IllSecret = "ill" });
        later.Queue.Add(s_gate);
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(later.Written(s_gate), status => !JsonNode.DeepEquals(status["notify"], refused["notify"]));
        Assert.InRange(later.Written(s_gate).Count, 0, 1);
        Assert.Single(receiver.Taken);
    }

    [Fact]
    public async Task A_receiver_that_was_written_past_admission_and_is_wrong_closes_nothing()
    {
        await using GateWorld world = await GateWorld.StartAsync(
            [(s_gate, $"{registry.Repository}:1", database.UrlText)], told: Told() with { Url = "http://h/pl4nted" });
        world.Queue.Add(s_gate);
        JsonNode status = await SaysAsync(world, Reasons.NotifyFailed);
        Assert.Equal(nameof(Verdict.Open), (string?)status["verdict"]);
        Assert.Equal(
            "Nobody is told: spec.notify.url must be an https:// address without a user, a password or a fragment.",
            (string?)Condition(status)!["message"]);
        Assert.NotNull(status["notify"]!["owed"]);
    }

    [Theory]
    [InlineData("shop", 1, 1)]
    [InlineData("shop", 2, 0)]
    [InlineData("another", 1, 0)]
    [InlineData(null, 0, 0)]
    public async Task What_waited_for_its_turn_is_sent_only_while_its_gate_is_the_same(string? uid, long generation, int sent)
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync();
        string secret = $$"""
            {"metadata":{"name":"hook","namespace":"shop","resourceVersion":"1"},"data":{{{Told().Data[1..]}}} }
            """;
        server.List("1", secret).Watch(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using CancellationTokenSource ending = new();
        using KubernetesClient client = server.Client();
        ConcurrentQueue<ObjectKey> ended = new();
        Notifier notifier = new(
            new(client, (_, _) => { }, TimeProvider.System, ending.Token), new([], TimeProvider.System), new(new byte[32]), ended.Enqueue,
            TimeProvider.System, ending.Token)
        {
            Now = _ => uid is null ? null : Gate(uid, generation),
        };
        SchemaGateResource gate = Gate("shop", 1);
        Notice owed = new("1", "shop:1", "sha256:1", "7301/shop/public", null, DateTimeOffset.UnixEpoch, [], 0);
        notifier.Begin(gate, SpecReader.Read(gate.Spec).Spec, null, new() { Owed = owed });
        await Eventually.TrueAsync(() => ended.Contains(s_gate));
        Assert.Equal(sent, receiver.Taken.Count);
        await ending.CancelAsync();
    }

    private SchemaGateResource Gate(string uid, long generation) => new()
    {
        Metadata = new() { Name = "shop", NamespaceProperty = "shop", Uid = uid, Generation = generation },
        Spec = new()
        {
            Notify = new()
            {
                Url = receiver.Url.AbsoluteUri,
                SigningKeysFrom = new() { Name = "hook", Key = "keys" },
                AuthoritiesFrom = new() { Name = "hook", Key = "ca.crt" },
            },
        },
    };

    private GateWorld.ToldTo Told(string? keys = null) =>
        new(receiver.Url.AbsoluteUri, keys ?? key, HookReceiver.Authority.CertificatePem);

    private Task<GateWorld> StartAsync(JsonNode? status = null, string? keys = null) => GateWorld.StartAsync(
        [(s_gate, $"{registry.Repository}:1", database.UrlText)],
        told: Told(keys) with { Status = status?.ToJsonString() });

    /// <summary>The status of a gate whose receiver has answered 410.</summary>
    /// <param name="then">Done while that operator still runs.</param>
    private async Task<JsonNode> GoneAsync(Func<GateWorld, Task>? then = null)
    {
        receiver.Answer = context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        await using GateWorld world = await StartAsync();
        world.Queue.Add(s_gate);
        JsonNode refused = await SaysAsync(world, Reasons.NotifyFailed);
        await (then?.Invoke(world) ?? Task.CompletedTask);
        return refused;
    }

    private static JsonNode? Condition(JsonNode status) => status["conditions"]!.AsArray()
        .FirstOrDefault(condition => (string?)condition!["type"] == GateConditions.Notified);

    private static async Task<JsonNode> SaysAsync(GateWorld world, string reason)
    {
        await Eventually.TrueAsync(() => world.Written(s_gate) is [.., var last] && (string?)Condition(last)?["reason"] == reason);
        return world.Written(s_gate)[^1];
    }
}
