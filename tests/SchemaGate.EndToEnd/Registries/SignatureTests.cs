using System.Security.Cryptography;
using System.Text;
using SchemaGate.Oci;
using SchemaGate.Oci.Signatures;

namespace SchemaGate.EndToEnd.Registries;

/// <summary>Signatures in both of cosign's schemes, in a real registry, which here knows no referrers API.</summary>
public sealed class SignatureTests : IDisposable
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private const string Index = "application/vnd.oci.image.index.v1+json";
    private const string Bundles = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private const string Statements = "application/vnd.in-toto+json";

    private readonly TestRegistry registry = TestRegistry.Connect();
    private readonly RegistryClient client = new(TimeProvider.System);
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string repository = $"test/{Guid.NewGuid():n}";

    public void Dispose()
    {
        key.Dispose();
        client.Dispose();
        registry.Dispose();
    }

    [Fact]
    public async Task A_payload_under_the_image_s_tag_signs_that_image_and_no_other()
    {
        var (image, other) = (await PushAsync("1"), await PushAsync("2"));
        Assert.IsType<SignatureVerdict.Absent>(await VerifyAsync(image));
        await TagAsync(image, image);
        Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync(image));
        await TagAsync(other, image);
        var refused = Assert.IsType<SignatureVerdict.Refused>(await VerifyAsync(other));
        Assert.Contains($"another image, \"{image}\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_under_the_referrers_tag_signs_the_image_that_it_states()
    {
        var (image, other) = (await PushAsync("1"), await PushAsync("2"));
        await ReferAsync(image, image);
        Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync(image));
        await ReferAsync(other, image);
        Assert.IsType<SignatureVerdict.Refused>(await VerifyAsync(other));
    }

    private Task<string> PushAsync(string content) =>
        registry.PushAsync(repository, content, new Dictionary<string, string>(StringComparer.Ordinal) { ["docs/a.md"] = content });

    private async Task TagAsync(string under, string signed)
    {
        var payload = Encoding.UTF8.GetBytes($$"""
            {"critical":{"identity":{"docker-reference":"{{registry.Address}}/{{repository}}"},
             "image":{"docker-manifest-digest":"{{signed}}"},"type":"cosign container image signature"},"optional":null}
            """);
        var blob = await registry.PushBlobAsync(repository, "application/vnd.dev.cosign.simplesigning.v1+json", payload);
        var layer = $$"""{{blob[..^1]}},"annotations":{"dev.cosignproject.cosign/signature":"{{Sign(payload)}}"} }""";
        await PushAsync($"{Tag(under)}.sig", "", layer);
    }

    private async Task ReferAsync(string to, string signed)
    {
        var statement = Encoding.UTF8.GetBytes($$"""
            {"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"{{signed[7..]}}"} }],
             "predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{} }
            """);
        byte[] encoded = [.. Encoding.UTF8.GetBytes($"DSSEv1 {Statements.Length} {Statements} {statement.Length} "), .. statement];
        var bundle = Encoding.UTF8.GetBytes($$"""
            {"mediaType":"{{Bundles}}","dsseEnvelope":{"payload":"{{Convert.ToBase64String(statement)}}",
             "payloadType":"{{Statements}}","signatures":[{"sig":"{{Sign(encoded)}}"}]} }
            """);
        var manifest = await PushAsync(
            $"bundle-{to[7..15]}", $",\"artifactType\":\"{Bundles}\"", await registry.PushBlobAsync(repository, Bundles, bundle));
        await registry.PushManifestAsync(repository, Tag(to), $$"""
            {"schemaVersion":2,"mediaType":"{{Index}}","manifests":[{"mediaType":"{{Manifest}}",
             "digest":"{{manifest.Digest}}","size":{{manifest.Size}},"artifactType":"{{Bundles}}"}]}
            """, Index);
    }

    private async Task<(string Digest, int Size)> PushAsync(string tag, string field, string layer)
    {
        var config = await registry.PushBlobAsync(repository, "application/vnd.oci.image.config.v1+json", "{}"u8.ToArray());
        var manifest = $$"""{"schemaVersion":2,"mediaType":"{{Manifest}}"{{field}},"config":{{config}},"layers":[{{layer}}]}""";
        return (await registry.PushManifestAsync(repository, tag, manifest), manifest.Length);
    }

    private async Task<SignatureVerdict> VerifyAsync(string digest)
    {
        Assert.True(ImageReference.TryParse($"{registry.Address}/{repository}@{digest}", out var image, out _));
        Assert.True(VerificationKey.TryParse(key.ExportSubjectPublicKeyInfoPem(), out var keys, out _));
        return await client.VerifyAsync(image, image.Digest!, keys, new(PlainHttp: true), TestContext.Current.CancellationToken);
    }

    private string Sign(byte[] content) =>
        Convert.ToBase64String(key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    private static string Tag(string digest) => digest.Replace(':', '-');
}
