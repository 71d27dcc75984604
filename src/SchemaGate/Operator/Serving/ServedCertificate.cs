using System.Security.Cryptography.X509Certificates;
using k8s.Models;

namespace SchemaGate.Operator.Serving;

/// <summary>The certificate that new connections are served with: the newest that the Secret has held. Thread-safe.</summary>
internal sealed class ServedCertificate
{
    private volatile X509Certificate2? current;
    private volatile string? authorities;

    /// <summary>Null until there is one.</summary>
    public X509Certificate2? Current => current;

    /// <summary>Those that may have signed it, PEM; null until there are any.</summary>
    public string? Authorities => authorities;

    /// <summary>A Secret that was deleted or emptied takes nothing away: what is served is trusted still.</summary>
    public void Follow(V1Secret? secret)
    {
        CertificateSet read = CertificateSet.Read(secret);
        // The earlier one is not disposed: handshakes may be using it.
        current = read.Serving?.Certificate ?? current;
        authorities = read.Authorities.Count > 0 ? read.Bundle : authorities;
    }
}
