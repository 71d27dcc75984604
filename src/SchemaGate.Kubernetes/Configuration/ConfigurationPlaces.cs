namespace SchemaGate.Kubernetes.Configuration;

/// <summary>Where a configuration may be found.</summary>
/// <param name="Variable">The environment.</param>
/// <param name="Home">The user's directory.</param>
/// <param name="ServiceAccount">Where the kubelet mounts a pod's service account.</param>
internal sealed record ConfigurationPlaces(Func<string, string?> Variable, string Home, string ServiceAccount)
{
    public static ConfigurationPlaces OfThisProcess { get; } = new(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        "/var/run/secrets/kubernetes.io/serviceaccount");

    private string HomeKubeconfig => Path.Join(Home, ".kube", "config");

    /// <summary>
    /// The first of: the path, KUBECONFIG, the pod's own (unless a context is named, which a pod has none of), ~/.kube/config.
    /// </summary>
    public KubernetesConfiguration Load(string? path, string? context)
    {
        if (path is not null)
        {
            return Kubeconfig.Load([path]).Resolve(context);
        }

        // Named but missing is refused: what comes next would be another cluster.
        if (NamedKubeconfigs() is { Count: > 0 } named)
        {
            return Kubeconfig.Load(Existing(named)).Resolve(context);
        }

        var missing = "a context is named, so a pod's own configuration does not count";
        if (context is null && InCluster.Find(this, out missing) is { } pod)
        {
            return pod;
        }

        return File.Exists(HomeKubeconfig) ? Kubeconfig.Load([HomeKubeconfig]).Resolve(context) : throw YamlFile.Invalid(
            $"no way to a cluster is configured: no kubeconfig is named, KUBECONFIG is not set, {missing}, "
            + $"and {HomeKubeconfig} does not exist");
    }

    /// <summary>KUBECONFIG's files, else ~/.kube/config.</summary>
    public IReadOnlyList<string> Kubeconfigs() => Existing(NamedKubeconfigs() is { Count: > 0 } named ? named : [HomeKubeconfig]);

    private IReadOnlyList<string> NamedKubeconfigs() =>
        (Variable("KUBECONFIG") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static IReadOnlyList<string> Existing(IReadOnlyList<string> files)
    {
        var existing = files.Where(File.Exists).ToList();
        return existing.Count > 0 ? existing : throw YamlFile.Invalid(
            $"there is no kubeconfig: {string.Join(", ", files)} not found; set KUBECONFIG or name a file");
    }
}
