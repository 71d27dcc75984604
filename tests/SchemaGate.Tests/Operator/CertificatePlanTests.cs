using System.Security.Cryptography.X509Certificates;
using SchemaGate.Operator.Serving;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

public sealed class CertificatePlanTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ServingNames s_names = ServingNames.OfService("schemagate", "schemagate-system");

    /// <summary>A Secret, what the API server trusts, and what clients have been served with, as the plan changes them over time.</summary>
    private sealed class World
    {
        public CertificateSet Stored { get; set; } = CertificateSet.Read(null);

        public IReadOnlyList<string> Trusted { get; private set; } = [];

        public DateTimeOffset Now { get; set; } = s_start;

        /// <summary>What a replica serves with: the newest that it has seen.</summary>
        public X509Certificate2? Served { get; private set; }

        public List<string> Steps { get; } = [];

        /// <summary>Steps a second apart until nothing is left to be done; what is served must be trusted after each.</summary>
        public void Settle()
        {
            for (int quiet = 0; quiet < 15; Now += TimeSpan.FromSeconds(1))
            {
                CertificatePlan plan = CertificatePlan.Next(Stored, Trusted, s_names, Now);
                quiet = plan is CertificatePlan.Wait ? quiet + 1 : 0;
                if (plan is CertificatePlan.Store store)
                {
                    // As it is written and read again.
                    Stored = CertificateSet.Read(store.Set.ToSecret("schemagate-system", null));
                    Served = Stored.Serving?.Certificate ?? Served;
                }

                Trusted = plan is CertificatePlan.Trust ? Stored.Authorities : Trusted;
                Steps.Add(plan.GetType().Name);
                Assert.True(Served is null || Trusted.Count == 0 || Trusts(Served), $"not trusted after {string.Join(", ", Steps)}");
            }
        }

        private bool Trusts(X509Certificate2 certificate)
        {
            using X509Chain chain = new();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(Trusted.Select(pem => X509Certificate2.CreateFromPem(pem)).ToArray());
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.VerificationTime = Now.UtcDateTime;
            return chain.Build(certificate);
        }
    }

    private static World Settled()
    {
        World world = new();
        world.Settle();
        world.Steps.Clear();
        return world;
    }

    [Fact]
    public void The_first_certificate_is_there_at_once()
    {
        World world = new();
        world.Settle();
        Assert.Equal(["Store", "Trust", "Store"], world.Steps.Take(3), StringComparer.Ordinal);
        Assert.True(world.Served!.MatchesHostname("schemagate.schemagate-system.svc"));
        Assert.True(world.Served.HasPrivateKey);
        Assert.Single(world.Trusted);
    }

    [Fact]
    public void Nothing_is_done_while_nothing_ends()
    {
        World world = Settled();
        world.Now += TimeSpan.FromDays(59);
        world.Settle();
        Assert.All(world.Steps, step => Assert.Equal("Wait", step));
    }

    [Fact]
    public void A_certificate_is_renewed_a_month_before_its_end_by_the_same_authority()
    {
        World world = Settled();
        (X509Certificate2 before, IReadOnlyList<string> trusted) = (world.Served!, world.Trusted);
        world.Now += TimeSpan.FromDays(61);
        world.Settle();
        Assert.NotEqual(before.Thumbprint, world.Served!.Thumbprint, StringComparer.Ordinal);
        Assert.Equal(trusted, world.Trusted, StringComparer.Ordinal);
    }

    [Fact]
    public void A_new_authority_is_trusted_before_it_serves_and_the_old_one_until_nothing_is_served_with_it()
    {
        World world = Settled();
        string before = world.Trusted[0];
        world.Now += CertificatePlan.AuthorityLifetime - TimeSpan.FromDays(364);
        world.Stored = world.Stored with
        {
            Serving = world.Stored.Authority!.NewServing(
            s_names,
            world.Now,
            CertificatePlan.ServingLifetime)
        };
        world.Settle();
        Assert.Equal(["Store", "Trust"], world.Steps.Where(step => step != "Wait").Take(2), StringComparer.Ordinal);
        Assert.NotEqual(before, Assert.Single(world.Trusted), StringComparer.Ordinal);
    }

    [Fact]
    public void What_nobody_could_be_told_to_trust_for_long_is_served_only_when_it_was_trusted_for_long_enough()
    {
        World world = Settled();
        DateTimeOffset now = world.Now + CertificatePlan.AuthorityLifetime - TimeSpan.FromDays(364);
        CertificateSet stored = world.Stored with
        {
            Serving = world.Stored.Authority!.NewServing(s_names, now - CertificatePlan.ServingLifetime, TimeSpan.FromDays(1)),
        };
        stored = Assert.IsType<CertificatePlan.Store>(CertificatePlan.Next(stored, world.Trusted, s_names, now)).Set;
        now += TimeSpan.FromMinutes(1);
        Assert.IsType<CertificatePlan.Trust>(CertificatePlan.Next(stored, world.Trusted, s_names, now));

        CertificateSet seen = Assert.IsType<CertificatePlan.Store>(CertificatePlan.Next(stored, stored.Authorities, s_names, now)).Set;
        Assert.Same(stored.Serving, seen.Serving);
        Assert.IsType<CertificatePlan.Wait>(CertificatePlan.Next(seen, seen.Authorities, s_names, now));
        now += CertificatePlan.Propagation;
        Assert.NotSame(
            stored.Serving, Assert.IsType<CertificatePlan.Store>(CertificatePlan.Next(seen, seen.Authorities, s_names, now)).Set.Serving);
    }

    [Fact]
    public void However_many_are_trusted_who_has_signed_what_is_served_stays_one_of_them()
    {
        KeyPair[] earlier = [.. Enumerable.Range(0, 3).Select(_ => KeyPair.NewAuthority(s_start, TimeSpan.FromDays(365)))];
        KeyPair serving = earlier[2].NewServing(s_names, s_start, CertificatePlan.ServingLifetime);
        CertificateSet stored = new([.. earlier.Select(each => each.CertificatePem)], null, serving);
        CertificatePlan plan = CertificatePlan.Next(stored, stored.Authorities, s_names, s_start);
        CertificateSet next = Assert.IsType<CertificatePlan.Store>(plan).Set;
        Assert.Equal(
            [next.Authority!.CertificatePem, earlier[2].CertificatePem, earlier[0].CertificatePem],
            next.Authorities, StringComparer.Ordinal);
    }

    [Fact]
    public void A_deleted_secret_takes_no_trust_from_what_replicas_still_serve()
    {
        World world = Settled();
        string before = world.Served!.Thumbprint;
        world.Stored = CertificateSet.Read(null);
        world.Settle();
        Assert.NotEqual(before, world.Served!.Thumbprint, StringComparer.Ordinal);
        Assert.Single(world.Trusted);
    }

    [Fact]
    public void A_secret_full_of_rubbish_is_made_anew()
    {
        World world = Settled();
        world.Stored = CertificateSet.Read(new()
        {
            Data = new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                ["ca.crt"] = [0, 255, 1],
                ["ca.key"] = "no key"u8.ToArray(),
                ["tls.crt"] = []
            },
        });
        world.Settle();
        Assert.Single(world.Trusted);
    }

    [Fact]
    public void A_certificate_for_other_names_is_replaced()
    {
        World world = Settled();
        CertificatePlan plan = CertificatePlan.Next(world.Stored, world.Trusted, new(["127.0.0.1"]), world.Now);
        Assert.True(Assert.IsType<CertificatePlan.Store>(plan).Set.Serving!.Certificate.MatchesHostname("127.0.0.1"));
    }
}
