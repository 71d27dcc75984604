using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>A user who may write gates, and not read Secrets.</summary>
public sealed class TenantTests(OperatorFixture schemagate)
{
    private const string Tenant = "--as=tenant";

    [Fact]
    public async Task A_gate_is_no_way_to_a_secret_and_does_not_tell_whether_there_is_one()
    {
        await using Shop shop = await TenantsAsync();

        string present = await RefusedAsync(shop, "shop-db");
        string absent = await RefusedAsync(shop, "shop-dc");

        Assert.Contains("tenant may not get the Secret shop-db, which spec.database.urlFrom.name names", present, StringComparison.Ordinal);
        Assert.Equal(present.Replace("shop-db", "shop-dc", StringComparison.Ordinal), absent);
        Assert.Empty(await shop.InShopAsync("get", "schemagates,jobs,pods", "-o", "name"));
    }

    [Fact]
    public async Task Somebody_elses_gate_cannot_be_pointed_elsewhere()
    {
        await using Shop shop = await TenantsAsync();
        await shop.ApplyGateAsync("1");

        (int code, _, string error) = await TestEnvironment.TryAsync("kubectl", [
            Tenant, "-n", shop.Namespace, "patch", "schemagate", "shop", "--type=merge",
            "-p", """{"spec":{"changelog":{"image":"evil.example.com/a:1"}}}"""]);
        Assert.NotEqual(0, code);
        Assert.Contains("may not get the Secret", error, StringComparison.Ordinal);
        // What is not read by anybody may be changed.
        await TestEnvironment.RunAsync("kubectl", [Tenant, "-n", shop.Namespace, "annotate", "schemagate", "shop", "note=mine"]);
    }

    [Fact]
    public async Task Who_may_edit_a_gate_may_not_make_it_let_more_through_and_who_does_is_named()
    {
        await using Shop shop = await TenantsAsync();
        await shop.ApplyGateAsync("1");
        string[] observing =
            ["-n", shop.Namespace, "patch", "schemagate", "shop", "--type=merge", "-p", """{"spec":{"enforcement":"Observe"}}"""];

        (int code, _, string error) = await TestEnvironment.TryAsync("kubectl", [Tenant, .. observing]);
        Assert.NotEqual(0, code);
        Assert.Contains("tenant may not override the SchemaGate shop", error, StringComparison.Ordinal);

        await Shop.KubectlAsync(observing);
        await Eventually.TrueAsync(
            async () => (await shop.InShopAsync("get", "events", "--field-selector=reason=Loosened", "-o", "jsonpath={.items[*].message}"))
                .Contains("spec.enforcement from Hold to Observe", StringComparison.Ordinal),
            () => "an event names who and what");
    }

    [Fact]
    public async Task A_pod_with_a_copied_hash_waits()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await Shop.ApplyManifestAsync(shop.PodManifest("copied", "pod-template-hash: 5d7f8c,"));
        Assert.Equal("true", await shop.InShopAsync("get", "pod/copied", "-o", @"jsonpath={.metadata.labels.schemagate\.dev/held}"));

        await shop.ApplyGateAsync("1");

        await shop.InShopAsync("wait", "pod/copied", "--for=condition=Ready", "--timeout=120s");
    }

    [Fact]
    public async Task Who_may_get_the_secret_may_write_the_gate()
    {
        await using Shop shop = await TenantsAsync();
        await shop.InShopAsync("create", "role", "reader", "--verb=get", "--resource=secrets", "--resource-name=shop-db");
        await shop.InShopAsync("create", "rolebinding", "reader", "--role=reader", "--user=tenant");

        await Shop.ApplyManifestAsync(Manifest(shop, "shop-db"), Tenant);
        await shop.GateSaysAsync("MigrationsPending");
    }

    private async Task<Shop> TenantsAsync()
    {
        Shop shop = await Shop.OpenAsync(schemagate);
        await shop.InShopAsync("create", "role", "gates", "--verb=get,create,patch,update", "--resource=schemagates.schemagate.dev");
        await shop.InShopAsync("create", "rolebinding", "gates", "--role=gates", "--user=tenant");
        return shop;
    }

    private static async Task<string> RefusedAsync(Shop shop, string secret)
    {
        (int code, _, string error) = await TestEnvironment.TryAsync("kubectl", [Tenant, "create", "-f", "-"], Manifest(shop, secret));
        Assert.NotEqual(0, code);
        return error;
    }

    private static string Manifest(Shop shop, string secret) => $$"""
        apiVersion: schemagate.dev/v1alpha1
        kind: SchemaGate
        metadata: { name: shop, namespace: {{shop.Namespace}} }
        spec:
          changelog: { image: "{{shop.Images.Reference("1")}}", plainHttp: true }
          database: { urlFrom: { name: {{secret}}, key: DATABASE_URL } }
        """;
}
