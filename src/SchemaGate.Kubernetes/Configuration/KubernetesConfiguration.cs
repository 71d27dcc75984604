using System.Security.Cryptography.X509Certificates;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>Where the API server is and who asks. Not a record: printing one would print the token.</summary>
public sealed class KubernetesConfiguration
{
    public required Uri Server { get; init; }

    /// <summary>Trusted for the server's certificate in place of the system's; the system's where empty.</summary>
    public X509Certificate2Collection CertificateAuthorities { get; init; } = [];

    /// <summary>With its private key.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>What links the client certificate to its authority, sent along with it.</summary>
    public X509Certificate2Collection ClientCertificateChain { get; init; } = [];

    public string? Token { get; init; }

    /// <summary>Read for every request, because such tokens are rotated; goes before <see cref="Token"/>.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The context's namespace; "default" where it has none.</summary>
    public string Namespace { get; init; } = "default";

    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>The name that the server's certificate is for, where it is not the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    public Uri? Proxy { get; init; }

    /// <summary>
    /// Reads a kubeconfig as kubectl does: <paramref name="path"/>, else the files of KUBECONFIG merged, else ~/.kube/config.
    /// Certificates, keys, tokens and token files are supported; exec plugins, auth providers, user names and impersonation are refused.
    /// </summary>
    /// <param name="path">Null follows KUBECONFIG.</param>
    /// <param name="context">Null takes current-context.</param>
    /// <exception cref="KubernetesException">InvalidConfiguration: it cannot be read, or asks for what is not supported.</exception>
    public static KubernetesConfiguration FromKubeconfig(string? path = null, string? context = null) =>
        Kubeconfig.Load(Kubeconfig.Files(path)).Resolve(context);
}
