using System.Security.Cryptography.X509Certificates;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// What is to be done next about the certificates: trust first, serve later, distrust last, so that no request ever meets a certificate
/// that the API server does not trust.
/// </summary>
internal abstract record CertificatePlan
{
    public static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3650);
    public static readonly TimeSpan ServingLifetime = TimeSpan.FromDays(90);

    private static readonly TimeSpan AuthorityRenewal = TimeSpan.FromDays(365);
    private static readonly TimeSpan ServingRenewal = TimeSpan.FromDays(30);

    /// <summary>After it every API server follows the webhooks' new configuration, and every replica the new Secret.</summary>
    public static readonly TimeSpan Propagation = TimeSpan.FromSeconds(10);

    /// <summary>Store the set; what is trusted grows with it.</summary>
    internal sealed record Store(CertificateSet Set) : CertificatePlan;

    /// <summary>Tell the API server to trust the set's authorities.</summary>
    internal sealed record Trust : CertificatePlan;

    /// <summary>All is as it should be for now.</summary>
    internal sealed record Wait : CertificatePlan;

    /// <param name="stored">What the Secret holds.</param>
    /// <param name="trusted">What the API server was told to trust: its webhooks' CA bundle; empty where it was told nothing.</param>
    /// <param name="names">Under which names the webhooks are reached.</param>
    /// <param name="now">The time.</param>
    public static CertificatePlan Next(CertificateSet stored, IReadOnlyList<string> trusted, ServingNames names, DateTimeOffset now)
    {
        if (stored.Authority is not { } authority || authority.EndsAt - now < AuthorityRenewal)
        {
            KeyPair made = KeyPair.NewAuthority(now, AuthorityLifetime);
            // A certificate of an authority whose Secret is lost may still be served: the API server goes on trusting it.
            IEnumerable<string> earlier = stored.AllTrusted(trusted).Where(pem => !HasEnded(pem, now)).Take(2);
            return new Store(stored with { Authorities = [made.CertificatePem, .. earlier], Authority = made, TrustedAt = null });
        }

        if (!trusted.SequenceEqual(stored.Authorities, StringComparer.Ordinal))
        {
            return new Trust();
        }

        // From when it was trusted, however long that took: an API server follows what it was told a moment later.
        CertificateSet seen = stored.TrustedAt is null ? stored with { TrustedAt = now } : stored;
        bool alone = stored.Authorities.Count == 1;
        bool isDue = stored.Serving is not { } serving || serving.EndsAt - now < ServingRenewal || !names.AreIn(serving.Certificate)
            || !authority.Signed(serving);
        if (isDue && (alone || now - seen.TrustedAt >= Propagation))
        {
            return new Store(seen with { Serving = authority.NewServing(names, now, ServingLifetime) });
        }

        if (!ReferenceEquals(seen, stored))
        {
            return new Store(seen);
        }

        return !alone && !isDue && now - stored.Serving!.MadeAt >= Propagation
            ? new Store(stored with { Authorities = [authority.CertificatePem], TrustedAt = null })
            : new Wait();
    }

    private static bool HasEnded(string pem, DateTimeOffset now)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime;
    }
}
