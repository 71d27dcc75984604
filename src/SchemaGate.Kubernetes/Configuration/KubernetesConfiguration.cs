using System.Security.Cryptography.X509Certificates;
using k8s.Models;

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

    /// <summary>
    /// Looked at again every ten seconds and after a refusal, because such tokens are rotated; goes before <see cref="Token"/>.
    /// </summary>
    public string? TokenFile { get; init; }

    /// <summary>Where <see cref="CertificateAuthorities"/> came from, if from a file: new connections trust what it holds then.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>In whose name to ask; who asks in truth must be allowed to impersonate them.</summary>
    public V1UserInfo? Impersonated { get; init; }

    /// <summary>The context's or the pod's namespace; "default" where it has none.</summary>
    public string Namespace { get; init; } = "default";

    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>The name that the server's certificate is for, where it is not the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    public Uri? Proxy { get; init; }

    internal ExecPlugin? Exec { get; init; }

    /// <summary>
    /// The first of: the kubeconfig at <paramref name="kubeconfigPath"/>, those of KUBECONFIG, the pod's service account where this
    /// is a pod, ~/.kube/config.
    /// </summary>
    /// <param name="kubeconfigPath">Null goes on to KUBECONFIG.</param>
    /// <param name="context">A kubeconfig's context; null takes its current one.</param>
    /// <exception cref="KubernetesException">
    /// InvalidConfiguration: what was found cannot be used, or all that was tried and is not there.
    /// </exception>
    public static KubernetesConfiguration Load(string? kubeconfigPath = null, string? context = null) =>
        ConfigurationPlaces.OfThisProcess.Load(kubeconfigPath, context);

    /// <summary>The names of the contexts of the kubeconfig at <paramref name="path"/>, else of those that kubectl would read.</summary>
    /// <exception cref="KubernetesException">InvalidConfiguration: it cannot be read.</exception>
    public static IEnumerable<string> ContextsOf(string? path = null) =>
        Kubeconfig.Load(path is null ? ConfigurationPlaces.OfThisProcess.Kubeconfigs() : [path]).Contexts;

    /// <summary>
    /// Reads a kubeconfig as kubectl does: <paramref name="path"/>, else the files of KUBECONFIG merged, else ~/.kube/config.
    /// Certificates, keys, tokens, token files, exec plugins and impersonation are supported; auth providers and passwords are refused.
    /// </summary>
    /// <param name="path">Null follows KUBECONFIG.</param>
    /// <param name="context">Null takes current-context.</param>
    /// <exception cref="KubernetesException">InvalidConfiguration: it cannot be read, or asks for what is not supported.</exception>
    public static KubernetesConfiguration FromKubeconfig(string? path = null, string? context = null) =>
        Kubeconfig.Load(path is null ? ConfigurationPlaces.OfThisProcess.Kubeconfigs() : [path]).Resolve(context);
}
