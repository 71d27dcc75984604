using System.Text;
using SchemaGate.Oci;

namespace SchemaGate.EndToEnd.Registries;

public sealed class RegistryTests : IDisposable
{
    private readonly TestRegistry registry = TestRegistry.Connect();
    private readonly RegistryClient client = new(TimeProvider.System);
    private readonly string repository = $"test/{Guid.NewGuid():n}";

    private static RegistryAccess PlainHttp { get; } = new(PlainHttp: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        client.Dispose();
        registry.Dispose();
    }

    [Fact]
    public async Task A_pushed_image_is_resolved_by_tag_and_read_by_digest()
    {
        var pushed = await registry.PushAsync(
            repository,
            "1",
            Layer(("docs/a.md", "one")),
            Layer(("docs/a.md", "two")),
            Layer(("bin/x", "no")));
        var image = await ReadAsync("1", path => path.StartsWith("docs/", StringComparison.Ordinal));
        Assert.Equal(pushed, image.Digest.ToString());
        Assert.Equal("docs/a.md=two", Text(image));
    }

    [Fact]
    public async Task A_whiteout_that_was_pushed_deletes()
    {
        await registry.PushAsync(repository, "1", Layer(("m/1", "a"), ("m/2", "b")), Layer(("m/.wh.1", "")));
        Assert.Equal("m/2=b", Text(await ReadAsync("1", _ => true)));
    }

    [Fact]
    public async Task An_artifact_has_its_files_by_title()
    {
        await registry.PushArtifactAsync(repository, "1", Layer(("docs/a.md", "one"), ("b", "two")));
        Assert.Equal("b=two docs/a.md=one", Text(await ReadAsync("1", _ => true)));
    }

    [Fact]
    public async Task A_tag_that_moved_resolves_to_the_new_image_and_the_old_digest_still_reads()
    {
        var old = await registry.PushAsync(repository, "1", Layer(("a", "old")));
        await registry.PushAsync(repository, "1", Layer(("a", "new")));
        Assert.Equal("a=new", Text(await ReadAsync("1", _ => true)));
        var pinned = Parse($"{repository}@{old}");
        Assert.Equal("a=old", Text(await client.ReadFilesAsync(pinned, pinned.Digest!, _ => true, PlainHttp, Cancellation)));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("1@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    public async Task An_image_that_is_not_there_is_not_found(string tag)
    {
        var fault = await Assert.ThrowsAsync<OciException>(() => ReadAsync(tag, _ => true));
        Assert.Equal(OciFailure.NotFound, fault.Kind);
        Assert.Contains(
            $"no image {registry.Address}/{repository}:{tag} in registry {registry.Address}",
            fault.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_without_TLS_is_not_read_unless_asked()
    {
        var fault = await Assert.ThrowsAsync<OciException>(() => client.ResolveAsync(Parse($"{repository}:1"), new(), Cancellation));
        Assert.Equal(OciFailure.Unreachable, fault.Kind);
        Assert.Contains("plain HTTP", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("v2s2")]
    public async Task An_image_that_umoci_made_and_skopeo_pushed_is_read(string format)
    {
        using var image = await SampleImage.MakeAsync();
        await image.PushAsync($"{registry.Address}/{repository}:1", "--format", format);
        Assert.Equal(SampleImage.Content, Text(await ReadAsync("1", path => path.StartsWith("docs/", StringComparison.Ordinal))));
    }

    private static Dictionary<string, string> Layer(params (string Path, string Text)[] files) =>
        files.ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal);

    private static string Text(ImageFiles image) => string.Join(' ', image.Files.OrderBy(file => file.Key, StringComparer.Ordinal)
        .Select(file => $"{file.Key}={Encoding.UTF8.GetString(file.Value.Span)}"));

    private ImageReference Parse(string rest) =>
        ImageReference.TryParse($"{registry.Address}/{rest}", out var reference, out var problem)
            ? reference : throw new ArgumentException(problem, nameof(rest));

    private async Task<ImageFiles> ReadAsync(string tag, Func<string, bool> wanted)
    {
        var reference = Parse($"{repository}:{tag}");
        var digest = await client.ResolveAsync(reference, PlainHttp, Cancellation);
        return await client.ReadFilesAsync(reference, digest, wanted, PlainHttp, Cancellation);
    }
}
