using System.Net;
using System.Text;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

/// <summary>A registry in memory, below HTTP, that can be made to misbehave as a real one cannot.</summary>
internal sealed class FakeRegistry : HttpMessageHandler
{
    public const string TarGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string Tar = "application/vnd.oci.image.layer.v1.tar";

    private readonly Dictionary<string, byte[]> content = new(StringComparer.Ordinal);

    /// <summary>Answers instead of the registry, where it is not null.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Fault { get; set; } = _ => null;

    public List<string> Requests { get; } = [];

    /// <summary>Scheme and parameter of each request's Authorization, or a dash.</summary>
    public List<string> Authorizations { get; } = [];

    public static ImageReference Image { get; } = Parse("registry.test/shop/schema:1");

    public static ImageReference Parse(string text) =>
        ImageReference.TryParse(text, out var reference, out var problem) ? reference : throw new ArgumentException(problem, nameof(text));

    /// <summary>Pushes gzip tar layers as an OCI image tagged 1.</summary>
    public Digest Push(params byte[][] tars) => PushManifest(Manifest([.. tars.Select(tar => Blob(TarGzip, Archive.Gzip(tar)))]));

    public Digest PushManifest(string manifest, string tag = "1")
    {
        var digest = Digest.Of(Encoding.UTF8.GetBytes(manifest));
        content[$"manifests/{digest}"] = content[$"manifests/{tag}"] = Encoding.UTF8.GetBytes(manifest);
        return digest;
    }

    /// <summary>What is answered to who asks for a manifest's referrers; else the registry does not know the question.</summary>
    public void Refer(Digest subject, string index) => content[$"referrers/{subject}"] = Encoding.UTF8.GetBytes(index);

    /// <summary>Stores a blob and returns the descriptor that states these things of it.</summary>
    public string Blob(string mediaType, byte[] bytes, long? size = null, Digest? digest = null, string annotations = "")
    {
        digest ??= Digest.Of(bytes);
        content[$"blobs/{digest}"] = bytes;
        return $$"""
            {"mediaType":"{{mediaType}}","digest":"{{digest}}","size":{{size ?? bytes.Length}},"annotations":{ {{annotations}} } }
            """;
    }

    public static string Manifest(params string[] layers) => $$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json"},"layers":[{{string.Join(',', layers)}}]}
        """;

    public static string Artifact(params string[] layers) => $$"""
        {"schemaVersion":2,"artifactType":"application/vnd.example.schema","config":{"mediaType":"application/vnd.oci.empty.v1+json"},
         "layers":[{{string.Join(',', layers)}}]}
        """;

    public RegistryClient Client(RegistryLimits? limits = null, params string[] allowed) => new(
        TimeProvider.System, new RegistryOptions(allowed), this,
        (limits ?? new RegistryLimits()) with { Backoff = TimeSpan.FromMilliseconds(1) });

    public async Task<ImageFiles> ReadAsync(
        Digest digest, Func<string, bool>? wanted = null, RegistryLimits? limits = null, RegistryAccess? access = null)
    {
        using var client = Client(limits);
        return await client.ReadFilesAsync(Image, digest, wanted ?? (_ => true), access ?? new(), TestContext.Current.CancellationToken);
    }

    /// <summary>The files as text, as <c>path=content path=content</c>.</summary>
    public async Task<string> TextAsync(Digest digest, Func<string, bool>? wanted = null)
    {
        var image = await ReadAsync(digest, wanted);
        return string.Join(' ', image.Files.OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => $"{file.Key}={Encoding.UTF8.GetString(file.Value.Span)}"));
    }

    public async Task<OciException> FailAsync(
        Digest digest, OciFailure kind, RegistryLimits? limits = null, Func<string, bool>? wanted = null)
    {
        var fault = await Assert.ThrowsAsync<OciException>(() => ReadAsync(digest, wanted, limits));
        Assert.Equal(kind, fault.Kind);
        Assert.Contains("registry.test", fault.Message, StringComparison.Ordinal);
        return fault;
    }

    public static HttpResponseMessage Answer(HttpStatusCode status, string body = "") => new(status) { Content = new StringContent(body) };

    public static HttpResponseMessage Redirect(string location)
    {
        var answer = Answer(HttpStatusCode.TemporaryRedirect);
        answer.Headers.TryAddWithoutValidation("Location", location);
        return answer;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add($"{request.Method} {request.RequestUri!.AbsoluteUri}");
        Authorizations.Add(request.Headers.Authorization?.ToString() ?? "-");
        if (Fault(request) is { } fault)
        {
            return Task.FromResult(fault);
        }

        var path = request.RequestUri!.AbsolutePath.Replace("/v2/shop/schema/", "", StringComparison.Ordinal);
        if (!content.TryGetValue(path, out var bytes))
        {
            return Task.FromResult(
                Answer(HttpStatusCode.NotFound, """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"secret words"}]}"""));
        }

        var answer = new HttpResponseMessage { Content = request.Method == HttpMethod.Head ? null : new ByteArrayContent(bytes) };
        answer.Headers.Add("Docker-Content-Digest", Digest.Of(bytes).ToString());
        return Task.FromResult(answer);
    }
}
