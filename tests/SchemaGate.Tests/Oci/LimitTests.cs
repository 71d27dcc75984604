using System.Diagnostics;
using System.IO.Compression;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

public sealed class LimitTests : IDisposable
{
    private static readonly RegistryLimits Limits = new();

    private readonly FakeRegistry registry = new();

    public void Dispose() => registry.Dispose();

    [Fact]
    public async Task A_bomb_of_200_MiB_ends_in_bounded_time_and_memory_and_names_layer_and_entry()
    {
        var bomb = Bomb(200 << 20);
        var digest = registry.PushManifest(FakeRegistry.Manifest(registry.Blob(FakeRegistry.TarGzip, bomb)));
        var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
        var reading = registry.FailAsync(digest, OciFailure.TooLarge, wanted: _ => false);
        Assert.True(reading.IsCompleted, "the allocations would be another thread's");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.Contains($"in layer {Digest.Of(bomb)} the entry \"bomb\" is where", (await reading).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_that_each_expand_within_reason_do_not_expand_without_end()
    {
        var layer = registry.Blob(FakeRegistry.TarGzip, Bomb(40 << 20));
        var fault = await registry.FailAsync(registry.PushManifest(FakeRegistry.Manifest(layer, layer, layer)),
            OciFailure.TooLarge, Limits with { ExpandedBytes = 100 << 20 }, _ => false);
        Assert.Contains("more than 104857600 expanded bytes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_may_not_be_larger_than_registries_take() =>
        await registry.FailAsync(registry.PushManifest(new string(' ', (4 << 20) + 1)), OciFailure.TooLarge);

    [Fact]
    public async Task What_a_manifest_holds_is_counted_before_it_is_read_into_memory()
    {
        var many = FakeRegistry.Manifest([.. Enumerable.Repeat("{}", 60_000)]);
        var fault = await registry.FailAsync(registry.PushManifest(many), OciFailure.TooLarge);
        Assert.Contains("more than 50000 objects and names", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_are_counted_and_measured_before_any_is_read()
    {
        var blob = registry.Blob(FakeRegistry.Tar, new byte[10]);
        await registry.FailAsync(registry.PushManifest(FakeRegistry.Manifest(blob, blob)), OciFailure.TooLarge, Limits with { Layers = 1 });
        await registry.FailAsync(registry.PushManifest(FakeRegistry.Manifest(blob)), OciFailure.TooLarge, Limits with { LayerBytes = 9 });
        Assert.DoesNotContain(registry.Requests, request => request.Contains("/blobs/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Entries_are_counted_over_all_layers() =>
        await registry.FailAsync(registry.Push(Archive.Tar(("a", ""), ("b", "")), Archive.Tar(("c", ""))),
            OciFailure.TooLarge, Limits with { Entries = 2 });

    [Fact]
    public async Task Wanted_files_are_counted_over_all_layers_and_unwanted_ones_are_not()
    {
        var digest = registry.Push(Archive.Tar(("a", ""), ("b", "")), Archive.Tar(("a", "")));
        var fault = await registry.FailAsync(digest, OciFailure.TooLarge, Limits with { Files = 2 });
        Assert.Contains("wanted files", fault.Message, StringComparison.Ordinal);
        Assert.Single((await registry.ReadAsync(digest, path => path == "b", Limits with { Files = 2 })).Files);
    }

    [Fact]
    public async Task A_wanted_file_may_not_be_too_large_nor_all_of_them_together()
    {
        var digest = registry.Push(Archive.Tar(("a", "12345"), ("b", "12345")));
        await registry.FailAsync(digest, OciFailure.TooLarge, Limits with { FileBytes = 4 });
        await registry.FailAsync(digest, OciFailure.TooLarge, Limits with { KeptBytes = 9 });
        Assert.Equal(2, (await registry.ReadAsync(digest, null, Limits with { FileBytes = 5, KeptBytes = 14 })).Files.Count);
    }

    [Fact]
    public async Task An_artifacts_file_has_the_same_limit()
    {
        var file = registry.Blob("text/plain", new byte[100], annotations: "\"org.opencontainers.image.title\":\"a\"");
        await registry.FailAsync(registry.PushManifest(FakeRegistry.Artifact(file)), OciFailure.TooLarge, Limits with { FileBytes = 99 });
    }

    [Fact]
    public async Task A_name_may_not_be_longer_than_a_path_can_be() =>
        await registry.FailAsync(registry.Push(Archive.Tar((new string('a', 4097), ""))), OciFailure.Invalid);

    [Fact]
    public async Task A_hundred_thousand_whiteouts_of_many_files_take_seconds()
    {
        var files = Enumerable.Range(0, 10_000).Select(number => ($"d/{number}", "")).ToArray();
        var whiteouts = Enumerable.Range(0, 100_000).Select(number => ($"{(number % 2 == 0 ? "d" : "e")}/.wh.x{number}", "")).ToArray();
        var digest = registry.Push(Archive.Tar(files), Archive.Tar(whiteouts));
        var watch = Stopwatch.StartNew();
        var image = await registry.ReadAsync(digest);
        Assert.Equal(10_000, image.Files.Count);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    private static byte[] Bomb(int size)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Archive.Raw("bomb", '0', [], size));
            for (var written = 0; written < size; written += 1 << 20)
            {
                gzip.Write(new byte[1 << 20]);
            }
        }

        return packed.ToArray();
    }
}
