using k8s.Models;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// A certificate that somebody else makes and renews, as cert-manager leaves it in a Secret: <c>tls.crt</c> (those in between after it),
/// <c>tls.key</c>, <c>ca.crt</c> (https://cert-manager.io/docs/usage/certificate/#target-secret).
/// </summary>
/// <param name="Authorities">The certificates to trust, PEM: who signed it, and those in between, which are not served.</param>
/// <param name="Serving">What the webhooks are to serve with.</param>
internal sealed record ProvidedCertificate(IReadOnlyList<string> Authorities, KeyPair Serving)
{
    /// <param name="name">The Secret's.</param>
    /// <param name="secret">Null where it is not there.</param>
    /// <param name="names">Under which names the webhooks are reached: the first is verified.</param>
    /// <param name="now">The time.</param>
    /// <returns>The certificate; or null, and why it cannot be used.</returns>
    public static (ProvidedCertificate? Certificate, string Problem) Read(
        string name, V1Secret? secret, ServingNames names, DateTimeOffset now)
    {
        CertificateSet read = CertificateSet.Read(secret);
        (ProvidedCertificate? Certificate, string Problem) No(string why) => (null, $"the Secret {name} of --certificate-secret {why}");
        if (secret is null)
        {
            return No("is not there");
        }

        if (read.Serving is not { } serving)
        {
            return No("has no certificate and key in tls.crt and tls.key");
        }

        if (serving.EndsAt <= now)
        {
            return No($"has a certificate that has ended at {serving.EndsAt:yyyy-MM-dd HH:mm}Z");
        }

        if (!serving.Certificate.MatchesHostname(names.Hosts[0], allowWildcards: false))
        {
            return No($"has a certificate that is not for {names.Hosts[0]}");
        }

        IEnumerable<string> between = CertificateSet.Split(serving.CertificatePem).Skip(1);
        string[] authorities = [.. read.Authorities.Concat(between).Distinct(StringComparer.Ordinal)];
        return serving.SignedBy(authorities).Count > 0
            ? (new(authorities, serving), "")
            : No("has no certificate in ca.crt that has signed the one in tls.crt");
    }

    /// <summary>As <see cref="CertificatePlan.Next"/>: trust, serve, distrust.</summary>
    /// <param name="stored">What the operator's own Secret holds, which every replica serves with.</param>
    /// <param name="trusted">What the API server was told to trust.</param>
    /// <param name="now">The time.</param>
    public CertificatePlan Next(CertificateSet stored, IReadOnlyList<string> trusted, DateTimeOffset now)
    {
        int count = Authorities.Count;
        if (stored.Authority is not null || !stored.Authorities.Take(count).SequenceEqual(Authorities, StringComparer.Ordinal))
        {
            IEnumerable<string> earlier = stored.AllTrusted(trusted).Except(Authorities, StringComparer.Ordinal).Take(2);
            IReadOnlyList<string> all = [.. Authorities, .. earlier];
            return new CertificatePlan.Store(stored with { Authorities = all, Authority = null, TrustedAt = null });
        }

        if (!trusted.SequenceEqual(stored.Authorities, StringComparer.Ordinal))
        {
            return new CertificatePlan.Trust();
        }

        CertificateSet seen = stored.TrustedAt is null ? stored with { TrustedAt = now } : stored;
        bool isAlone = stored.Authorities.Count == count;
        bool isDue = stored.Serving?.CertificatePem != Serving.CertificatePem;
        bool isKnown = now - seen.TrustedAt >= CertificatePlan.Propagation;
        // Where nothing was trusted before, nobody is to be waited for.
        bool isFirst = isAlone && stored.Serving is null;
        if (isDue && (isFirst || isKnown))
        {
            // From now on, too, it takes a moment until every replica follows.
            return new CertificatePlan.Store(seen with { Serving = Serving, TrustedAt = now });
        }

        if (!ReferenceEquals(seen, stored))
        {
            return new CertificatePlan.Store(seen);
        }

        return !isAlone && !isDue && isKnown
            ? new CertificatePlan.Store(stored with { Authorities = Authorities, TrustedAt = null })
            : new CertificatePlan.Wait();
    }
}
