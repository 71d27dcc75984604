using System.Diagnostics.CodeAnalysis;

namespace SchemaGate.Oci;

/// <summary>Where an image is: a registry's host, a repository in it, and a tag, a digest or both.
/// Only <see cref="TryParse"/> makes one, so every part is well formed.</summary>
public sealed record ImageReference
{
    internal ImageReference(string registry, string repository, string? tag, Digest? digest) =>
        (Registry, Repository, Tag, Digest) = (registry, repository, tag, digest);

    /// <summary>Host and optional port, lower case: <c>docker.io</c>, <c>localhost:5000</c>, <c>[::1]:5000</c>.</summary>
    public string Registry { get; }

    /// <summary>The repository's path, at most 255 characters: <c>shop/schema</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag, at most 128 characters; null only where there is a digest.</summary>
    public string? Tag { get; }

    /// <summary>The manifest's digest. Where it is given it decides, and the tag is only for people.</summary>
    public Digest? Digest { get; }

    /// <summary>Whether the reference names one image for good.</summary>
    public bool IsPinned => Digest is not null;

    /// <summary>Reads a reference by the grammar and the short forms that Docker uses (distribution/reference: <c>shop</c> is
    /// <c>docker.io/library/shop:latest</c>; the first part is a host if it has a dot or a colon or is <c>localhost</c>).</summary>
    /// <param name="text">Text of any length and content.</param>
    /// <param name="reference">The reference, when true is returned.</param>
    /// <param name="problem">A sentence that says what to mend, when false is returned.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? problem) =>
        ReferenceGrammar.TryParse(text, out reference, out problem);

    /// <summary>The same place, pinned to this digest; the tag stays for people to read.</summary>
    public ImageReference Pin(Digest digest) => new(Registry, Repository, Tag, digest);

    /// <summary>The canonical text, <c>registry/repository[:tag][@digest]</c>, which parses to an equal reference.</summary>
    public override string ToString() =>
        $"{Registry}/{Repository}{Suffix(':', Tag)}{Suffix('@', Digest?.ToString())}";

    private static string Suffix(char mark, string? text) => text is null ? "" : $"{mark}{text}";
}
