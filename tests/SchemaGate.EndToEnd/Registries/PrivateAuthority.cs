using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SchemaGate.EndToEnd.Registries;

/// <summary>An authority of one test, and the certificate that it issued for where a registry listens.</summary>
internal sealed class PrivateAuthority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <param name="host">Whom the certificate is for; null is 127.0.0.1.</param>
    public PrivateAuthority(IPAddress? host = null)
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1));
        var request = new CertificateRequest("CN=schemagate test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        Certificate = request.CreateSelfSigned(from, until);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(host ?? IPAddress.Loopback);
        var server = new CertificateRequest("CN=registry", serverKey, HashAlgorithmName.SHA256);
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var issued = server.Create(Certificate, from, until, [1]);
        Server = issued.CopyWithPrivateKey(serverKey);
        ServerKeyPem = serverKey.ExportPkcs8PrivateKeyPem();
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2 Server { get; }

    public string ServerKeyPem { get; }

    /// <summary>An ES256 signature (RFC 7518, 3.4).</summary>
    public byte[] Sign(byte[] data) => key.SignData(data, HashAlgorithmName.SHA256);

    public void Dispose()
    {
        Server.Dispose();
        Certificate.Dispose();
        key.Dispose();
    }
}
