using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace SchemaGate.Oci;

/// <summary>The grammar of github.com/distribution/reference, with a sentence for each way to miss it.
/// No sentence repeats the text: what was pasted by mistake may hold a password.</summary>
internal static class ReferenceGrammar
{
    private const int LongestRepository = 255;
    private const int LongestTag = 128;
    private const int LongestText = 1024;
    private const string Word = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> WordLetters = SearchValues.Create(Word);
    private static readonly SearchValues<char> HostLetters = SearchValues.Create(Word + "-.");
    private static readonly SearchValues<char> AddressLetters = SearchValues.Create("abcdef0123456789:");
    private static readonly SearchValues<char> TagLetters = SearchValues.Create(Word + "ABCDEFGHIJKLMNOPQRSTUVWXYZ_.-");

    public static bool TryParse(
        string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? problem)
    {
        reference = null;
        problem = ShapeProblem(text);
        if (problem is not null)
        {
            return false;
        }

        var (name, tag, digestText) = Split(text);
        var (registry, repository) = SplitName(name);
        Digest? digest = null;
        problem = RegistryProblem(registry)
            ?? RepositoryProblem(repository)
            ?? (tag is null ? null : TagProblem(tag));
        if (problem is null && digestText is not null && !Digest.TryParse(digestText, out digest))
        {
            problem = "the digest after @ must be sha256: and 64, or sha512: and 128, lower-case hexadecimal digits";
        }

        if (problem is not null)
        {
            return false;
        }

        reference = new ImageReference(registry, repository, tag ?? (digest is null ? "latest" : null), digest);
        return true;
    }

    private static string? ShapeProblem(string text)
    {
        if (text.Length == 0)
        {
            return "the image reference is empty; write registry/repository:tag";
        }

        if (text.Length > LongestText)
        {
            return $"the image reference has {text.Length} characters; at most {LongestText} are read";
        }

        if (text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
        {
            return "the image reference contains a space or a control character; remove it";
        }

        return text.Contains("://", StringComparison.Ordinal)
            ? "the image reference starts with a scheme; leave out the scheme and write registry/repository:tag" : null;
    }

    private static (string Name, string? Tag, string? Digest) Split(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var (rest, digest) = at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
        // A colon before the last slash belongs to the registry's port.
        var colon = rest.LastIndexOf(':');
        return colon > rest.LastIndexOf('/') ? (rest[..colon], rest[(colon + 1)..], digest) : (rest, null, digest);
    }

    private static (string Registry, string Repository) SplitName(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var isHost = first.AsSpan().ContainsAny('.', ':') || first == "localhost";
        // DNS does not know case; a canonical text should not either.
        var (registry, repository) = isHost ? (first.ToLowerInvariant(), name[(slash + 1)..]) : ("docker.io", name);
        registry = registry == "index.docker.io" ? "docker.io" : registry;
        var isOfficial = registry == "docker.io" && !repository.Contains('/', StringComparison.Ordinal);
        return (registry, isOfficial ? "library/" + repository : repository);
    }

    public static string? RegistryProblem(string registry)
    {
        var colon = registry.IndexOf(':', registry.IndexOf(']', StringComparison.Ordinal) + 1);
        var (host, port) = colon < 0 ? (registry, null) : (registry[..colon], registry[(colon + 1)..]);
        if (!(IsDnsName(host) || IsBracketedAddress(host)))
        {
            return "the registry must be a host name, an IPv4 address or an IPv6 address in brackets, with an optional :port"
                + " and without a user name";
        }

        return port is null || (ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            ? null : "the registry's port must be between 1 and 65535";
    }

    private static bool IsDnsName(string host) =>
        !host.AsSpan().ContainsAnyExcept(HostLetters)
        && host.Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-')
        // Labels and names that are too long, and numbers that are no IPv4 address.
        && Uri.CheckHostName(host) != UriHostNameType.Unknown;

    private static bool IsBracketedAddress(string host) => host.StartsWith('[') && host.EndsWith(']')
        && !host.AsSpan(1, host.Length - 2).ContainsAnyExcept(AddressLetters) && IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out _);

    private static string? RepositoryProblem(string repository)
    {
        if (repository.Length > LongestRepository)
        {
            return $"the repository's name has {repository.Length} characters; at most {LongestRepository} are allowed";
        }

        if (repository.Any(char.IsAsciiLetterUpper))
        {
            return "the repository's name must be lower case";
        }

        if (!repository.Split('/').All(part => IsPathComponent(part)))
        {
            return "the repository's name may have only a-z and 0-9, separated by '/', '.', '_', '__' or dashes";
        }

        return IsImageId(repository) ? "64 hexadecimal digits are an image's id, not a repository; write repository@sha256:…" : null;
    }

    /// <summary>Letters and digits, with single separators between them: <c>.</c>, <c>_</c>, <c>__</c> or any number of dashes.</summary>
    private static bool IsPathComponent(ReadOnlySpan<char> part)
    {
        while (true)
        {
            var word = part.IndexOfAnyExcept(WordLetters);
            if (word < 0)
            {
                return part.Length > 0;
            }

            var separator = part[word..];
            var next = separator.IndexOfAny(WordLetters);
            if (word == 0 || next < 0 || !(separator[..next] is "." or "_" or "__" || !separator[..next].ContainsAnyExcept('-')))
            {
                return false;
            }

            part = separator[next..];
        }
    }

    private static bool IsImageId(string repository) =>
        repository.StartsWith("library/", StringComparison.Ordinal) && Digest.TryParse("sha256:" + repository[8..], out _);

    private static string? TagProblem(string tag) =>
        tag.Length is 0 or > LongestTag || tag[0] is '.' or '-' || tag.AsSpan().ContainsAnyExcept(TagLetters)
            ? $"the tag after ':' must be 1 to {LongestTag} letters, digits, '_', '.' or '-', and start with neither '.' nor '-'" : null;
}
