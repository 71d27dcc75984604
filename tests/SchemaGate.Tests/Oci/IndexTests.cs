using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

public sealed class IndexTests : IDisposable
{
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    private readonly FakeRegistry registry = new();

    public void Dispose() => registry.Dispose();

    [Theory]
    [InlineData("windows/amd64 linux/arm64 linux/amd64", "linux/amd64")]
    [InlineData("linux/s390x linux/arm64", "linux/arm64")]
    [InlineData("linux/s390x linux/ppc64le", "linux/s390x")]
    [InlineData("unknown/unknown linux/riscv64", "linux/riscv64")]
    public async Task The_commonest_platform_of_an_index_is_read(string platforms, string read)
    {
        var entries = platforms.Split(' ').Select(platform => Entry(platform, PushImage(platform))).ToArray();
        Assert.Equal($"a={read}", await registry.TextAsync(PushIndex(entries)));
    }

    [Fact]
    public async Task The_digest_stays_the_one_of_the_index()
    {
        var digest = PushIndex(Entry("linux/amd64", PushImage("x")));
        Assert.Equal(digest, (await registry.ReadAsync(digest)).Digest);
    }

    [Fact]
    public async Task An_attestation_is_no_image_whatever_platform_it_states()
    {
        var attestation = Entry(
            "linux/amd64", PushImage("attestation"), ""","annotations":{"vnd.docker.reference.type":"attestation-manifest"}""");
        Assert.Equal("a=image", await registry.TextAsync(PushIndex(attestation, Entry("linux/s390x", PushImage("image")))));
    }

    [Fact]
    public async Task A_docker_manifest_list_is_an_index_too()
    {
        var entry = Entry("linux/amd64", PushImage("x"), type: "application/vnd.docker.distribution.manifest.v2+json");
        Assert.Equal("a=x", await registry.TextAsync(PushIndexOf("application/vnd.docker.distribution.manifest.list.v2+json", entry)));
    }

    [Fact]
    public async Task An_artifact_in_an_index_has_no_platform()
    {
        var file = registry.Blob("text/plain", "A"u8.ToArray(), annotations: "\"org.opencontainers.image.title\":\"a\"");
        var text = FakeRegistry.Artifact(file);
        var entry = $$"""{"mediaType":"{{OciManifest}}","digest":"{{registry.PushManifest(text)}}","size":{{text.Length}}}""";
        Assert.Equal("a=A", await registry.TextAsync(PushIndex(entry)));
    }

    [Fact]
    public async Task Indexes_in_indexes_are_read_only_so_deep()
    {
        var (digest, size) = PushImage("x");
        for (var depth = 1; depth <= 4; depth++)
        {
            var text = Index(OciIndex, Entry("linux/amd64", (digest, size), type: OciIndex));
            (digest, size) = (registry.PushManifest(text), text.Length);
            if (depth == 3)
            {
                Assert.Equal("a=x", await registry.TextAsync(digest));
            }
        }

        var fault = await registry.FailAsync(digest, OciFailure.TooLarge);
        Assert.Contains("nests others more than 3 deep", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_serves_an_index_as_its_own_manifest_is_refused()
    {
        var claimed = Digest.Of([1]);
        var text = Index(OciIndex, Entry("linux/amd64", (claimed, 1)));
        var digest = registry.PushManifest(text);
        registry.Fault = request => request.RequestUri!.AbsolutePath.Contains("/manifests/", StringComparison.Ordinal)
            ? FakeRegistry.Answer(System.Net.HttpStatusCode.OK, text) : null;
        var fault = await registry.FailAsync(digest, OciFailure.Invalid);
        Assert.Contains($"sent other bytes than those of manifest {claimed}", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, registry.Requests.Count);
    }

    [Fact]
    public async Task A_manifest_of_another_size_than_its_index_states_is_refused()
    {
        var (digest, size) = PushImage("x");
        await registry.FailAsync(PushIndex(Entry("linux/amd64", (digest, size + 1))), OciFailure.Invalid);
    }

    [Fact]
    public async Task A_manifest_that_an_index_names_and_the_registry_lacks_is_told_from_a_missing_image()
    {
        var missing = Digest.Of([1]);
        var fault = await registry.FailAsync(PushIndex(Entry("linux/amd64", (missing, 1))), OciFailure.NotFound);
        Assert.Contains($"no manifest {missing} of image", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", OciFailure.Unsupported)]
    [InlineData("null", OciFailure.Unsupported)]
    [InlineData("{}", OciFailure.Invalid)]
    [InlineData("""{"mediaType":"application/vnd.example"}""", OciFailure.Unsupported)]
    [InlineData("""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:1","size":1}""", OciFailure.Invalid)]
    [InlineData("""{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":-1}""", OciFailure.Invalid)]
    public async Task An_index_without_an_image_is_refused(string entry, OciFailure kind) =>
        await registry.FailAsync(PushIndex(entry), kind);

    private Digest PushIndex(params string[] entries) => PushIndexOf(OciIndex, entries);

    private Digest PushIndexOf(string type, params string[] entries) => registry.PushManifest(Index(type, entries));

    private static string Index(string type, params string[] entries) =>
        $$"""{"schemaVersion":2,"mediaType":"{{type}}","manifests":[{{string.Join(',', entries)}}]}""";

    private static string Entry(string platform, (Digest Digest, int Size) manifest, string more = "", string type = OciManifest)
    {
        var parts = platform.Split('/');
        return $$$"""
            {"mediaType":"{{{type}}}","digest":"{{{manifest.Digest}}}","size":{{{manifest.Size}}},
             "platform":{"os":"{{{parts[0]}}}","architecture":"{{{parts[1]}}}"}{{{more}}}}
            """;
    }

    /// <summary>An image with one file that says which it is.</summary>
    private (Digest Digest, int Size) PushImage(string content)
    {
        var text = FakeRegistry.Manifest(registry.Blob(FakeRegistry.Tar, Archive.Tar(("a", content))));
        return (registry.PushManifest(text), text.Length);
    }
}
