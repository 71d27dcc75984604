using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>Somebody deletes what the operator keeps for itself.</summary>
[TestClass(DisableParallelization = true)]
public sealed class OwnSecretTests(OperatorFixture schemagate)
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
        await Eventually.TrueAsync(
            async () => await BundleAsync() is { } now && now != before && now.Length < before.Length + 100,
            () => "only the new authority is trusted");
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        await probe.EndAsync();
        Assert.Empty(probe.Failures);
    }

    [Fact]
    public async Task A_lost_record_key_is_put_back_and_what_it_sealed_counts_on()
    {
        await schemagate.StartAsync();
        string before = await RecordKeyAsync();
        Assert.NotEmpty(before);

        await OperatorFixture.InNamespaceAsync("delete", "secret", "schemagate-record-key");

        string now = "";
        await Eventually.TrueAsync(async () => (now = await RecordKeyAsync()).Length > 0, () => "the key is there again");
        Assert.Equal(before, now);
    }

    private static Task<string> RecordKeyAsync() =>
        OperatorFixture.InNamespaceAsync("get", "secret", "schemagate-record-key", "--ignore-not-found", "-o", "jsonpath={.data}");

    private static Task<string> BundleAsync() => TestEnvironment.RunAsync(
        "kubectl", ["get", "mutatingwebhookconfiguration", "schemagate", "-o", "jsonpath={.webhooks[0].clientConfig.caBundle}"]);
}
