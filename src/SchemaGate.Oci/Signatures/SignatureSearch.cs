using SchemaGate.Oci.Manifests;
using SchemaGate.Oci.Registries;

namespace SchemaGate.Oci.Signatures;

/// <summary>Looks where cosign puts an image's signatures: under a tag of their own (cosign, specs/SIGNATURE_SPEC.md), and as bundles that
/// refer to the image (specs/BUNDLE_SPEC.md). The first that counts ends the search.</summary>
internal sealed class SignatureSearch(RegistrySession session, RegistryLimits limits, Digest digest, SignatureJudge judge)
{
    private const string Payload = "application/vnd.dev.cosign.simplesigning.v1+json";
    private const string Signature = "dev.cosignproject.cosign/signature";
    private const string Bundle = "application/vnd.dev.sigstore.bundle";
    private const string Predicate = "dev.sigstore.bundle.predicateType";

    /// <summary>Some libraries write this for the type of whatever has no config into the list under the fallback's tag.</summary>
    private const string Untyped = "application/vnd.oci.empty.v1+json";

    /// <summary>The manifest of one bundle: some five hundred bytes. Whoever may push could have it as large as any, many times.</summary>
    private const int ReferrerBytes = 64 << 10;

    private readonly List<SignatureFinding> findings = [];
    private int seen;

    /// <exception cref="OciException">The registry does not answer, or does not let the signatures be read.</exception>
    public async Task<SignatureVerdict> RunAsync()
    {
        if (await FindsTaggedAsync() || await FindsBundleAsync())
        {
            return new SignatureVerdict.Verified();
        }

        return findings.MaxBy(finding => finding.Fault) is { } closest
            ? new SignatureVerdict.Refused(
                $"no signature of {session.Image} counts: {closest.Problem}; sign this image with cosign sign and a key that is required")
            : new SignatureVerdict.Absent(
                $"{session.Image} is not signed: its repository has no signature under the tag {Tag(".sig")}, and no bundle refers to it; "
                    + "sign it with cosign sign and a key that is required");
    }

    private async Task<bool> FindsTaggedAsync()
    {
        var manifest = await session.FindManifestAsync(Tag(".sig"), limits.SignatureListBytes) is { } json ? Parse(json) : null;
        foreach (var layer in manifest?.Layers ?? [])
        {
            if (layer?.MediaType == Payload
                && await CountsAsync(layer, payload => judge.OfPayload(payload, layer.Annotations?.GetValueOrDefault(Signature))))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> FindsBundleAsync()
    {
        foreach (var referrer in await ReferrersAsync())
        {
            if (IsSignature(referrer) && await CountsAsync(referrer!))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Under the tag, too, where the API is answered by something else: a proxy's page, or a refusal of what it does not know.
    /// </summary>
    private async Task<ImageDescriptor?[]> ReferrersAsync()
    {
        byte[]? answer = null;
        OciException? refusal = null;
        try
        {
            answer = await session.FindReferrersAsync(digest, limits.SignatureListBytes);
            if (answer is not null && SignatureJson.Read(answer, ManifestJson.Default.ImageManifest)?.Manifests is { } listed)
            {
                return listed;
            }
        }
        catch (OciException fault) when (fault.Kind is OciFailure.Denied or OciFailure.TooLarge)
        {
            refusal = fault;
        }

        var tagged = await session.FindManifestAsync(Tag(""), limits.SignatureListBytes);
        if (tagged is null && refusal is not null)
        {
            throw refusal;
        }

        return (tagged ?? answer) is { } json ? Parse(json)?.Manifests ?? [] : [];
    }

    /// <summary>As far as the list tells: an attestation has the type of a signature, and may say what it is.</summary>
    private static bool IsSignature(ImageDescriptor? referrer) =>
        (referrer?.ArtifactType is null or Untyped || referrer.ArtifactType.StartsWith(Bundle, StringComparison.Ordinal))
        && (referrer?.Annotations?.GetValueOrDefault(Predicate) ?? SignatureJudge.StatementClaim) == SignatureJudge.StatementClaim;

    private async Task<bool> CountsAsync(ImageDescriptor referrer)
    {
        if (!Digest.TryParse(referrer.Digest, out var named) || ++seen > limits.Signatures)
        {
            return false;
        }

        if (referrer.Size is not (>= 0 and <= ReferrerBytes and var size))
        {
            findings.Add(SignatureFinding.Unreadable($"has a manifest without a size, or of more than {ReferrerBytes} bytes"));
            return false;
        }

        var manifest = await ReadAsync(() => session.ReadManifestAsync(named, size, (int)size)) is { } json ? Parse(json) : null;
        return manifest?.Layers is [{ MediaType: { } type } layer, ..] && type.StartsWith(Bundle, StringComparison.Ordinal)
            && await CountsAsync(layer, judge.OfBundle);
    }

    private async Task<bool> CountsAsync(ImageDescriptor layer, Func<byte[], SignatureFinding?> judged)
    {
        if (++seen > limits.Signatures)
        {
            return false;
        }

        if (!Digest.TryParse(layer.Digest, out var named) || layer.Size is not >= 0 || layer.Size > limits.SignatureBytes)
        {
            findings.Add(SignatureFinding.Unreadable($"has no digest, or more than {limits.SignatureBytes} bytes"));
            return false;
        }

        var bytes = await ReadAsync(() => session.ReadBlobAsync(new Layer(named, layer.Size.Value, LayerFormat.File, "")));
        var finding = bytes is null ? null : judged(bytes);
        findings.AddRange(finding is null ? [] : [finding]);
        return bytes is not null && finding is null;
    }

    /// <summary>What is broken does not keep the next from counting; a registry that is out does.</summary>
    private async Task<byte[]?> ReadAsync(Func<Task<byte[]>> read)
    {
        try
        {
            return await read();
        }
        catch (OciException fault) when (fault.Kind is OciFailure.NotFound or OciFailure.Invalid or OciFailure.TooLarge)
        {
            findings.Add(SignatureFinding.Unreadable("is not in the registry, or broken"));
            return null;
        }
    }

    private ImageManifest? Parse(byte[] json)
    {
        var manifest = SignatureJson.Read(json, ManifestJson.Default.ImageManifest);
        findings.AddRange(manifest is null ? [SignatureFinding.Unreadable("has no manifest that can be read")] : []);
        return manifest;
    }

    private string Tag(string end) => $"{digest.Algorithm}-{digest.Hex}{end}";
}
