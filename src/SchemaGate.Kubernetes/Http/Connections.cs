using System.Security.Cryptography.X509Certificates;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Kubernetes.Http;

/// <summary>
/// The package's client, and a new one in its place once the authorities or the client's certificate have been replaced: it takes both
/// only when it is made. What runs on the old one ends there.
/// </summary>
internal sealed class Connections(
    KubernetesConfiguration configuration, string userAgent, CredentialSource credentials, TimeProvider time) : IDisposable
{
    private const int MaxAuthorityBytes = 1 << 20;

    private readonly Lock gate = new();
    private readonly RotatedFile? file = configuration is { CertificateAuthorityFile: { } path, InsecureSkipTlsVerify: false }
        ? new(path, MaxAuthorityBytes, time)
        : null;

    private X509Certificate2Collection authorities = configuration.CertificateAuthorities;
    private string? read;
    private Opened? current;
    private Opened? previous;

    public ApiConnection For(ClientCertificate? certificate)
    {
        lock (gate)
        {
            RenewAuthorities();
            if (current is null || current.Authorities != authorities || current.Leaf?.Thumbprint != certificate?.Leaf.Thumbprint)
            {
                // Not yet the one that is replaced now: a request may be about to use it.
                previous?.Connection.Dispose();
                previous = current;
                current = new(
                    ApiConnection.Open(configuration, userAgent, credentials, authorities, certificate, time),
                    authorities,
                    certificate?.Leaf);
            }

            return current.Connection;
        }
    }

    public void Dispose()
    {
        previous?.Connection.Dispose();
        current?.Connection.Dispose();
    }

    private void RenewAuthorities()
    {
        try
        {
            if (file?.Text() is { } text && text != read)
            {
                read = text;
                authorities = Pem.Certificates(text, configuration.CertificateAuthorityFile!);
            }
        }
        catch (KubernetesException) when (authorities.Count > 0)
        {
            // Half written, or gone: those that were read last still count.
        }
    }

    private sealed record Opened(ApiConnection Connection, X509Certificate2Collection Authorities, X509Certificate2? Leaf);
}
