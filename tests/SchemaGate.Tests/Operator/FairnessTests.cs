using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Oci;
using SchemaGate.Tests.Postgres;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>One tenant never stops another: what takes long goes on beside, and others' gates open as if it were not there.</summary>
[Collection(Alone.Name)]
public sealed class FairnessTests : IAsyncLifetime
{
    private const int Hostile = 8;
    private const string Document = "# Schema\n\n## Pending\n\n## Migrated\n\n### 1_a\n\n- **Status**: MIGRATED\n\n## Deployed\n";

    /// <summary>What nobody's neighbours add to the opening of a gate; a look that waits takes twenty seconds.</summary>
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(4);

    private readonly FakeRegistry fake = new();
    private readonly FakeRegistry slowFake = new();
    private readonly HostileServer database = new(async (own, stream) => await stream.WriteAsync(HostileServer.Row("1_a"), own.Ended));
    private LoopbackRegistry good = null!;
    private LoopbackRegistry slow = null!;
    private int waiting;

    public async ValueTask InitializeAsync()
    {
        fake.Push(Image());
        slowFake.Push(Image());
        (good, slow) = (await LoopbackRegistry.StartAsync(fake), await LoopbackRegistry.StartAsync(slowFake));
    }

    public async ValueTask DisposeAsync()
    {
        await good.DisposeAsync();
        await slow.DisposeAsync();
        database.Dispose();
        fake.Dispose();
        slowFake.Dispose();
    }

    [Theory]
    [InlineData("blobs", 1)]
    [InlineData("blobs", Hostile)]
    [InlineData("tags", 1)]
    [InlineData("tags", Hostile)]
    [InlineData("digests", 1)]
    [InlineData("digests", Hostile)]
    public async Task Gates_on_a_slow_registry_keep_no_other_gate_waiting(string what, int namespaces)
    {
        slow.Fault = context => what switch
        {
            "blobs" when context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal) => DripAsync(context),
            "tags" => SilentAsync(context),
            "digests" when context.Request.Method == "HEAD" => AnotherDigestAsync(context),
            "digests" => DripAsync(context),
            _ => Task.FromResult(false),
        };
        List<ObjectKey> goods = Goods();
        List<ObjectKey> hostiles = Hostiles(namespaces);
        await using GateWorld world = await GateWorld.StartAsync([
            .. goods.Select(gate => (gate, $"{good.Repository}:1", database.UrlText)),
            .. hostiles.Select(gate => (gate, $"{slow.Repository}:{(what == "blobs" ? "1" : gate.Name)}", database.UrlText)),
        ]);
        TimeSpan alone = await OpenAsync(world, goods[0]);
        hostiles.ForEach(world.Queue.Add);
        // Gates of a namespace that want the same thing read it once.
        int expected = what == "blobs" ? namespaces : Hostile;
        await Eventually.TrueAsync(() => Volatile.Read(ref waiting) >= expected);
        foreach (ObjectKey gate in goods.Skip(1))
        {
            TimeSpan beside = await OpenAsync(world, gate);
            Assert.True(beside < alone + s_bound, $"{beside} and not about {alone}");
        }

