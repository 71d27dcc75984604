using System.Text;
using SchemaGate.Oci;

namespace SchemaGate.EndToEnd.Registries;

/// <summary>Images that buildah made from a Dockerfile, for one platform and for several.</summary>
public sealed class BuildahTests : IDisposable
{
    private static readonly RegistryAccess PlainHttp = new(PlainHttp: true);

    private readonly TestRegistry registry = TestRegistry.Connect();
    private readonly RegistryClient client = new(TimeProvider.System);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("schemagate-");
    private readonly string repository = $"test/{Guid.NewGuid():n}";

    public void Dispose()
    {
        folder.Delete(recursive: true);
        client.Dispose();
        registry.Dispose();
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("docker")]
    public async Task An_image_of_several_layers_is_read(string format)
    {
        Write("Dockerfile", "FROM scratch\nCOPY a /docs/a\nCOPY b /docs/a\nCOPY b /docs/b\n");
        Write("a", "first");
        Write("b", "second");
        await BuildahAsync("bud", "--isolation", "chroot", "--layers", "--format", format, "--tag", "built", folder.FullName);
        await BuildahAsync("push", "--tls-verify=false", "built", $"docker://{registry.Address}/{repository}:1");
        Assert.Equal("docs/a=second docs/b=second", await ReadAsync(await ResolveAsync()));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("zstd:chunked")]
    public async Task An_image_whose_layers_are_in_zstd_is_read(string compression)
    {
        Write("Dockerfile", "FROM scratch\nCOPY a /docs/a\nCOPY b /docs/b\n");
        Write("a", "first");
        Write("b", "second");
        await BuildahAsync("bud", "--isolation", "chroot", "--format", "oci", "--tag", "built", folder.FullName);
        await BuildahAsync("push", "built", $"dir:{folder.FullName}/pushed");
        await ImageTool.RunAsync(
            "skopeo", "copy", "--quiet", "--dest-tls-verify=false", "--dest-compress-format", compression, "--dest-compress-level", "19",
            $"dir:{folder.FullName}/pushed", $"docker://{registry.Address}/{repository}:1");
        Assert.Equal("docs/a=first docs/b=second", await ReadAsync(await ResolveAsync()));
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("v2s2")]
    public async Task Of_several_platforms_linux_amd64_is_read_and_the_list_is_what_is_pinned(string format)
    {
        await BuildahAsync("manifest", "create", "all");
        foreach (var architecture in new[] { "s390x", "arm64", "amd64" })
        {
            Write("a", architecture);
            Write("Dockerfile", "FROM scratch\nCOPY a /docs/a\n");
            await BuildahAsync("bud", "--isolation", "chroot", "--arch", architecture, "--manifest", "all",
                "--format", format == "oci" ? "oci" : "docker", folder.FullName);
        }

        await BuildahAsync(
            "manifest",
            "push",
            "--all",
            "--format",
            format,
            "--tls-verify=false",
            "all",
            $"docker://{registry.Address}/{repository}:1");
        var digest = await ResolveAsync();
        Assert.Equal("docs/a=amd64", await ReadAsync(digest));

        // skopeo copies one platform's manifest out of the list, which must be another digest.
        await ImageTool.RunAsync(
            "skopeo",
            "copy",
            "--quiet",
            "--src-tls-verify=false",
            "--dest-tls-verify=false",
            "--override-arch",
            "arm64",
            $"docker://{registry.Address}/{repository}@{digest}",
            $"docker://{registry.Address}/{repository}:1");
        var single = await ResolveAsync();
        Assert.NotEqual(digest, single);
        Assert.Equal("docs/a=arm64", await ReadAsync(single));
    }

    private Task BuildahAsync(string command, params string[] arguments) => ImageTool.RunAsync("buildah",
        ["--root", $"{folder.FullName}/storage", "--runroot", $"{folder.FullName}/run", "--storage-driver", "vfs", command, .. arguments]);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);

    private ImageReference Reference => ImageReference.TryParse($"{registry.Address}/{repository}:1", out var reference, out var problem)
        ? reference : throw new InvalidOperationException(problem);

    private Task<Digest> ResolveAsync() => client.ResolveAsync(Reference, PlainHttp, TestContext.Current.CancellationToken);

    private async Task<string> ReadAsync(Digest digest)
    {
        var image = await client.ReadFilesAsync(Reference, digest, _ => true, PlainHttp, TestContext.Current.CancellationToken);
        Assert.Equal(digest, image.Digest);
        return string.Join(' ', image.Files.OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => $"{file.Key}={Encoding.UTF8.GetString(file.Value.Span)}"));
    }
}
