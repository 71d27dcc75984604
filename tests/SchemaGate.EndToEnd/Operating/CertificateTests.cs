using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

public sealed class CertificateTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task A_lost_certificate_is_made_anew_and_no_request_is_refused_for_it()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using AdmissionProbe probe = new(shop);
        string before = await BundleAsync();

        await OperatorFixture.InNamespaceAsync("delete", "secret", "schemagate-webhook-tls");

        // Trust first, serve later, distrust last: the bundle grows, and in the end it is another.
        await Eventually.TrueAsync(async () => (await BundleAsync()).Length > before.Length + 100, () => "two authorities are trusted");
        await Eventually.TrueAsync(async () => await BundleAsync() is { } now && now != before && now.Length < before.Length + 100, () => "only the new authority is trusted");
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        await probe.EndAsync();
        Assert.Empty(probe.Failures);
    }

    private static Task<string> BundleAsync() => TestEnvironment.RunAsync(
        "kubectl", ["get", "mutatingwebhookconfiguration", "schemagate", "-o", "jsonpath={.webhooks[0].clientConfig.caBundle}"]);
}
