using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SchemaGate.Operator.Serving;

/// <summary>A certificate with its private key, as PEM texts.</summary>
/// <param name="CertificatePem">The certificate.</param>
/// <param name="KeyPem">Its key, PKCS #8.</param>
/// <param name="Certificate">The two together.</param>
internal sealed record KeyPair(string CertificatePem, string KeyPem, X509Certificate2 Certificate)
{
    /// <summary>The clock of whoever verifies may be behind by this much.</summary>
    public static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public DateTimeOffset MadeAt => new DateTimeOffset(Certificate.NotBefore) + Backdated;

    public DateTimeOffset EndsAt => new(Certificate.NotAfter);

    /// <summary>Null where the texts are not a certificate and its key.</summary>
    public static KeyPair? Read(string certificatePem, string keyPem)
    {
        try
        {
            return new(certificatePem, keyPem, X509Certificate2.CreateFromPem(certificatePem, keyPem));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // The key may be another certificate's.
            return null;
        }
    }

    public static KeyPair NewAuthority(DateTimeOffset now, TimeSpan lifetime)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Two authorities of one name would be taken for each other while both are trusted.
        CertificateRequest request = new(
            $"CN=schemagate-webhook-ca-{RandomNumberGenerator.GetHexString(8, lowercase: true)}",
            key,
            HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 certificate = request.CreateSelfSigned(now - Backdated, now + lifetime);
        return Read(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem())!;
    }

    /// <summary>A server's certificate, signed by this authority, which it does not outlive.</summary>
    public KeyPair NewServing(ServingNames names, DateTimeOffset now, TimeSpan lifetime)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=schemagate-webhook", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.ToExtension());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        DateTimeOffset end = now + lifetime < EndsAt ? now + lifetime : EndsAt;
        using X509Certificate2 certificate = request.Create(Certificate, now - Backdated, end, RandomNumberGenerator.GetBytes(16));
        return Read(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem())!;
    }

    public bool Signed(KeyPair other) => other.SignedBy([CertificatePem]).Count > 0;

    /// <summary>
    /// Those of the authorities that vouch for this certificate, PEM: first who has signed it, then who has signed that one. Empty where
    /// none has signed it. The API server takes one in between for trusted, too, whether or not its root is there.
    /// </summary>
    /// <param name="authorities">As <see cref="CertificateSet.Split"/> reads them.</param>
    public IReadOnlyList<string> SignedBy(IEnumerable<string> authorities)
    {
        string[] given = [.. authorities];
        using X509Chain chain = new();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(given.Select(pem => X509Certificate2.CreateFromPem(pem)).ToArray());
        policy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        // A certificate may name an address to get its issuer from.
        policy.DisableCertificateDownloads = true;
        // Whether it has ended is another question.
        policy.VerificationTime = Certificate.NotBefore;
        return chain.Build(Certificate)
            // One that signed itself is alone.
            ? [.. chain.ChainElements.Skip(Math.Min(1, chain.ChainElements.Count - 1))
                .Select(each => each.Certificate.ExportCertificatePem())
                .TakeWhile(pem => given.Contains(pem, StringComparer.Ordinal))]
            : [];
    }
}
