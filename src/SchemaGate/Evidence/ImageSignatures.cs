using SchemaGate.Core.Gates;
using SchemaGate.Oci;
using SchemaGate.Oci.Signatures;

namespace SchemaGate.Evidence;

/// <summary>
/// Whether images are signed as their gates ask for. What is signed stays so for its digest and those keys; what is not is asked for again
/// soon, since whoever pushes an image signs it a moment later. Thread-safe.
/// </summary>
/// <param name="registry">Reads.</param>
/// <param name="time">Measures ages.</param>
internal sealed class ImageSignatures(RegistryClient registry, TimeProvider time)
{
    /// <summary>Some hundred bytes each.</summary>
    private const int KeptVerdicts = 4096;

    /// <summary>For one that does not count.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);

    private readonly BoundedCache<(string Repository, Digest, string Keys, string Identity), (SignatureVerdict Verdict, DateTimeOffset At)>
        verdicts = new(KeptVerdicts);

    /// <summary>Why nothing of an image counts; null where it is signed, or need not be.</summary>
    /// <param name="reading">Who reads it, and where.</param>
    /// <param name="digest">Of the image itself, not of one of its platforms.</param>
    /// <param name="verify">What is asked for, with what its Secret holds among its keys; null for nothing.</param>
    /// <param name="ask">Asks the registry, for as long as the reader waits.</param>
    /// <exception cref="OciException">The registry does not tell.</exception>
    public async Task<(string Reason, string Message)?> ProblemAsync(
        ImageReading reading, Digest digest, ImageVerification? verify,
        Func<Func<CancellationToken, Task<SignatureVerdict>>, Task<SignatureVerdict>> ask)
    {
        if (verify is null)
        {
            return null;
        }

        // Each by itself, too: a Secret without a key is not told by an image that another key has not signed.
        IReadOnlyList<VerificationKey>? keys = null;
        foreach (string text in verify.Keys.Append(string.Join('\n', verify.Keys)))
        {
            if (!VerificationKey.TryParse(text, out keys, out string? problem))
            {
                return (Reasons.VerificationKeyInvalid, $"spec.changelog.verify: {problem}.");
            }
        }

        return await VerdictAsync(reading, digest, keys!, ask) switch
        {
            SignatureVerdict.Verified => null,
            SignatureVerdict.Absent unsigned => (Reasons.ImageUnsigned, unsigned.Message),
            SignatureVerdict.Refused refused => (Reasons.SignatureInvalid, refused.Message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<SignatureVerdict> VerdictAsync(
        ImageReading reading, Digest digest, IReadOnlyList<VerificationKey> keys,
        Func<Func<CancellationToken, Task<SignatureVerdict>>, Task<SignatureVerdict>> ask)
    {
        var key = (
            reading.Repository, digest, string.Join(' ', keys.Select(one => one.Fingerprint).Order(StringComparer.Ordinal)),
            reading.Identity);
        if (verdicts.TryGet(key, out (SignatureVerdict Verdict, DateTimeOffset At) known)
            && (known.Verdict is SignatureVerdict.Verified || time.GetUtcNow() - known.At < Lifetime))
        {
            return known.Verdict;
        }

        SignatureVerdict verdict = await ask(token => registry.VerifyAsync(reading.Reference, digest, keys, reading.Access, token));
        verdicts.Set(key, (verdict, time.GetUtcNow()));
        return verdict;
    }
}
