using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// The webhooks' certificate and the authority that signed it, made by SchemaGate itself and kept in a Secret, so that a restart and
/// every replica serve with the one that the API server was told to trust.
/// </summary>
internal sealed record ServingCertificate(X509Certificate2 Certificate, string AuthorityPem)
{
    private const string SecretName = "schemagate-webhook-tls";
    private const string AuthorityKey = "ca.crt";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>The stored certificate, or a new one where there is none, it ends soon, or it is for another host.</summary>
    public static async Task<ServingCertificate> EnsureAsync(
        KubernetesClient client, string ns, string host, DateTimeOffset now, CancellationToken cancellation)
    {
        Secret? stored = await client.FindAsync(Secret.Resource, ns, SecretName, cancellation);
        if (Read(stored) is { } usable && usable.Certificate.MatchesHostname(host) && usable.Certificate.NotAfter.ToUniversalTime() - now.UtcDateTime > RenewBefore)
        {
            return usable;
        }

        Secret made = Make(ns, host, now);
        try
        {
            made = stored is null
                ? await client.CreateAsync(Secret.Resource, made, cancellation)
                : await client.ReplaceAsync(
                    Secret.Resource, made with { Metadata = made.Metadata with { ResourceVersion = stored.Metadata.ResourceVersion } }, null, cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason is StatusReason.AlreadyExists or StatusReason.Conflict)
        {
            // Another replica was first: its certificate is as good.
            made = await client.GetAsync(Secret.Resource, ns, SecretName, cancellation);
        }

        return Read(made) ?? throw new KubernetesException(
            StatusReason.InvalidConfiguration, $"the Secret {ns}/{SecretName} holds no usable certificate; delete it, and it is made anew");
    }

    private static ServingCertificate? Read(Secret? secret)
    {
        try
        {
            return secret is null ? null : new(
                X509Certificate2.CreateFromPem(Text(secret, "tls.crt"), Text(secret, "tls.key")), Text(secret, AuthorityKey));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string Text(Secret secret, string key) => Encoding.ASCII.GetString(secret.Data.GetValueOrDefault(key) ?? []);

    private static Secret Make(string ns, string host, DateTimeOffset now)
    {
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authorityRequest = new("CN=schemagate-webhook-ca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        // An hour back: the API server's clock may be behind.
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(now.AddHours(-1), now + Lifetime);

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=schemagate-webhook", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 certificate = request.Create(authority, now.AddHours(-1), new DateTimeOffset(authority.NotAfter), RandomNumberGenerator.GetBytes(16));
        return new()
        {
            Metadata = new() { Namespace = ns, Name = SecretName },
            Type = "kubernetes.io/tls",
            Data = new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                ["tls.crt"] = Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()),
                ["tls.key"] = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()),
                [AuthorityKey] = Encoding.ASCII.GetBytes(authority.ExportCertificatePem()),
            },
        };
    }
}
