using System.Security.Cryptography;
using System.Text;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

/// <summary>Signs images of a <see cref="FakeRegistry"/> as cosign does, with a key of its own.</summary>
internal sealed class Cosign : IDisposable
{
    public const string Claim = "https://sigstore.dev/cosign/sign/v1";
    private const string Payloads = "application/vnd.dev.cosign.simplesigning.v1+json";
    private const string Bundles = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private const string Statements = "application/vnd.in-toto+json";

    private readonly AsymmetricAlgorithm key;

    public Cosign(AsymmetricAlgorithm? key = null) => this.key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string PublicPem => key.ExportSubjectPublicKeyInfoPem();

    /// <summary>The older scheme: a layer for each signature, under a tag of the image's.</summary>
    public static void Tag(FakeRegistry registry, Digest image, params (byte[] Payload, byte[] Signature)[] signatures) =>
        registry.PushManifest(
            FakeRegistry.Manifest([.. signatures.Select(one => registry.Blob(
                Payloads, one.Payload,
                annotations: $"\"dev.cosignproject.cosign/signature\":\"{Convert.ToBase64String(one.Signature)}\""))]),
            $"sha256-{image.Hex}.sig");

    /// <summary>The newer scheme: bundles that refer to the image; by the API for it, or under the tag where there is none.</summary>
    public static void Refer(FakeRegistry registry, Digest image, bool isKnown, string type, params string[] bundles)
    {
        IEnumerable<string> referrers = bundles.Select(bundle =>
        {
            string manifest = $$"""
                {"schemaVersion":2,"artifactType":"{{Bundles}}","config":{"mediaType":"application/vnd.oci.empty.v1+json"},
                 "layers":[{{registry.Blob(Bundles, Encoding.UTF8.GetBytes(bundle))}}],"subject":{"digest":"{{image}}"} }
                """;
            return $$"""{"digest":"{{registry.PushManifest(manifest, "x")}}","size":{{manifest.Length}},"artifactType":"{{type}}"}""";
        });
        string index = $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{string.Join(',', referrers)}}]}
            """;
        if (isKnown)
        {
            registry.Refer(image, index);
        }
        else
        {
            registry.PushManifest(index, $"sha256-{image.Hex}");
        }
    }

    public static void Refer(FakeRegistry registry, Digest image, params string[] bundles) =>
        Refer(registry, image, isKnown: true, Bundles, bundles);

    public (byte[] Payload, byte[] Signature) Signed(
        Digest image, string place = "registry.test/shop/schema", string type = "cosign container image signature")
    {
        byte[] payload = Encoding.UTF8.GetBytes($$"""
            {"critical":{"identity":{"docker-reference":"{{place}}"},"image":{"docker-manifest-digest":"{{image}}"},"type":"{{type}}"},
             "optional":{"by":"jane"} }
            """);
        return (payload, Sign(payload));
    }

    public string Bundle(Digest image, string claim = Claim)
    {
        byte[] statement = Encoding.UTF8.GetBytes($$"""
            {"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"{{image.Hex}}"} }],"predicateType":"{{claim}}",
             "predicate":{} }
            """);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 {Statements.Length} {Statements} {statement.Length} "), .. statement];
        return $$"""
            {"mediaType":"{{Bundles}}","verificationMaterial":{"publicKey":{"hint":"x"} },"dsseEnvelope":{
             "payload":"{{Convert.ToBase64String(statement)}}","payloadType":"{{Statements}}",
             "signatures":[{"sig":"{{Convert.ToBase64String(Sign(signed))}}","keyid":""}]} }
            """;
    }

    /// <summary>Of the manifest itself.</summary>
    public string MessageBundle(byte[] manifest) => $$"""
        {"mediaType":"{{Bundles}}","messageSignature":{"messageDigest":{"algorithm":"SHA2_256",
         "digest":"{{Convert.ToBase64String(SHA256.HashData(manifest))}}"},"signature":"{{Convert.ToBase64String(Sign(manifest))}}"} }
        """;

    public void Dispose() => key.Dispose();

    private byte[] Sign(byte[] content) => key switch
    {
        ECDsa { KeySize: 384 } curve => curve.SignData(content, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence),
        ECDsa curve => curve.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
        RSA rsa => rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        _ => throw new NotSupportedException(),
    };
}
