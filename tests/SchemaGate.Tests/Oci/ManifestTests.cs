using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

public sealed class ManifestTests : IDisposable
{
    private readonly FakeRegistry registry = new();

    public void Dispose() => registry.Dispose();

    [Theory]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", "encrypted")]
    [InlineData("application/vnd.oci.image.layer.v1.tar+zstd+encrypted", "encrypted")]
    [InlineData("application/vnd.oci.image.layer.v1.tar+xz", "push layers as tar, tar+gzip or tar+zstd")]
    [InlineData("text/plain", "push layers as tar, tar+gzip or tar+zstd")]
    public async Task A_layer_that_cannot_be_read_is_refused_in_words(string type, string words)
    {
        var fault = await registry.FailAsync(registry.PushManifest(FakeRegistry.Manifest(registry.Blob(type, []))), OciFailure.Unsupported);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.Contains($"layer {Digest.Of([])}", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(registry.Requests, request => request.Contains("/blobs/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")]
    public async Task A_foreign_base_layer_is_ignored_and_its_address_not_asked(string type)
    {
        var foreign = registry.Blob(type, [])
            .Replace("\"annotations\"", "\"urls\":[\"https://elsewhere.test/\"],\"annotations\"", StringComparison.Ordinal);
        var layer = registry.Blob(FakeRegistry.Tar, Archive.Tar(("a", "1")));
        Assert.Equal("a=1", await registry.TextAsync(registry.PushManifest(FakeRegistry.Manifest(foreign, layer))));
        Assert.Single(registry.Requests, request => request.Contains("/blobs/", StringComparison.Ordinal));
        Assert.All(registry.Requests, request => Assert.Contains("https://registry.test/", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_foreign_layer_above_others_could_delete_files_and_is_refused()
    {
        var layers = new[] { FakeRegistry.Tar, "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" }
            .Select(type => registry.Blob(type, [])).ToArray();
        var fault = await registry.FailAsync(registry.PushManifest(FakeRegistry.Manifest(layers)), OciFailure.Unsupported);
        Assert.Contains("foreign and above others", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_an_artifact_has_its_title_as_its_path()
    {
        var digest = registry.PushManifest(FakeRegistry.Artifact(
            registry.Blob("text/markdown", "A"u8.ToArray(), annotations: Title("./docs/a.md")),
            registry.Blob("text/plain", "B"u8.ToArray(), annotations: Title("b")),
            registry.Blob("text/plain", "C"u8.ToArray())));
        Assert.Equal("docs/a.md=A", await registry.TextAsync(digest, path => path == "docs/a.md"));
        Assert.Single(registry.Requests, request => request.Contains("/blobs/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_an_artifact_calls_a_tar_is_a_file_if_it_has_a_title() => Assert.Equal("a.md=A", await registry.TextAsync(
        registry.PushManifest(FakeRegistry.Artifact(registry.Blob(FakeRegistry.Tar, "A"u8.ToArray(), annotations: Title("a.md"))))));

    [Fact]
    public async Task A_directory_of_an_artifact_is_unpacked()
    {
        var annotations = Title("docs") + ""","io.deis.oras.content.unpack":"true" """;
        var blob = registry.Blob(FakeRegistry.TarGzip, Archive.Gzip(Archive.Tar(("docs/a", "A"))), annotations: annotations);
        Assert.Equal("docs/a=A", await registry.TextAsync(registry.PushManifest(FakeRegistry.Artifact(blob))));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("/a")]
    public async Task A_title_that_leads_out_of_the_artifact_is_an_error(string title) => await registry.FailAsync(registry.PushManifest(
        FakeRegistry.Artifact(registry.Blob("text/plain", [1], annotations: Title(title)))), OciFailure.Invalid);

    [Theory]
    [InlineData("", OciFailure.Invalid)]
    [InlineData("null", OciFailure.Invalid)]
    [InlineData("[]", OciFailure.Invalid)]
    [InlineData("{}", OciFailure.Unsupported)]
    [InlineData("""{"schemaVersion":1,"layers":[]}""", OciFailure.Unsupported)]
    [InlineData("""{"schemaVersion":2}""", OciFailure.Invalid)]
    [InlineData("""{"schemaVersion":2,"layers":[null]}""", OciFailure.Invalid)]
    [InlineData("""{"schemaVersion":2,"layers":[{}]}""", OciFailure.Invalid)]
    [InlineData("""{"schemaVersion":2,"layers":[],"manifests":[]}""", OciFailure.Invalid)]
    [InlineData("""{"schemaVersion":2,"layers":[],"layers":[]}""", OciFailure.Invalid)]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.artifact.manifest.v1+json","layers":[]}""", OciFailure.Unsupported)]
    [InlineData("""{"schemaVersion":2,"layers":[{"mediaType":"a","size":1,"digest":"sha256:9f86"}]}""", OciFailure.Invalid)]
    public async Task A_manifest_that_is_not_one_is_refused(string manifest, OciFailure kind) =>
        await registry.FailAsync(registry.PushManifest(manifest), kind);

    [Fact]
    public async Task A_message_quotes_names_of_strangers_short_and_without_control_characters()
    {
        var type = "x\\n\\u001b[31m" + new string('y', 5000);
        var fault = await registry.FailAsync(registry.PushManifest(FakeRegistry.Manifest(registry.Blob(type, []))), OciFailure.Unsupported);
        Assert.DoesNotContain(fault.Message, char.IsControl);
        Assert.InRange(fault.Message.Length, 1, 600);
    }

    private static string Title(string title) => $"\"org.opencontainers.image.title\":\"{title}\"";
}
