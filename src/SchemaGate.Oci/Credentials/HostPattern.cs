using System.IO.Enumeration;
using SchemaGate.Oci.Registries;

namespace SchemaGate.Oci.Credentials;

/// <summary>Which images a docker config's entry is for, by the rules that Kubernetes documents for image pull secrets
/// ("Interpretation of config.json") and that its kubelet has: scheme and <c>/v1/</c>, <c>/v2/</c> do not count, <c>*</c> stands for
/// (a part of) one label of the host, ports are equal, a path is a prefix.</summary>
internal sealed class HostPattern
{
    private readonly string[] labels;
    private readonly int? port;
    private readonly string path;

    private HostPattern(string host, int? port, string path) => (labels, this.port, this.path) = (host.Split('.'), port, path);

    /// <summary>More for a longer path, and among equal ones for fewer wildcards.</summary>
    public (int, int) Specificity => (path.Length, -labels.Sum(label => label.Count(letter => letter is '*' or '?')));

    public static HostPattern Parse(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var name = scheme < 0 ? key : key[(scheme + 3)..];
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var below = slash < 0 ? "" : name[slash..];
        below = below is "/v1" or "/v2" || below.StartsWith("/v1/", StringComparison.Ordinal)
            || below.StartsWith("/v2/", StringComparison.Ordinal)
            ? below[3..] : below;
        var (host, port) = AllowedHosts.SplitPort((slash < 0 ? name : name[..slash]).ToLowerInvariant());
        // Docker Hub's names, of which its own client writes the second, as https://index.docker.io/v1/.
        host = host is "registry-1.docker.io" or "index.docker.io" ? "docker.io" : host;
        return new HostPattern(host, port, below == "/" ? "" : below);
    }

    public bool Matches(ImageReference image)
    {
        var (host, imagePort) = AllowedHosts.SplitPort(image.Registry);
        var others = host.Split('.');
        return port == imagePort && labels.Length == others.Length
            && labels.Zip(others).All(pair => FileSystemName.MatchesSimpleExpression(pair.First, pair.Second, ignoreCase: false))
            && $"/{image.Repository}".StartsWith(path, StringComparison.Ordinal);
    }
}
