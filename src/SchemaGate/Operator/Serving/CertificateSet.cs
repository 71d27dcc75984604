using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// The webhooks' certificate and the authorities that may have signed it, kept in a Secret, so that every replica serves with one that
/// the API server was told to trust; and the paths at which it asks.
/// </summary>
/// <param name="Authorities">The certificates to trust, PEM, the newest first.</param>
/// <param name="Authority">The newest with its key; null where there is none that can sign.</param>
/// <param name="Serving">What the webhooks serve with; null until the newest authority may be used.</param>
internal sealed record CertificateSet(IReadOnlyList<string> Authorities, KeyPair? Authority, KeyPair? Serving)
{
    public const string SecretName = "schemagate-webhook-tls";

    private const string AuthoritiesKey = "ca.crt";
    private const string AuthorityKeyKey = "ca.key";
    private const string CertificateKey = "tls.crt";
    private const string KeyKey = "tls.key";
    private const string TrustedKey = "ca.trusted";
    private const string PathsKey = "admission.paths";
    private const string UnaskedKey = "admission.unasked";

    /// <summary>When the API server was first seen to trust just these authorities; null where it was not yet.</summary>
    public DateTimeOffset? TrustedAt { get; init; }

    /// <summary>At which the webhooks answer.</summary>
    public AdmissionPaths Paths { get; init; } = AdmissionPaths.None;

    /// <summary>When nobody was asked, as <see cref="UnaskedTimes"/> writes it.</summary>
    public string Unasked { get; init; } = "";

    public string Bundle => string.Join("\n", Authorities) + "\n";

    /// <summary>Every authority that is trusted, PEM, each once: first those that vouch for what is served.</summary>
    /// <param name="trusted">What the API server was told to trust.</param>
    public IEnumerable<string> AllTrusted(IReadOnlyList<string> trusted)
    {
        string[] all = [.. Authorities, .. trusted];
        return (Serving?.SignedBy(all) ?? []).Concat(all).Distinct(StringComparer.Ordinal);
    }

    /// <summary>What is not there or cannot be read is absent.</summary>
    public static CertificateSet Read(V1Secret? secret)
    {
        IReadOnlyList<string> authorities = Split(Text(secret, AuthoritiesKey));
        return new(
            authorities,
            authorities is [string newest, ..] ? KeyPair.Read(newest, Text(secret, AuthorityKeyKey)) : null,
            KeyPair.Read(Text(secret, CertificateKey), Text(secret, KeyKey)))
        {
            TrustedAt = DateTimeOffset.TryParseExact(
                Text(secret, TrustedKey), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset at) ? at : null,
            Paths = AdmissionPaths.Read(Text(secret, PathsKey)),
            Unasked = Text(secret, UnaskedKey),
        };
    }

    public V1Secret ToSecret(string ns, string? resourceVersion) => new()
    {
        Metadata = new() { NamespaceProperty = ns, Name = SecretName, ResourceVersion = resourceVersion },
        Type = "kubernetes.io/tls",
        Data = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [AuthoritiesKey] = Encoding.ASCII.GetBytes(Bundle),
            [AuthorityKeyKey] = Encoding.ASCII.GetBytes(Authority?.KeyPem ?? ""),
            // The type wants both keys, if only empty.
            [CertificateKey] = Encoding.ASCII.GetBytes(Serving?.CertificatePem ?? ""),
            [KeyKey] = Encoding.ASCII.GetBytes(Serving?.KeyPem ?? ""),
            [TrustedKey] = Encoding.ASCII.GetBytes(TrustedAt?.ToString("O", CultureInfo.InvariantCulture) ?? ""),
            [PathsKey] = Encoding.ASCII.GetBytes(Paths.ToString()),
            [UnaskedKey] = Encoding.ASCII.GetBytes(Unasked),
        },
    };

    /// <summary>The certificates of a bundle, each as its PEM text; empty for what is no bundle.</summary>
    public static IReadOnlyList<string> Split(string bundle)
    {
        X509Certificate2Collection found = [];
        try
        {
            found.ImportFromPem(bundle);
        }
        catch (CryptographicException)
        {
            return [];
        }

        return [.. found.Select(certificate => certificate.ExportCertificatePem())];
    }

    private static string Text(V1Secret? secret, string key) => Encoding.ASCII.GetString(secret?.Data.Find(key) ?? []);
}
