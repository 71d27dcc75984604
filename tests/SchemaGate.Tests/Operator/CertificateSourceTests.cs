using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>The operator has a certificate of its own, and is told to take another's, which cannot be had.</summary>
public sealed class CertificateSourceTests
{
    private readonly ManualTime time = new();

    [Theory]
    [InlineData(404, "NotFound")]
    [InlineData(403, "Forbidden")]
    public async Task The_operator_s_own_certificate_is_renewed_while_the_other_one_cannot_be_had(int status, string reason)
    {
        KeyPair authority = KeyPair.NewAuthority(time.GetUtcNow(), CertificatePlan.AuthorityLifetime);
        KeyPair serving = authority.NewServing(new(["127.0.0.1"]), time.GetUtcNow(), CertificatePlan.ServingLifetime);
        CertificateSet stored = new([authority.CertificatePem], authority, serving) { TrustedAt = time.GetUtcNow() };
        Assert.IsType<CertificatePlan.Wait>(await NextAsync(stored, status, reason));
        time.Advance(TimeSpan.FromDays(61));
        CertificatePlan.Store plan = Assert.IsType<CertificatePlan.Store>(await NextAsync(stored, status, reason));
        Assert.True(plan.Set.Serving!.EndsAt > stored.Serving!.EndsAt);
        Assert.Equal(stored.Authorities, plan.Set.Authorities, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(404, "NotFound", "the Secret given of --certificate-secret is not there")]
    [InlineData(403, "Forbidden", "secrets/given")]
    public async Task Where_nothing_is_served_yet_it_is_told_why(int status, string reason, string told)
    {
        KubernetesException exception = await Assert.ThrowsAsync<KubernetesException>(
            () => NextAsync(CertificateSet.Read(null), status, reason));
        Assert.Equal(StatusReason.InvalidConfiguration, exception.Reason);
        Assert.Contains(told, exception.Message, StringComparison.Ordinal);
    }

    private async Task<CertificatePlan> NextAsync(CertificateSet stored, int status, string reason)
    {
        await using FakeApiServer api = await FakeApiServer.StartAsync();
        api.List(FakeApiServer.Text(status, $$"""{"kind":"Status","status":"Failure","reason":"{{reason}}","code":{{status}}}"""));
        using KubernetesClient client = api.Client();
        OperatorOptions options = new(
            "s", new(IPAddress.Loopback, 9443), new WebhookEndpoint.Outside(new("https://127.0.0.1:9443")))
        {
            Identity = "test",
            Pod = new("s", "new-1"),
            CertificateSecret = "given",
        };
        CertificateSource source = new(new(options, client, new(new byte[32]), NullLoggerFactory.Instance, time));
        return await source.NextAsync(stored, stored.Authorities, time.GetUtcNow(), TestContext.Current.CancellationToken);
    }
}
