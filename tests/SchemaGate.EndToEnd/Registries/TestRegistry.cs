using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace SchemaGate.EndToEnd.Registries;

/// <summary>A real registry that speaks plain HTTP, named <c>host:port</c> by SCHEMAGATE_TEST_REGISTRY, and a way to push to it.</summary>
public sealed class TestRegistry : IDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly HttpClient http;

    private TestRegistry(string address)
    {
        Address = address;
        http = new HttpClient { BaseAddress = new Uri($"http://{address}/") };
    }

    /// <summary><c>host:port</c>, as a reference begins.</summary>
    public string Address { get; }

    /// <summary>The registry; without one the calling test is skipped, or fails where CI=true.</summary>
    public static TestRegistry Connect()
    {
        var address = Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_REGISTRY");
        if (string.IsNullOrEmpty(address))
        {
            const string missing = "SCHEMAGATE_TEST_REGISTRY does not name a registry (host:port, plain HTTP)";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Skip(missing);
        }

        return new TestRegistry(address);
    }

    /// <summary>Pushes an OCI image of gzip tar layers, each a map from path to text, and returns the manifest's digest.</summary>
    public async Task<string> PushAsync(string repository, string tag, params IReadOnlyDictionary<string, string>[] layers)
    {
        var tars = layers.Select(Tar).ToArray();
        var contents = string.Join(',', tars.Select(tar => $"\"{Digest(tar)}\""));
        var config = await PushBlobAsync(repository, "application/vnd.oci.image.config.v1+json", Encoding.UTF8.GetBytes(
            $$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[{{contents}}] } }"""));
        var descriptors = new List<string>();
        foreach (var tar in tars)
        {
            descriptors.Add(await PushBlobAsync(repository, "application/vnd.oci.image.layer.v1.tar+gzip", Gzip(tar)));
        }

        return await PushManifestAsync(repository, tag,
            $$"""{"schemaVersion":2,"mediaType":"{{ManifestType}}","config":{{config}},"layers":[{{string.Join(',', descriptors)}}]}""");
    }

    /// <summary>Pushes an OCI artifact of files, each a layer that is named by its title, and returns the manifest's digest.</summary>
    public async Task<string> PushArtifactAsync(string repository, string tag, IReadOnlyDictionary<string, string> files)
    {
        var config = await PushBlobAsync(repository, "application/vnd.oci.empty.v1+json", "{}"u8.ToArray());
        var descriptors = new List<string>();
        foreach (var (title, text) in files)
        {
            var blob = await PushBlobAsync(repository, "text/plain", Encoding.UTF8.GetBytes(text));
            descriptors.Add($$"""{{blob[..^1]}},"annotations":{"org.opencontainers.image.title":"{{title}}"} }""");
        }

        return await PushManifestAsync(repository, tag, $$"""
            {"schemaVersion":2,"mediaType":"{{ManifestType}}","artifactType":"application/vnd.example",
             "config":{{config}},"layers":[{{string.Join(',', descriptors)}}]}
            """);
    }

    public void Dispose() => http.Dispose();

    /// <summary>Pushes a manifest as it is, and returns its digest.</summary>
    public async Task<string> PushManifestAsync(string repository, string tag, string manifest, string type = ManifestType)
    {
        using var content = new StringContent(manifest, new System.Net.Http.Headers.MediaTypeHeaderValue(type));
        using var answer = await http.PutAsync($"v2/{repository}/manifests/{tag}", content);
        answer.EnsureSuccessStatusCode();
        return Digest(Encoding.UTF8.GetBytes(manifest));
    }

    /// <summary>Pushes a blob, and returns its descriptor.</summary>
    public async Task<string> PushBlobAsync(string repository, string mediaType, byte[] bytes)
    {
        using var start = await http.PostAsync($"v2/{repository}/blobs/uploads/", content: null);
        start.EnsureSuccessStatusCode();
        var location = new Uri(http.BaseAddress!, start.Headers.Location!).AbsoluteUri;
        using var content = new ByteArrayContent(bytes);
        var query = location.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var answer = await http.PutAsync($"{location}{query}digest={Digest(bytes)}", content);
        answer.EnsureSuccessStatusCode();
        return $$"""{"mediaType":"{{mediaType}}","digest":"{{Digest(bytes)}}","size":{{bytes.Length}} }""";
    }

    private static byte[] Tar(IReadOnlyDictionary<string, string> files)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                var data = new MemoryStream(Encoding.UTF8.GetBytes(text));
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = data });
            }
        }

        return archive.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static string Digest(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
