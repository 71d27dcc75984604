using System.Globalization;

namespace SchemaGate.Oci.Registries;

/// <summary>The hosts that may be connected to; none listed means all.</summary>
internal sealed class AllowedHosts
{
    private readonly IReadOnlyList<Pattern> patterns;

    private AllowedHosts(IReadOnlyList<Pattern> patterns) => this.patterns = patterns;

    /// <exception cref="OciException">Invalid: a pattern is none.</exception>
    public static AllowedHosts Parse(IReadOnlyCollection<string> texts) =>
        new([.. texts.Select(text => ParseOne(text.ToLowerInvariant()))]);

    public bool Allows(Uri address) => patterns.Count == 0 || patterns.Any(pattern => pattern.Matches(address));

    private static Pattern ParseOne(string text)
    {
        var below = text.StartsWith("*.", StringComparison.Ordinal);
        var (host, port) = SplitPort(below ? text[2..] : text);
        if (ReferenceGrammar.RegistryProblem(below ? text[2..] : text) is not null)
        {
            throw new OciException(OciFailure.Invalid, $"{OciException.Quote(text)} is no pattern for hosts; "
                + "write a host name, *.name for every host below a name, and :port where it is not the standard one");
        }

        // Docker Hub's registry is not at the name that its references have.
        return new Pattern(!below && host is "docker.io" or "index.docker.io" ? "registry-1.docker.io" : host, below, port);
    }

    /// <summary>Host and port of <c>host[:port]</c>; the colons of a bracketed address are none of a port.</summary>
    public static (string Host, int? Port) SplitPort(string text)
    {
        var colon = text.IndexOf(':', text.IndexOf(']', StringComparison.Ordinal) + 1);
        return colon >= 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (text[..colon], port) : (text, null);
    }

    private sealed record Pattern(string Host, bool Below, int? Port)
    {
        /// <summary>A pattern without a port is not a way to every service of its host.</summary>
        public bool Matches(Uri address)
        {
            bool isPort = Port is { } port ? address.Port == port : address.IsDefaultPort;
            return isPort && (Below
                ? address.Host.EndsWith("." + Host, StringComparison.OrdinalIgnoreCase)
                : address.Host.Equals(Host, StringComparison.OrdinalIgnoreCase));
        }
    }
}
