using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SchemaGate.Oci;

/// <summary>A content digest, <c>sha256:</c> or <c>sha512:</c> and lower-case hexadecimal
/// (OCI image specification, descriptor.md, "Digests"). Equal by text.</summary>
public sealed record Digest
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private Digest(string algorithm, string hex) => (Algorithm, Hex) = (algorithm, hex);

    /// <summary><c>sha256</c> or <c>sha512</c>.</summary>
    public string Algorithm { get; }

    /// <summary>64 or 128 lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>Reads <c>algorithm:hex</c>; false for any other text, algorithm, length or case.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = null;
        var (algorithm, digits) = text switch
        {
            not null when text.StartsWith("sha256:", StringComparison.Ordinal) => ("sha256", 64),
            not null when text.StartsWith("sha512:", StringComparison.Ordinal) => ("sha512", 128),
            _ => ("", 0),
        };
        var hex = text.AsSpan(Math.Min(text?.Length ?? 0, 7));
        if (digits == 0 || hex.Length != digits || hex.ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        digest = new Digest(algorithm, hex.ToString());
        return true;
    }

    /// <summary>The sha256 digest of these bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => new("sha256", Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <summary>Whether this is the digest of these bytes.</summary>
    public bool Matches(ReadOnlySpan<byte> content)
    {
        using var hash = StartHash();
        hash.AppendData(content);
        return Matches(hash);
    }

    /// <summary><c>algorithm:hex</c>.</summary>
    public override string ToString() => $"{Algorithm}:{Hex}";

    /// <summary>The sha256 digest of what was appended.</summary>
    internal static Digest Of(IncrementalHash sha256) => new("sha256", Convert.ToHexStringLower(sha256.GetCurrentHash()));

    internal IncrementalHash StartHash() =>
        IncrementalHash.CreateHash(Algorithm == "sha256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512);

    internal bool Matches(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetCurrentHash()) == Hex;
}