        Assert.All(hostiles, gate => Assert.DoesNotContain(world.Written(gate), status => (string?)status["verdict"] == "Open"));
    }

    [Fact]
    public async Task Where_nothing_went_on_beside_the_workers_the_same_gates_would_keep_every_other_waiting()
    {
        slow.Fault = SilentAsync;
        List<ObjectKey> hostiles = Hostiles(Hostile);
        ObjectKey gate = Goods()[0];
        await using GateWorld world = await GateWorld.StartAsync(
            [
                (gate, $"{good.Repository}:1", database.UrlText),
                .. hostiles.Select(hostile => (hostile, $"{slow.Repository}:1", database.UrlText)),
            ],
            mostBeside: 0);
        hostiles.ForEach(world.Queue.Add);
        await Eventually.TrueAsync(() => Volatile.Read(ref waiting) >= Hostile);
        world.Queue.Add(gate);
        await Task.Delay(s_bound, TestContext.Current.CancellationToken);
        Assert.Empty(world.Written(gate));
    }

    [Theory]
    [InlineData("/manifests/")]
    [InlineData("/blobs/")]
    public async Task A_gate_that_gets_another_spec_while_it_is_looked_at_is_judged_by_that_at_once_and_by_nothing_else(string held)
    {
        slow.Fault = context => context.Request.Path.Value!.Contains(held, StringComparison.Ordinal)
            ? SilentAsync(context)
            : Task.FromResult(false);
        ObjectKey gate = new("shop", "shop");
        await using GateWorld world = await GateWorld.StartAsync([(gate, $"{slow.Repository}:1", database.UrlText)]);
        world.Queue.Add(gate);
        await Eventually.TrueAsync(() => Volatile.Read(ref waiting) > 0);
        long began = Stopwatch.GetTimestamp();
        world.Change(gate, $"{good.Repository}:1");
        await Eventually.TrueAsync(() => world.Written(gate).Count > 0);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, s_bound);
        Assert.All(world.Written(gate), status => Assert.Equal(
            (2, "Open"), ((int)status["observedGeneration"]!, (string?)status["verdict"])));
    }

    [Fact]
    public async Task A_look_with_many_requirements_asks_for_eight_of_their_tags_at_a_time()
    {
        slow.Fault = context => context.Request.Path.Value!.Contains("/manifests/asked", StringComparison.Ordinal)
            ? SilentAsync(context)
            : Task.FromResult(false);
        ObjectKey gate = new("shop", "shop");
        await using GateWorld world = await GateWorld.StartAsync(
            [(gate, $"{slow.Repository}:1", database.UrlText)],
            asked: [.. Enumerable.Range(0, 20).Select(number => $"{slow.Repository}:asked-{number}")]);
        world.Queue.Add(gate);
        await Eventually.TrueAsync(() => Volatile.Read(ref waiting) >= 8);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(8, Volatile.Read(ref waiting));
    }

    [Fact]
    public async Task What_was_read_for_one_spec_never_counts_for_another()
    {
        TaskCompletionSource go = new();
        slow.Fault = async _ =>
        {
            Interlocked.Increment(ref waiting);
            await go.Task;
            return false;
        };
        ObjectKey gate = new("shop", "shop");
        await using GateWorld world = await GateWorld.StartAsync([(gate, $"{slow.Repository}:1", database.UrlText)]);
        world.Hurries = false;
        world.Queue.Add(gate);
        await Eventually.TrueAsync(() => Volatile.Read(ref waiting) > 0);
        world.Change(gate, $"{good.Repository}:other");
        await Eventually.TrueAsync(() => world.View.Gate(gate)!.Metadata.Generation == 2);
        go.SetResult();
        await Eventually.TrueAsync(() => world.Written(gate).Count > 0);
        Assert.All(world.Written(gate), status => Assert.Equal(2, (int)status["observedGeneration"]!));
        Assert.Equal(Reasons.ImageNotFound, (string?)world.Written(gate)[0]["reason"]);
    }

    private static List<ObjectKey> Goods() => [.. Enumerable.Range(0, 6).Select(number => new ObjectKey($"good{number}", "shop"))];

    private static List<ObjectKey> Hostiles(int namespaces) =>
        [.. Enumerable.Range(0, Hostile).Select(number => new ObjectKey($"bad{number % namespaces}", $"g{number}"))];

    private static byte[] Image() =>
        Archive.Tar(("docs/DATABASE_SCHEMA_CHANGELOG.md", Document), ("prisma/migrations/1_a/migration.sql", "SELECT 1;"));

    /// <summary>How long it takes from the wish to look at a gate until its status says Open.</summary>
    private static async Task<TimeSpan> OpenAsync(GateWorld world, ObjectKey gate)
    {
        Assert.Empty(world.Written(gate));
        long began = Stopwatch.GetTimestamp();
        world.Queue.Add(gate);
        await Eventually.TrueAsync(() => world.Written(gate).Any(status => (string?)status["verdict"] == "Open"));
        return Stopwatch.GetElapsedTime(began);
    }

    private static Task<bool> AnotherDigestAsync(HttpContext context)
    {
        context.Response.Headers["Docker-Content-Digest"] = $"sha256:{Guid.NewGuid():N}{Guid.NewGuid():N}";
        return Task.FromResult(true);
    }

    private async Task<bool> SilentAsync(HttpContext context)
    {
        Interlocked.Increment(ref waiting);
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    /// <summary>The beginning of a gzip stream, then a byte every second while anybody listens: no step ever takes too long.</summary>
    private async Task<bool> DripAsync(HttpContext context)
    {
        Interlocked.Increment(ref waiting);
        // A stored block of 65,535 bytes (RFC 1951, 3.2.4).
        byte[] begun = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0, 0xff, 0xff, 0, 0];
        await context.Response.Body.WriteAsync(begun, CancellationToken.None);
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(new byte[1], CancellationToken.None);
            await context.Response.Body.FlushAsync(CancellationToken.None);
            await Task.Delay(1000, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return true;
    }
}
