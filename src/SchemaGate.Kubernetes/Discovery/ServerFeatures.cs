namespace SchemaGate.Kubernetes.Discovery;

/// <summary>What a server has. A field that a feature gate hides does not show here: read a written object back to see it.</summary>
/// <param name="GitVersion">"v1.20.2", and what a distribution adds.</param>
/// <param name="Major">0 where the server's is no number.</param>
/// <param name="Minor">0 where the server's is no number.</param>
/// <param name="Served">Every resource and subresource.</param>
/// <param name="Unreadable">The groups and versions ("metrics.k8s.io/v1beta1") whose resources could not be read, and why.</param>
public sealed record ServerFeatures(
    string GitVersion, int Major, int Minor, IReadOnlySet<ServedResource> Served, IReadOnlyDictionary<string, string> Unreadable)
{
    public bool IsAtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);

    /// <param name="group">"" for the core group.</param>
    /// <param name="version">"v1".</param>
    /// <param name="resource">The plural, "pods"; a subresource as "pods/eviction".</param>
    public bool Has(string group, string version, string resource) => Served.Contains(new(group, version, resource));
}

public readonly record struct ServedResource(string Group, string Version, string Resource);
