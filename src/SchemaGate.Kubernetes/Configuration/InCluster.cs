namespace SchemaGate.Kubernetes.Configuration;

/// <summary>What a pod finds in itself: the API server's address in its environment, its service account's files in a directory.</summary>
internal static class InCluster
{
    private const int MaxAuthorityBytes = 1 << 20;
    private const int MaxNamespaceBytes = 1 << 10;

    /// <param name="places">Where to look.</param>
    /// <param name="missing">What is not there, where the answer is null.</param>
    /// <returns>Null outside of a pod, and in one without a service account's token.</returns>
    /// <exception cref="KubernetesException">InvalidConfiguration: it is there and cannot be used.</exception>
    public static KubernetesConfiguration? Find(ConfigurationPlaces places, out string missing)
    {
        var token = Path.Join(places.ServiceAccount, "token");
        missing = "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set, so this is not a pod";
        if (places.Variable("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host
            || places.Variable("KUBERNETES_SERVICE_PORT") is not { Length: > 0 } port)
        {
            return null;
        }

        missing = $"this pod has no {token} (is automountServiceAccountToken off?)";
        return File.Exists(token) ? Read(places.ServiceAccount, Server(host, port), token) : null;
    }

    private static KubernetesConfiguration Read(string directory, Uri server, string token)
    {
        var authority = Path.Join(directory, "ca.crt");
        var ns = Path.Join(directory, "namespace");
        return new()
        {
            Server = server,
            TokenFile = token,
            CertificateAuthorityFile = authority,
            CertificateAuthorities = Pem.Certificates(BoundedFile.ReadText(authority, MaxAuthorityBytes), authority),
            Namespace = File.Exists(ns) && BoundedFile.ReadText(ns, MaxNamespaceBytes).Trim() is { Length: > 0 } name ? name : "default",
        };
    }

    private static Uri Server(string host, string port)
    {
        // An IPv6 address stands bare in the variable.
        var address = $"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri
            : throw YamlFile.Invalid($"KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT make {address}, which is no address");
    }
}
