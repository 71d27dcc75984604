using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Kubernetes.Http;

/// <summary>Builds a pool of connections.</summary>
internal static class ConnectionHandler
{
    public static SocketsHttpHandler Create(
        KubernetesConfiguration configuration, X509Certificate2Collection authorities, ClientCertificate? certificate)
    {
        return new()
        {
            SslOptions = Tls(configuration.InsecureSkipTlsVerify, authorities, certificate),
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A Go server takes 100 or 250 streams on one connection, and a watch is a stream.
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
    }

    private static SslClientAuthenticationOptions Tls(
        bool insecure, X509Certificate2Collection authorities, ClientCertificate? certificate)
    {
        var options = new SslClientAuthenticationOptions();
        if (certificate is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate.Leaf, certificate.Chain, offline: true);
        }

        if (insecure)
        {
#pragma warning disable CA5359 // The kubeconfig asks for it by name.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (authorities.Count > 0)
        {
            options.CertificateChainPolicy = Trusting(authorities);
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
