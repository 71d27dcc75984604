using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using SchemaGate.Operator.Serving;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>A certificate that somebody else makes and renews, such as cert-manager.</summary>
public sealed class ProvidedCertificateTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ServingNames s_names = ServingNames.OfService("schemagate", "schemagate-system");

    private readonly KeyPair authority = KeyPair.NewAuthority(s_start, TimeSpan.FromDays(365));

    private CertificateSet stored = CertificateSet.Read(null);
    private IReadOnlyList<string> trusted = [];
    private DateTimeOffset trustedAt;
    private DateTimeOffset now = s_start;

    [Fact]
    public void It_is_trusted_and_then_served()
    {
        KeyPair serving = Serving(authority);
        Settle(Provided(authority, serving));
        Assert.Equal([authority.CertificatePem], trusted, StringComparer.Ordinal);
        Assert.Equal(serving.CertificatePem, stored.Serving!.CertificatePem);
        Assert.Null(stored.Authority);
    }

    [Fact]
    public void A_new_certificate_of_the_same_authority_is_served_at_once()
    {
        Settle(Provided(authority, Serving(authority)));
        KeyPair renewed = Serving(authority);
        Assert.Equal(renewed, Assert.IsType<CertificatePlan.Store>(Provided(authority, renewed).Next(stored, trusted, now)).Set.Serving);
    }

    /// <summary>Also of the operator's own, which it made before somebody else did.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_authority_is_trusted_before_its_certificate_is_served_and_the_earlier_one_until_after(bool isOwn)
    {
        KeyPair earlier = KeyPair.NewAuthority(s_start, TimeSpan.FromDays(365));
        stored = new([earlier.CertificatePem], isOwn ? earlier : null, Serving(earlier)) { TrustedAt = s_start };
        trusted = stored.Authorities;
        KeyPair serving = Serving(authority);
        ProvidedCertificate provided = Provided(authority, serving);
        Settle(provided);
        Assert.Equal(serving.CertificatePem, stored.Serving!.CertificatePem);
        Assert.Equal([authority.CertificatePem], trusted, StringComparer.Ordinal);
    }

    /// <summary>However many are trusted with it.</summary>
    [Fact]
    public void Who_has_signed_what_is_served_is_trusted_for_as_long_as_it_is_served()
    {
        KeyPair[] earlier = [.. Enumerable.Range(0, 3).Select(_ => KeyPair.NewAuthority(s_start, TimeSpan.FromDays(365)))];
        stored = new([.. earlier.Select(each => each.CertificatePem)], null, Serving(earlier[2])) { TrustedAt = s_start };
        trusted = stored.Authorities;
        Settle(Provided(authority, Serving(authority)));
        Assert.Equal([authority.CertificatePem], trusted, StringComparer.Ordinal);
    }

    [Fact]
    public void A_certificate_of_who_newly_stands_between_is_served_only_when_that_one_was_trusted_for_long_enough()
    {
        KeyPair root = Authority("root");
        Settle(Provided(root, Serving(root)));
        KeyPair between = Authority("between", root);
        KeyPair serving = Serving(between);
        ProvidedCertificate provided = new([root.CertificatePem, between.CertificatePem], serving);
        Settle(provided);
        Assert.Equal(serving.CertificatePem, stored.Serving!.CertificatePem);
        Assert.Equal(provided.Authorities, trusted, StringComparer.Ordinal);
    }

    /// <summary>Whoever goes back to the operator's own finds its way, too.</summary>
    [Fact]
    public void The_operator_s_own_follows_on_it()
    {
        Settle(Provided(authority, Serving(authority)));
        Settle(null);
        Assert.DoesNotContain(authority.CertificatePem, trusted, StringComparer.Ordinal);
        Assert.True(stored.Authority!.Signed(stored.Serving!));
    }

    /// <summary>With the root in ca.crt as cert-manager leaves it, or only who has signed it: the API server takes that.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void Who_stands_between_is_trusted_because_it_is_not_served(bool isRootThere, bool isInCertificate)
    {
        KeyPair root = Authority("root");
        KeyPair between = Authority("between", root);
        KeyPair serving = Serving(between);
        V1Secret secret = Secret(
            (isRootThere ? root.CertificatePem : "") + (isInCertificate ? "" : "\n" + between.CertificatePem),
            serving.CertificatePem + (isInCertificate ? "\n" + between.CertificatePem : ""), serving.KeyPem);
        (ProvidedCertificate? certificate, string problem) = ProvidedCertificate.Read("tls", secret, s_names, s_start);
        Assert.Empty(problem);
        Assert.Equal(
            isRootThere ? [root.CertificatePem, between.CertificatePem] : [between.CertificatePem],
            certificate!.Authorities, StringComparer.Ordinal);
        Assert.Equal(certificate.Authorities.Reverse(), certificate.Serving.SignedBy(certificate.Authorities), StringComparer.Ordinal);
    }

    /// <summary>Nor who only has the name of one that has.</summary>
    [Fact]
    public void A_root_without_who_stands_between_has_not_signed_it()
    {
        KeyPair root = Authority("root");
        KeyPair serving = Serving(Authority("between", root));
        foreach (KeyPair other in (KeyPair[])[root, Authority("between", root), Authority("between")])
        {
            Assert.EndsWith(
                "signed the one in tls.crt", Problem(Secret(other.CertificatePem, serving.CertificatePem, serving.KeyPem)),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_cannot_be_used_is_told()
    {
        KeyPair serving = Serving(authority);
        KeyPair stranger = KeyPair.NewAuthority(s_start, TimeSpan.FromDays(365));
        KeyPair other = authority.NewServing(ServingNames.OfService("other", "s"), s_start, TimeSpan.FromDays(90));
        Assert.EndsWith("is not there", Problem(null), StringComparison.Ordinal);
        Assert.EndsWith("in tls.crt and tls.key", Problem(Secret(authority.CertificatePem, "", "")), StringComparison.Ordinal);
        Assert.EndsWith(
            "in tls.crt and tls.key", Problem(Secret(authority.CertificatePem, serving.CertificatePem, other.KeyPem)),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "is not for schemagate.schemagate-system.svc", Problem(Secret(authority.CertificatePem, other.CertificatePem, other.KeyPem)),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "signed the one in tls.crt", Problem(Secret(stranger.CertificatePem, serving.CertificatePem, serving.KeyPem)),
            StringComparison.Ordinal);
        Assert.EndsWith("signed the one in tls.crt", Problem(Secret("", serving.CertificatePem, serving.KeyPem)), StringComparison.Ordinal);
        Assert.Contains(
            "has ended at 2026-04-02",
            ProvidedCertificate.Read(
                "tls", Secret(authority.CertificatePem, serving.CertificatePem, serving.KeyPem), s_names, s_start.AddDays(91)).Problem,
            StringComparison.Ordinal);
    }

    /// <summary>An authority of which others may be made, or, of a root, one that stands between.</summary>
    private static KeyPair Authority(string name, KeyPair? root = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        // The same whatever the key: only the signature tells two of one name apart.
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(Encoding.ASCII.GetBytes(name), false));
        DateTimeOffset from = s_start - KeyPair.Backdated;
        using X509Certificate2 certificate = root is null
            ? request.CreateSelfSigned(from, s_start.AddDays(365))
            : request.Create(root.Certificate, from, s_start.AddDays(180), RandomNumberGenerator.GetBytes(16));
        return KeyPair.Read(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem())!;
    }

    private static KeyPair Serving(KeyPair authority) => authority.NewServing(s_names, s_start, TimeSpan.FromDays(90));

    private static ProvidedCertificate Provided(KeyPair authority, KeyPair serving)
    {
        V1Secret secret = Secret(authority.CertificatePem, serving.CertificatePem, serving.KeyPem);
        (ProvidedCertificate? certificate, string problem) = ProvidedCertificate.Read("tls", secret, s_names, s_start);
        Assert.Empty(problem);
        return certificate!;
    }

    private static string Problem(V1Secret? secret) => ProvidedCertificate.Read("tls", secret, s_names, s_start).Problem;

    private static V1Secret Secret(string authorities, string certificate, string key) => new()
    {
        Data = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["ca.crt"] = Encoding.ASCII.GetBytes(authorities),
            ["tls.crt"] = Encoding.ASCII.GetBytes(certificate),
            ["tls.key"] = Encoding.ASCII.GetBytes(key),
        },
    };

    /// <summary>Steps a second apart until nothing is left to be done; what any replica may still serve is trusted after each.</summary>
    private void Settle(ProvidedCertificate? provided)
    {
        List<(X509Certificate2 Served, DateTimeOffset Until)> served = [];
        for (int quiet = 0; quiet < 15; now += TimeSpan.FromSeconds(1))
        {
            CertificatePlan plan = provided?.Next(stored, trusted, now) ?? CertificatePlan.Next(stored, trusted, s_names, now);
            quiet = plan is CertificatePlan.Wait ? quiet + 1 : 0;
            if (plan is CertificatePlan.Store store)
            {
                if (stored.Serving is { } before && before.CertificatePem != store.Set.Serving?.CertificatePem)
                {
                    // An API server follows what it was told a moment later.
                    Assert.True(now - trustedAt >= CertificatePlan.Propagation);
                    served.Add((before.Certificate, now + CertificatePlan.Propagation - TimeSpan.FromSeconds(1)));
                }

                // As it is written and read again.
                stored = CertificateSet.Read(store.Set.ToSecret("schemagate-system", null));
            }

            (trusted, trustedAt) = plan is CertificatePlan.Trust ? (stored.Authorities, now) : (trusted, trustedAt);
            served.RemoveAll(one => one.Until < now);
            Assert.All(
                served.Select(one => one.Served).Append(stored.Serving?.Certificate).OfType<X509Certificate2>(),
                certificate => Assert.True(trusted.Count == 0 || Trusts(certificate)));
        }
    }

    private bool Trusts(X509Certificate2 certificate)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted.Select(pem => X509Certificate2.CreateFromPem(pem)).ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificate);
    }
}
