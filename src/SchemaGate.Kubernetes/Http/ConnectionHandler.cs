using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Kubernetes.Http;

/// <summary>Builds the one pool of connections that a client has.</summary>
internal static class ConnectionHandler
{
    public static SocketsHttpHandler Create(KubernetesConfiguration configuration) => new()
    {
        SslOptions = Tls(configuration),
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        EnableMultipleHttp2Connections = true,
        // A server that moved behind the same name is found again, though watches keep old connections busy.
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        // A connection that died without a word would leave a watch waiting for ever.
        KeepAlivePingDelay = TimeSpan.FromSeconds(15),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        Proxy = configuration.Proxy is { } proxy ? new WebProxy(proxy) : null,
        // Unlike others' this runtime's proxy variables would also divert the loopback.
        UseProxy = configuration.Proxy is not null || !configuration.Server.IsLoopback,
    };

    private static SslClientAuthenticationOptions Tls(KubernetesConfiguration configuration)
    {
        var options = new SslClientAuthenticationOptions();
        if (configuration.ClientCertificate is { } certificate)
        {
            options.ClientCertificateContext =
                SslStreamCertificateContext.Create(certificate, configuration.ClientCertificateChain, offline: true);
        }

        if (configuration.InsecureSkipTlsVerify)
        {
#pragma warning disable CA5359 // The kubeconfig asks for it by name.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (configuration.CertificateAuthorities.Count > 0)
        {
            options.CertificateChainPolicy = Trusting(configuration.CertificateAuthorities);
        }

        return options;
    }

    private static X509ChainPolicy Trusting(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A cluster's own authority publishes no revocation lists.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
