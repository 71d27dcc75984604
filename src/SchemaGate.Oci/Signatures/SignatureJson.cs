using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SchemaGate.Oci.Manifests;

namespace SchemaGate.Oci.Signatures;

/// <summary>The signed text of cosign's older scheme (containers/image, docs/containers-signature.5.md).</summary>
internal sealed record SimplePayload(SimplePayload.Claims? Critical)
{
    internal sealed record Claims(ImageIdentity? Identity, ImageClaim? Image, string? Type);

    internal sealed record ImageIdentity([property: JsonPropertyName("docker-reference")] string? Reference);

    internal sealed record ImageClaim([property: JsonPropertyName("docker-manifest-digest")] string? Digest);
}

/// <summary>A sigstore bundle, as far as a key needs it (protobuf-specs, sigstore_bundle.proto): its log entries and timestamps are not
/// read. Bytes are base64.</summary>
internal sealed record SigstoreBundle(SigstoreBundle.Message? MessageSignature, SigstoreBundle.Envelope? DsseEnvelope)
{
    /// <summary>Of the image's manifest itself.</summary>
    internal sealed record Message(string? Signature);

    /// <summary>https://github.com/secure-systems-lab/dsse, envelope.md.</summary>
    internal sealed record Envelope(string? Payload, string? PayloadType, EnvelopeSignature?[]? Signatures);

    internal sealed record EnvelopeSignature(string? Sig);
}

/// <summary>What an envelope says (in-toto attestation, spec/v1/statement.md).</summary>
internal sealed record InTotoStatement(InTotoStatement.Artifact?[]? Subject, string? PredicateType)
{
    internal sealed record Artifact(Dictionary<string, string?>? Digest);
}

/// <summary>A key that occurs twice is refused: readers differ in which of the two they take.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SimplePayload))]
[JsonSerializable(typeof(SigstoreBundle))]
[JsonSerializable(typeof(InTotoStatement))]
internal sealed partial class SignatureJson : JsonSerializerContext
{
    /// <summary>Null for what is not that, or far larger than any.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonTokens.AreTooMany(json) ? null : JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null for what is no base64.</summary>
    public static byte[]? Bytes(string? base64)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return base64 is { Length: > 0 } && Convert.TryFromBase64String(base64, bytes, out var count) ? bytes[..count] : null;
    }
}
