using System.Diagnostics;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

/// <summary>What a registry can do to its client over a real connection. Time and memory are measured, so nothing runs beside it.</summary>
[Collection(Alone.Name)]
public sealed class HostileRegistryTests : IAsyncLifetime
{
    private static readonly RegistryLimits Limits = new() { Silence = TimeSpan.FromSeconds(1), Total = TimeSpan.FromSeconds(5) };

    private readonly FakeRegistry fake = new();
    private LoopbackRegistry registry = null!;

    public async ValueTask InitializeAsync() => registry = await LoopbackRegistry.StartAsync(fake);

    public async ValueTask DisposeAsync()
    {
        await registry.DisposeAsync();
        fake.Dispose();
    }

    [Fact]
    public async Task A_registry_that_never_answers_is_given_up()
    {
        registry.Fault = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        var (fault, elapsed) = await FailAsync(Digest.Of([1]));
        Assert.Contains("sent nothing for 00:00:01", fault.Message, StringComparison.Ordinal);
        Assert.InRange(elapsed.TotalSeconds, 0.5, 4.9);
    }

    [Fact]
    public async Task A_registry_that_sends_a_byte_now_and_then_is_given_up()
    {
        registry.Fault = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(" ");
                await context.Response.Body.FlushAsync();
                await Task.Delay(200, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return true;
        };
        // A busy machine may be silent for a second itself.
        var (fault, elapsed) = await FailAsync(Digest.Of([1]), Limits with { Silence = TimeSpan.FromSeconds(4) });
        Assert.Contains("did not send the whole image within 00:00:05", fault.Message, StringComparison.Ordinal);
        Assert.InRange(elapsed.TotalSeconds, 4.5, 9);
    }

    [Theory]
    [InlineData("manifests")]
    [InlineData("blobs")]
    public async Task A_body_without_end_is_cut_off_where_its_promise_ends(string endless)
    {
        var digest = fake.Push(Archive.Tar(("a", "1")));
        var sent = 0L;
        registry.Fault = async context =>
        {
            if (!context.Request.Path.Value!.Contains($"/{endless}/", StringComparison.Ordinal))
            {
                return false;
            }

            // A write to a connection that is gone ends at once and says so; RequestAborted may come much later.
            while (sent < 1L << 30
                && !(await context.Response.BodyWriter.WriteAsync(new byte[1 << 16], context.RequestAborted)).IsCompleted)
            {
                sent += 1 << 16;
            }

            return true;
        };
        var (fault, _) = await FailAsync(digest);
        Assert.Contains(endless == "blobs" ? "has more than the" : "a manifest of more than", fault.Message, StringComparison.Ordinal);
        // What sockets hold is not what was read.
        Assert.InRange(sent, 0, 64 << 20);
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_opened_again_and_then_given_up()
    {
        var requests = 0;
        registry.Fault = context =>
        {
            requests++;
            context.Abort();
            return Task.FromResult(true);
        };
        await FailAsync(Digest.Of([1]));
        Assert.Equal(3, requests);
    }

    [Fact]
    public async Task A_bomb_of_200_MiB_costs_neither_memory_nor_time()
    {
        var bomb = fake.Blob(FakeRegistry.TarGzip, Bomb(200 << 20));
        var digest = fake.PushManifest(FakeRegistry.Manifest(bomb));
        // Code and connections cost something once.
        await FailAsync(digest);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var (fault, elapsed) = await FailAsync(digest);
        Assert.Contains("the entry \"bomb\" is where the layer's", fault.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 16 << 20);
        Assert.InRange(elapsed.TotalSeconds, 0, 5);
    }

    private static byte[] Bomb(int size)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(Archive.Raw("bomb", '0', [], size));
            for (var written = 0; written < size; written += 1 << 20)
            {
                gzip.Write(new byte[1 << 20]);
            }
        }

        return packed.ToArray();
    }

    private async Task<(OciException Fault, TimeSpan Elapsed)> FailAsync(Digest digest, RegistryLimits? limits = null)
    {
        using var client = new RegistryClient(
            TimeProvider.System, new RegistryOptions(), handler: null, (limits ?? Limits) with { Backoff = TimeSpan.FromMilliseconds(1) });
        var watch = Stopwatch.StartNew();
        var fault = await Assert.ThrowsAsync<OciException>(() => client.ReadFilesAsync(FakeRegistry.Parse(registry.Repository), digest,
            _ => false, new(PlainHttp: true), TestContext.Current.CancellationToken));
        return (fault, watch.Elapsed);
    }
}
