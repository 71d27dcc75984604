using System.Formats.Tar;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

/// <summary>Layers over layers: what a container would see is what is read.</summary>
public sealed class LayerTests : IDisposable
{
    private readonly FakeRegistry registry = new();

    public void Dispose() => registry.Dispose();

    [Fact]
    public async Task Wanted_files_are_kept_by_normal_path_and_others_are_not()
    {
        var digest = registry.Push(Archive.Tar(("./docs/a.md", "A"), ("docs//./b.md", "B"), ("bin/sh", "S")));
        Assert.Equal(
            "docs/a.md=A docs/b.md=B", await registry.TextAsync(digest, path => path.StartsWith("docs/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_later_layer_replaces_a_file() =>
        Assert.Equal("a=2 b=1", await registry.TextAsync(registry.Push(Archive.Tar(("a", "1"), ("b", "1")), Archive.Tar(("a", "2")))));

    [Fact]
    public async Task The_last_of_two_entries_of_one_name_counts() =>
        Assert.Equal("a=2", await registry.TextAsync(registry.Push(Archive.Tar(("a", "1"), ("./a", "2")))));

    [Fact]
    public async Task A_whiteout_deletes_a_file() =>
        Assert.Equal("d/b=1", await registry.TextAsync(registry.Push(
            Archive.Tar(("d/a", "1"), ("d/b", "1")), Archive.Tar(("d/.wh.a", "")))));

    [Fact]
    public async Task A_whiteout_deletes_a_directory_and_no_neighbour() =>
        Assert.Equal("d-e/a=1 d0=1", await registry.TextAsync(registry.Push(
            Archive.Tar(("d/a", "1"), ("d/e/f", "1"), ("d/~", "1"), ("d-e/a", "1"), ("d0", "1")), Archive.Tar((".wh.d", "")))));

    [Fact]
    public async Task A_whiteout_hides_nothing_of_its_own_layer() =>
        Assert.Equal("a=2 b=2", await registry.TextAsync(registry.Push(
            Archive.Tar(("a", "1"), ("b", "1")), Archive.Tar(("a", "2"), (".wh.a", ""), (".wh.b", ""), ("b", "2")))));

    [Fact]
    public async Task An_opaque_directory_hides_what_was_in_it_and_keeps_what_its_layer_has() =>
        Assert.Equal("d/new=2 e=1", await registry.TextAsync(registry.Push(
            Archive.Tar(("d/old", "1"), ("d/sub/old", "1"), ("e", "1")), Archive.Tar(("d/new", "2"), ("d/.wh..wh..opq", "")))));

    [Fact]
    public async Task An_opaque_root_hides_everything() =>
        Assert.Equal("new=2", await registry.TextAsync(registry.Push(
            Archive.Tar(("a", "1"), ("d/a", "1")), Archive.Tar((".wh..wh..opq", ""), ("new", "2")))));

    [Fact]
    public async Task A_deleted_file_can_come_back() =>
        Assert.Equal("a=3", await registry.TextAsync(registry.Push(
            Archive.Tar(("a", "1")), Archive.Tar((".wh.a", "")), Archive.Tar(("a", "3")))));

    [Fact]
    public async Task Whiteouts_that_belong_to_aufs_delete_nothing() =>
        Assert.Equal("plnk=1", await registry.TextAsync(registry.Push(
            Archive.Tar(("plnk", "1")), Archive.Tar((".wh..wh.plnk", ""), (".wh..wh.aufs", "")))));

    [Fact]
    public async Task A_file_over_a_directory_ends_the_files_in_it() =>
        Assert.Equal("d=2", await registry.TextAsync(registry.Push(Archive.Tar(("d/a", "1"), ("d/b/c", "1")), Archive.Tar(("d", "2")))));

    [Fact]
    public async Task A_directory_over_a_file_ends_the_file() =>
        Assert.Equal("", await registry.TextAsync(registry.Push(Archive.Tar(("d", "1")), Archive.Tar(Archive.Directory("d/")))));

    [Fact]
    public async Task A_file_below_a_file_ends_the_file_above() =>
        Assert.Equal("d/a=2", await registry.TextAsync(registry.Push(Archive.Tar(("d", "1")), Archive.Tar(("d/a", "2")))));

    [Fact]
    public async Task A_directory_over_a_directory_keeps_its_files() =>
        Assert.Equal("d/a=1", await registry.TextAsync(registry.Push(Archive.Tar(("d/a", "1")), Archive.Tar(Archive.Directory("./d/")))));

    [Fact]
    public async Task A_link_over_a_directory_ends_the_files_in_it() =>
        Assert.Equal("", await registry.TextAsync(
            registry.Push(Archive.Tar(("docs/a", "1")), Archive.Tar(Archive.Link("docs", "other"))), path => path == "docs/a"));

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public async Task A_wanted_path_that_becomes_a_link_is_an_error_and_never_the_older_file(TarEntryType type)
    {
        var digest = registry.Push(Archive.Tar(("docs/a", "1")), Archive.Tar(Archive.Link("docs/a", "b", type)));
        var fault = await registry.FailAsync(digest, OciFailure.Unsupported);
        Assert.Matches("in layer sha256:[0-9a-f]{64} the entry \"docs/a\" is a link", fault.Message);
    }

    [Fact]
    public async Task A_link_that_a_later_layer_replaces_or_deletes_is_no_error() =>
        Assert.Equal("a=2", await registry.TextAsync(registry.Push(
            Archive.Tar(Archive.Link("a", "x"), Archive.Link("b", "x")), Archive.Tar(("a", "2"), (".wh.b", "")))));

    [Fact]
    public async Task A_wanted_device_is_an_error_and_an_unwanted_one_is_passed_over()
    {
        var device = new PaxTarEntry(TarEntryType.Fifo, "dev/a");
        var digest = registry.Push(Archive.Tar(device, Archive.Link("l", "x"), Archive.File("b", "1")));
        Assert.Equal("b=1", await registry.TextAsync(digest, path => path == "b"));
        await registry.FailAsync(digest, OciFailure.Unsupported, wanted: path => path == "dev/a");
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("docs/../../a")]
    [InlineData("/..")]
    [InlineData("/docs/a")]
    [InlineData("//etc/passwd")]
    public async Task A_name_that_leads_out_of_the_image_is_an_error_wanted_or_not(string name)
    {
        var digest = registry.Push([.. Archive.Raw(name, '0', []), .. new byte[1024]]);
        var fault = await registry.FailAsync(digest, OciFailure.Invalid, wanted: _ => false);
        Assert.Matches($"layer sha256:[0-9a-f]{{64}} cannot be read as TarGzip at entry \"{name}\"", fault.Message);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("./")]
    public async Task The_root_itself_is_a_directory_that_layers_may_have(string name) =>
        Assert.Equal("a=1", await registry.TextAsync(registry.Push(Archive.Tar(Archive.Directory(name), Archive.File("a", "1")))));

    [Theory]
    [InlineData(".wh.")]
    [InlineData("d/.wh..")]
    [InlineData("d/.wh...")]
    public async Task A_whiteout_of_nothing_is_an_error(string name) =>
        await registry.FailAsync(registry.Push(Archive.Tar((name, ""))), OciFailure.Invalid);

    [Fact]
    public async Task Layers_without_compression_are_read_too() =>
        Assert.Equal("a=1 b=2", await registry.TextAsync(registry.PushManifest(FakeRegistry.Manifest(
            registry.Blob(FakeRegistry.Tar, Archive.Tar(("a", "1"))),
            registry.Blob("application/vnd.docker.image.rootfs.diff.tar.gzip", Archive.Gzip(Archive.Tar(("b", "2"))))))));
}
