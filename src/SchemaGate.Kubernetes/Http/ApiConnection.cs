using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using k8s;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Kubernetes.Http;

/// <summary>
/// The package's client: its connections, its authentication, and of its requests the one that is of no type. What the package lacks is
/// set here: a silent death is noticed within half a minute, a redirect is not followed, an authority is trusted in the system's place.
/// </summary>
internal sealed class ApiConnection : k8s.Kubernetes
{
    private ApiConnection(KubernetesClientConfiguration configuration, params DelegatingHandler[] handlers) : base(configuration, handlers)
    {
    }

    /// <param name="configuration">Where the server is.</param>
    /// <param name="userAgent">As what the server knows this program.</param>
    /// <param name="credentials">Who asks.</param>
    /// <param name="authorities">Trusted from now on; a later one makes another connection.</param>
    /// <param name="certificate">The client's; likewise.</param>
    /// <param name="time">Tells how long a server asks to wait.</param>
    public static ApiConnection Open(
        KubernetesConfiguration configuration, string userAgent, CredentialSource credentials, X509Certificate2Collection authorities,
        ClientCertificate? certificate, TimeProvider time)
    {
        KubernetesClientConfiguration opened = new()
        {
            Host = configuration.Server.AbsoluteUri,
            TlsServerName = configuration.TlsServerName,
            SkipTlsVerify = configuration.InsecureSkipTlsVerify,
            UserAgent = userAgent,
            // As kubectl does: no credential goes over a connection that is not encrypted.
            TokenProvider = configuration.Server.Scheme == Uri.UriSchemeHttps ? credentials : null,
            FirstMessageHandlerSetup = handler => Set(handler, configuration, authorities, certificate),
        };
        return new(opened, new Fence { InnerHandler = new Refusals(time) });
    }

    /// <summary>Answers once the headers of a successful answer are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        SendRequestRaw("", request, cancellation);

    private static void Set(
        SocketsHttpHandler handler, KubernetesConfiguration configuration, X509Certificate2Collection authorities,
        ClientCertificate? certificate)
    {
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        // A server that moved behind the same name is found again, though watches keep old connections busy.
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(15);
        // A connection that died without a word would leave a watch waiting for ever.
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
        handler.Proxy = configuration.Proxy is { } proxy ? new WebProxy(proxy) : null;
        // Unlike others' this runtime's proxy variables would also divert the loopback.
        handler.UseProxy = configuration.Proxy is not null || !configuration.Server.IsLoopback;
        handler.SslOptions = Tls(configuration.InsecureSkipTlsVerify ? [] : authorities, certificate);
    }

    // The package would trust the system's authorities beside the kubeconfig's, and send the client's certificate without its chain.
    private static SslClientAuthenticationOptions Tls(X509Certificate2Collection authorities, ClientCertificate? certificate)
    {
        var options = new SslClientAuthenticationOptions { ClientCertificates = [] };
        if (certificate is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate.Leaf, certificate.Chain, offline: true);
        }

        if (authorities.Count > 0)
        {
            options.CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // A cluster's own authority publishes no revocation lists.
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return options;
    }
}
