using System.Text;

namespace SchemaGate.Oci.Signatures;

/// <summary>Whether a signature is one of the keys', and of this image. Pure: what the registry says beside the signed bytes, such as which
/// image a bundle refers to, counts for nothing.</summary>
internal sealed class SignatureJudge(ImageReference image, Digest digest, IReadOnlyList<VerificationKey> keys)
{
    /// <summary>Cosign's own type of a statement; others are attestations, which say something of the image.</summary>
    public const string StatementClaim = "https://sigstore.dev/cosign/sign/v1";

    /// <summary>Its own type of a payload.</summary>
    private const string PayloadClaim = "cosign container image signature";

    private const string StatementType = "application/vnd.in-toto+json";
    private const int MostOfEnvelope = 16;

    /// <summary>The older scheme: the payload is a layer, its signature an annotation.</summary>
    public SignatureFinding? OfPayload(byte[] payload, string? signature)
    {
        if (SignatureJson.Bytes(signature) is not { } bytes)
        {
            return SignatureFinding.Unreadable("is no base64");
        }

        if (!keys.Any(key => key.Verifies(payload, bytes)))
        {
            return SignatureFinding.OtherKey;
        }

        return SignatureJson.Read(payload, SignatureJson.Default.SimplePayload)?.Critical switch
        {
            { Type: PayloadClaim, Image.Digest: { } signed } when signed != digest.ToString() => Of(signed),
            { Type: PayloadClaim, Image: { Digest: not null }, Identity: { Reference: { } place } } => IsHere(place) ? null
                : SignatureFinding.Other($"is for {OciException.Quote(place)}, which is another repository"),
            _ => SignatureFinding.Other("is not an image's signature, or names no image"),
        };
    }

    /// <summary>The newer scheme: a bundle that refers to the image.</summary>
    public SignatureFinding? OfBundle(byte[] bundle) => SignatureJson.Read(bundle, SignatureJson.Default.SigstoreBundle) switch
    {
        { DsseEnvelope: { } envelope } => OfEnvelope(envelope),
        { MessageSignature.Signature: { } signature } => OfManifest(signature),
        _ => SignatureFinding.Unreadable("is a bundle without a signature"),
    };

    /// <summary>It is of the manifest's bytes, which have this digest: of another image it verifies with no key.</summary>
    private SignatureFinding? OfManifest(string signature) =>
        SignatureJson.Bytes(signature) is { } bytes && digest.Algorithm == "sha256"
        && keys.Any(key => key.VerifiesHash(Convert.FromHexString(digest.Hex), bytes))
            ? null
            : new(SignatureFault.OtherKey, $"{SignatureFinding.OtherKey.Problem}, or the signature is of another image");

    private SignatureFinding? OfEnvelope(SigstoreBundle.Envelope envelope)
    {
        if (SignatureJson.Bytes(envelope.Payload) is not { } payload || envelope.PayloadType is not { } type
            || envelope.Signatures is not { Length: <= MostOfEnvelope } signatures)
        {
            return SignatureFinding.Unreadable("is an envelope that cannot be opened");
        }

        var signed = Encoded(type, payload);
        if (!signatures.Any(one => SignatureJson.Bytes(one?.Sig) is { } bytes && keys.Any(key => key.Verifies(signed, bytes))))
        {
            return SignatureFinding.OtherKey;
        }

        return type == StatementType && SignatureJson.Read(payload, SignatureJson.Default.InTotoStatement) is { } statement
            ? OfStatement(statement)
            : SignatureFinding.Other("is no statement");
    }

    private SignatureFinding? OfStatement(InTotoStatement statement)
    {
        if (statement.PredicateType != StatementClaim)
        {
            return SignatureFinding.Other($"is an attestation ({OciException.Quote(statement.PredicateType ?? "")}), not a signature");
        }

        var subjects = (statement.Subject ?? []).Select(subject => subject?.Digest?.GetValueOrDefault(digest.Algorithm)).OfType<string>();
        return subjects.Contains(digest.Hex, StringComparer.Ordinal) ? null : Of($"{digest.Algorithm}:{subjects.FirstOrDefault()}");
    }

    private static SignatureFinding Of(string signed) => SignatureFinding.Other($"is another image, {OciException.Quote(signed)}");

    /// <summary>Of the same repository: by which tag or name of Docker Hub's does not matter.</summary>
    private bool IsHere(string place) =>
        ImageReference.TryParse(place.StartsWith("index.docker.io/", StringComparison.Ordinal) ? place[6..] : place, out var signed, out _)
        && signed.Registry == image.Registry && signed.Repository == image.Repository;

    /// <summary>DSSE's pre-authentication encoding (protocol.md).</summary>
    private static byte[] Encoded(string type, byte[] payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(type)} {type} {payload.Length} "), .. payload];
}
