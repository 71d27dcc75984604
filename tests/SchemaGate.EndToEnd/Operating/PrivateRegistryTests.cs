using System.Net;
using System.Text;
using System.Text.Json;
using SchemaGate.EndToEnd.Registries;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>Registries that want a login, or are signed by somebody's own authority; and an operator that reads no other.</summary>
[Trait("needs", "packages")]
public sealed class PrivateRegistryTests(OperatorFixture schemagate)
{
    private const string Planted = "pl4nted-s3cret";

    [Fact]
    public async Task A_registry_with_a_password_is_read_with_the_gates_own_pull_secret()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using OwnRegistry registry = await OwnRegistry.StartAsync(hasPassword: true, host: IPAddress.Parse(TestEnvironment.Host));
        string image = await CopyAsync(shop, registry);

        await GateAsync(shop, $"image: \"{image}\", plainHttp: true, pullSecretRef: {{ name: login }}");
        Assert.Contains("There is no Secret login", await shop.GateSaysAsync("RegistryAccessDenied"), StringComparison.Ordinal);
        await LoginAsync(shop, $"{{ {Planted}");
        await SaysAsync(shop, "RegistryAccessDenied", "pullSecretRef: ");
        await LoginAsync(shop, Logins(registry, $"user:{Planted}"));
        await SaysAsync(shop, "RegistryAccessDenied", registry.Address);
        await LoginAsync(shop, Logins(registry, "user:password"));
        await SaysAsync(shop, "MigrationsPending", Shop.First);

        string everything = await shop.InShopAsync("get", "schemagates,events", "-o", "yaml") + await OperatorFixture.LogAsync();
        Assert.DoesNotContain(Planted, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{Planted}")), everything, StringComparison.Ordinal);
    }

    [Fact(DisableParallelization = true)]
    public async Task An_operator_reads_the_registries_that_it_may_and_trusts_the_authority_that_it_is_given()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        IPAddress host = IPAddress.Parse(TestEnvironment.Host);
        using PrivateAuthority authority = new(host);
        await using OwnRegistry registry = await OwnRegistry.StartAsync(authority, hasPassword: true, host: host);
        string image = await CopyAsync(shop, registry);
        await LoginAsync(shop, Logins(registry, "user:password"));
        string gate = $"image: \"{image}\", pullSecretRef: {{ name: login }}";
        await GateAsync(shop, gate);
        await SaysAsync(shop, "RegistryUnreachable", "trust its certificate's authority");

        await RestrictAsync(registry, authority);
        try
        {
            await SaysAsync(shop, "MigrationsPending", Shop.First);
            await shop.ApplyGateAsync("1");
            await SaysAsync(shop, "RegistryAccessDenied", "is not among the allowed hosts");
        }
        finally
        {
            await OperatorFixture.InNamespaceAsync("rollout", "undo", "deployment/schemagate");
            await OperatorFixture.WaitAsync();
        }
    }

    /// <summary>Gives the operator the flags, as an overlay of its manifests would.</summary>
    private static async Task RestrictAsync(OwnRegistry registry, PrivateAuthority authority)
    {
        // A run that was killed may have left one.
        await OperatorFixture.InNamespaceAsync("delete", "configmap", "registry-ca", "--ignore-not-found");
        await OperatorFixture.InNamespaceAsync(
            "create",
            "configmap",
            "registry-ca",
            $"--from-literal=ca.crt={authority.Certificate.ExportCertificatePem()}");
        string path = "/spec/template/spec";
        await OperatorFixture.InNamespaceAsync("patch", "deployment", "schemagate", "--type=json", "-p", $$"""
            [{"op":"add","path":"{{path}}/volumes","value":[{"name":"ca","configMap":{"name":"registry-ca"} }]},
             {"op":"add","path":"{{path}}/containers/0/volumeMounts","value":[{"name":"ca","mountPath":"/etc/registry"}]},
             {"op":"add","path":"{{path}}/containers/0/args/-","value":"--allow-registry={{registry.Address}}"},
             {"op":"add","path":"{{path}}/containers/0/args/-","value":"--registry-ca-file=/etc/registry/ca.crt"}]
            """);
        await OperatorFixture.WaitAsync();
    }

    private static async Task<string> CopyAsync(Shop shop, OwnRegistry registry)
    {
        string copy = $"{registry.Address}/{shop.Namespace}/schema:1";
        await ImageTool.RunAsync(
            "skopeo", "copy", "--quiet", "--src-tls-verify=false", "--dest-tls-verify=false", "--dest-creds", "user:password",
            $"docker://{shop.Images.Reference("1")}", $"docker://{copy}");
        return copy;
    }

    private static string Logins(OwnRegistry registry, string login) =>
        $$$"""{"auths":{"{{{registry.Address}}}":{"auth":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(login))}}}"} } }""";

    private static Task LoginAsync(Shop shop, string configuration) => Shop.ApplyManifestAsync($$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: login, namespace: {{shop.Namespace}} }
        stringData: { .dockerconfigjson: {{JsonSerializer.Serialize(configuration)}} }
        """);

    private static Task GateAsync(Shop shop, string changelog) => Shop.ApplyManifestAsync($$"""
        apiVersion: schemagate.dev/v1alpha1
        kind: SchemaGate
        metadata: { name: shop, namespace: {{shop.Namespace}} }
        spec:
          changelog: { {{changelog}}, recheck: 2s }
          database: { urlFrom: { name: shop-db, key: DATABASE_URL }, recheck: 1s }
        """);

    private static async Task SaysAsync(Shop shop, string reason, string mentions)
    {
        JsonElement status = default;
        await Eventually.TrueAsync(
            async () => (await shop.GateAsync()).TryGetProperty("status", out status) && status.GetProperty("reason").GetString() == reason
                && status.GetProperty("message").GetString()!.Contains(mentions, StringComparison.Ordinal),
            () => $"the gate says {reason} and {mentions}; it says {status}");
    }
}
