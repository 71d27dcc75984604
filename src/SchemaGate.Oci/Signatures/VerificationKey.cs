using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SchemaGate.Oci.Signatures;

/// <summary>A public key that images may be signed with: ECDSA or RSA, as <c>cosign generate-key-pair</c> and key services make them.
/// Safe for concurrent use.</summary>
public sealed class VerificationKey
{
    private const int MostKeys = 16;
    private const int LeastRsaBits = 2048;
    private const string Ec = "1.2.840.10045.2.1", Rsa = "1.2.840.113549.1.1.1", Ed25519 = "1.3.101.112";

    private readonly byte[] info;
    private readonly bool isRsa;

    private VerificationKey(byte[] info, bool isRsa) =>
        (this.info, this.isRsa, Fingerprint) = (info, isRsa, Convert.ToHexStringLower(SHA256.HashData(info)));

    /// <summary>The SHA-256 of its SubjectPublicKeyInfo, in hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads every key of a text in PEM (<c>BEGIN PUBLIC KEY</c>, RFC 7468), one at least and sixteen at most.</summary>
    /// <param name="pem">Text of any length and content.</param>
    /// <param name="keys">The keys, when true is returned.</param>
    /// <param name="problem">What is wrong, a sentence without its end that quotes nothing of the text, when false is returned.</param>
    public static bool TryParse(
        string pem, [NotNullWhen(true)] out IReadOnlyList<VerificationKey>? keys, [NotNullWhen(false)] out string? problem)
    {
        List<VerificationKey> found = [];
        (keys, problem) = (null, null);
        var rest = pem.AsSpan();
        while (problem is null && PemEncoding.TryFind(rest, out var fields))
        {
            problem = found.Count == MostKeys ? $"there are more than {MostKeys} keys" : Read(rest, fields, found);
            rest = rest[fields.Location.End..];
        }

        problem ??= found.Count == 0 ? "there is no public key in PEM; cosign writes it as cosign.pub" : null;
        keys = problem is null ? found : null;
        return problem is null;
    }

    /// <summary>Whether the owner of the key signed these bytes.</summary>
    internal bool Verifies(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        if (VerifiesHash(SHA256.HashData(content), signature))
        {
            return true;
        }

        // Larger curves may come with their own hash.
        using var key = isRsa ? null : OpenEc();
        return key?.KeySize switch
        {
            384 => key.VerifyHash(SHA384.HashData(content), signature, DSASignatureFormat.Rfc3279DerSequence),
            521 => key.VerifyHash(SHA512.HashData(content), signature, DSASignatureFormat.Rfc3279DerSequence),
            _ => false,
        };
    }

    /// <summary>Whether the owner of the key signed what has this SHA-256.</summary>
    internal bool VerifiesHash(ReadOnlySpan<byte> sha256, ReadOnlySpan<byte> signature)
    {
        if (!isRsa)
        {
            using var key = OpenEc();
            return key.VerifyHash(sha256, signature, DSASignatureFormat.Rfc3279DerSequence);
        }

        using var rsa = OpenRsa();
        return rsa.VerifyHash(sha256, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            || rsa.VerifyHash(sha256, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }

    private static string? Read(ReadOnlySpan<char> text, PemFields fields, List<VerificationKey> found)
    {
        var label = text[fields.Label];
        if (label is not "PUBLIC KEY")
        {
            return label.Contains("PRIVATE", StringComparison.Ordinal)
                ? "there is a private key; give the public one (cosign.pub), and make a new pair if others could read this"
                : "there is something else than a PUBLIC KEY; cosign writes one as cosign.pub";
        }

        var bytes = Convert.FromBase64String(text[fields.Base64Data].ToString());
        try
        {
            var algorithm = PublicKey.CreateFromSubjectPublicKeyInfo(bytes, out var read).Oid.Value;
            var key = new VerificationKey(bytes[..read], algorithm == Rsa);
            found.Add(key);
            return algorithm switch
            {
                Ec => key.ProblemOfEc(),
                Rsa => key.ProblemOfRsa(),
                Ed25519 => "an Ed25519 key cannot be used: .NET's own library does not verify its signatures; "
                    + "sign with an ECDSA or RSA key",
                _ => "there is a key of another kind than ECDSA and RSA",
            };
        }
        catch (Exception fault) when (fault is CryptographicException or PlatformNotSupportedException)
        {
            // The latter: a curve that nobody knows.
            return "there is a public key that cannot be read";
        }
    }

    private string? ProblemOfEc()
    {
        using var key = OpenEc();
        return key.KeySize is 256 or 384 or 521 ? null : "there is an ECDSA key of another curve than P-256, P-384 and P-521";
    }

    private string? ProblemOfRsa()
    {
        using var key = OpenRsa();
        return key.KeySize >= LeastRsaBits ? null : $"there is an RSA key of less than {LeastRsaBits} bits";
    }

    private ECDsa OpenEc()
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(info, out _);
        return key;
    }

    private RSA OpenRsa()
    {
        var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(info, out _);
        return key;
    }
}
