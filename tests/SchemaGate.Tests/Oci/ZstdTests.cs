using SchemaGate.Oci;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace SchemaGate.Tests.Oci;

/// <summary>
/// Layers in zstd (RFC 8878): read as those in gzip are, and bounded by the same limits and by their window. What they cost in memory is
/// the whole process's.
/// </summary>
[Collection(Alone.Name)]
public sealed class ZstdTests : IDisposable
{
    private const string TarZstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    private static readonly byte[] Skippable = [0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];

    private readonly FakeRegistry registry = new();

    public void Dispose() => registry.Dispose();

    [Theory]
    [InlineData(TarZstd)]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar.zstd")]
    public async Task A_layer_is_read_and_laid_over_others(string type) =>
        Assert.Equal("a=2 b=1", await registry.TextAsync(registry.PushManifest(FakeRegistry.Manifest(
            registry.Blob(FakeRegistry.TarGzip, Archive.Gzip(Archive.Tar(("a", "1"), ("b", "1"), ("c", "1")))),
            registry.Blob(type, Archive.Zstd(Archive.Tar(("a", "2"), (".wh.c", ""))))))));

    [Fact]
    public async Task Frames_behind_each_other_are_one_archive_and_skippable_or_empty_ones_are_passed_over()
    {
        var tar = Archive.Tar(("a", "1"), ("b", "2"));
        byte[] frames =
        [
            .. Skippable, .. Archive.Zstd([]), .. Archive.Zstd(tar[..700]), .. Skippable, .. Archive.Zstd(tar[700..]), .. Skippable,
        ];
        Assert.Equal("a=1 b=2", await registry.TextAsync(Push(frames)));
    }

    [Fact]
    public async Task A_layer_that_was_pushed_cut_off_never_reads_as_fewer_files()
    {
        var entries = Enumerable.Range(0, 20).Select(number => ($"migrations/{number}/migration.sql", $"SELECT {number};")).ToArray();
        var packed = Archive.Zstd(Archive.Tar(entries)[..^1024]);
        for (var length = 0; length < packed.Length; length++)
        {
            var fault = await registry.FailAsync(Push(packed[..length]), OciFailure.Invalid);
            Assert.Contains("is cut off", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(20, (await registry.ReadAsync(Push(packed))).Files.Count);
    }

    [Fact]
    public async Task A_frame_with_a_huge_window_is_refused_and_the_largest_allowed_one_is_read()
    {
        var tar = Archive.Tar(("a", "1"));
        Assert.Equal("a=1", await registry.TextAsync(Push(Archive.Zstd(tar, window: 25))));
        foreach (var window in new[] { 26, 31 })
        {
            var fault = await registry.FailAsync(Push(Archive.Zstd(tar, window)), OciFailure.Invalid);
            Assert.Matches("cannot be read as TarZstd at the start .* its window is larger than 32 MiB", fault.Message);
        }
    }

    [Fact]
    public async Task A_frame_that_wants_a_dictionary_is_refused()
    {
        // A header with the id 7 of a dictionary, then one empty block that is the last (RFC 8878, 3.1.1.1).
        var fault = await registry.FailAsync(Push([0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 0, 1, 0, 0]), OciFailure.Invalid);
        Assert.Contains("it needs a dictionary", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_zstd_is_refused_and_so_is_what_follows_a_frame_without_being_one()
    {
        var tar = Archive.Tar(("a", "1"))[..^1024];
        foreach (var layer in new[] { Archive.Gzip(tar), tar, [.. Archive.Zstd(tar), .. "<html>"u8] })
        {
            var fault = await registry.FailAsync(Push(layer), OciFailure.Invalid);
            Assert.Contains("it is not zstd, or something else follows its frames", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_byte_that_changed_shows_by_the_frames_checksum()
    {
        var packed = Archive.Zstd(Archive.Tar(("a", new string('x', 1000)))[..^1024], checksum: true);
        packed[^1] ^= 1;
        var fault = await registry.FailAsync(Push(packed), OciFailure.Invalid);
        Assert.Contains("its zstd is damaged", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bomb_of_200_MiB_ends_early_and_names_layer_and_entry()
    {
        var bomb = Bomb(200 << 20);
        Assert.InRange(bomb.Length, 0, 64 << 10);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var fault = await registry.FailAsync(Push(bomb), OciFailure.TooLarge, wanted: _ => false);
        Assert.Contains($"in layer {Digest.Of(bomb)} the entry \"bomb\" is where the layer's", fault.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64 << 20);
    }

    private Digest Push(byte[] layer) => registry.PushManifest(FakeRegistry.Manifest(registry.Blob(TarZstd, layer)));

    private static byte[] Bomb(int size)
    {
        using var packed = new MemoryStream();
        using (var zstd = new CompressionStream(packed, leaveOpen: true))
        {
            zstd.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, 20);
            zstd.Write(Archive.Raw("bomb", '0', [], size));
            for (var written = 0; written < size; written += 1 << 20)
            {
                zstd.Write(new byte[1 << 20]);
            }
        }

        return packed.ToArray();
    }
}
