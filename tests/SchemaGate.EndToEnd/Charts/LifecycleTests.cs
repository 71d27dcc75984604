using SchemaGate.EndToEnd.Support;
using SchemaGate.Operator.Serving;

namespace SchemaGate.EndToEnd.Charts;

/// <summary>Real Helms install, upgrade, roll back and take away the operator, while a gate is closed and a workload is held.</summary>
[TestClass(DisableParallelization = true)]
public sealed class LifecycleTests(OperatorFixture schemagate) : IAsyncLifetime
{
    private const string Earlier = "0.0.9";
    private const string Definition = "customresourcedefinition/schemagates.schemagate.dev";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>What a test that failed has left would be another test's operator.</summary>
    public async ValueTask DisposeAsync()
    {
        using Helm helm = new(Helm.Oldest);
        await helm.TryAsync("uninstall", Helm.Release, "--ignore-not-found", "--wait");
        await TestEnvironment.TryAsync("kubectl", [
            "annotate", Definition, "meta.helm.sh/release-name-", "meta.helm.sh/release-namespace-", "helm.sh/resource-policy-"]);
        await TestEnvironment.TryAsync("kubectl", ["label", Definition, "app.kubernetes.io/managed-by-"]);
        schemagate.Forget();
        await schemagate.StartAsync();
    }

    [Fact]
    public async Task Helm_3_takes_over_what_config_has_installed_and_what_is_held_stays_so_until_it_is_uninstalled()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: true);
        await using Shop paused = await Shop.WithPausedUpdateAsync(schemagate);
        using Helm helm = new(Helm.Oldest);

        await InstallAsync(helm, "--take-ownership");
        await shop.IsHeldAsync();
        await UpgradeAsync(helm);
        await shop.IsHeldAsync();
        Assert.True(await paused.PausedAsync());
        await helm.RunAsync("test", Helm.Release, "--timeout", "2m");
        await helm.RunAsync("rollback", Helm.Release, "1", "--wait", "--timeout", "4m");
        await OperatorFixture.WaitAsync();
        await shop.IsHeldAsync();

        await helm.RunAsync("uninstall", Helm.Release, "--wait", "--timeout", "4m");
        await shop.RunsAsync("2", 2);
        await paused.RunsAsync("2", 2);
        Assert.False(await paused.PausedAsync());
        await NothingIsLeftAsync();
        await shop.InShopAsync("get", "schemagate/shop");
    }

    /// <summary>In a cluster without it, for one namespace, with its one Secret by name; then with a certificate that is given.</summary>
    [Fact]
    public async Task Helm_4_installs_it_for_one_namespace_and_an_upgrade_and_a_rollback_let_nothing_go()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await schemagate.UninstallAsync();
        foreach (string folder in (string[])["webhook", "rbac"])
        {
            await Shop.KubectlAsync("delete", "--ignore-not-found", "-k", Path.Combine(TestEnvironment.Checkout, "config", folder));
        }

        await Shop.KubectlAsync("delete", "--ignore-not-found", "clusterrolebinding/schemagate");
        using Helm helm = new(Helm.Newest);
        string[] narrow =
        [
            "--set", $"watchNamespaces={{{shop.Namespace}}}", "--set", $"rbac.secretNames.{shop.Namespace}={{shop-db}}",
            "--set", "networkPolicy.enabled=true",
        ];
        // The definition is kubectl's, and an earlier one is applied over it.
        await InstallAsync(helm, ["--take-ownership", "--force-conflicts", .. narrow]);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("1", deploymentFirst: false);
        await shop.RunsAsync("1", 2);
        await shop.ApplyAsync("2", deploymentFirst: false);
        await shop.IsHeldAsync();

        string authority = await CertificateAsync("given");
        await UpgradeAsync(
            helm, ["--force-conflicts", .. narrow, "--set", "certificates.from=Secret", "--set", "certificates.secretName=given"]);
        await TrustsAsync(bundle => bundle == authority);
        await shop.IsHeldAsync();
        await helm.RunAsync("test", Helm.Release, "--timeout", "2m");
        await helm.RunAsync("rollback", Helm.Release, "1", "--force-conflicts", "--wait", "--timeout", "4m");
        await TrustsAsync(bundle => !bundle.Contains(authority, StringComparison.Ordinal));
        await shop.IsHeldAsync();
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.RunsAsync("2", 2);

        await helm.RunAsync("uninstall", Helm.Release, "--wait", "--timeout", "4m");
        await NothingIsLeftAsync();
        await shop.RunsAsync("2", 2);
    }

    /// <summary>An earlier version of the chart: its definition has a short name less.</summary>
    private static async Task InstallAsync(Helm helm, params string[] options)
    {
        string chart = Path.Combine(helm.Home, "earlier");
        await TestEnvironment.RunAsync("cp", ["-r", Helm.Chart, chart]);
        string file = Path.Combine(chart, "files/config/crd/schemagates.yaml");
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file)).Replace("shortNames: [sg, gate]", "shortNames: [sg]", StringComparison.Ordinal));
        await helm.RunAsync("package", chart, "--version", Earlier, "--app-version", Earlier, "--destination", helm.Home);
        await helm.RunAsync([
            "install", Helm.Release, Path.Combine(helm.Home, $"schemagate-{Earlier}.tgz"), "--wait", "--timeout", "4m", .. Values(),
            .. options]);
        await OperatorFixture.WaitAsync();
        Assert.Equal("""["sg"]""", await ShortNamesAsync());
    }

    /// <summary>To this version, as a registry has it.</summary>
    private static async Task UpgradeAsync(Helm helm, params string[] options)
    {
        string registry = $"oci://{TestEnvironment.Registry}/charts";
        await helm.RunAsync("package", Helm.Chart, "--destination", helm.Home);
        string package = Directory.EnumerateFiles(helm.Home, "schemagate-*.tgz")
            .Single(file => !file.EndsWith($"-{Earlier}.tgz", StringComparison.Ordinal));
        string version = Path.GetFileNameWithoutExtension(package)["schemagate-".Length..];
        await helm.RunAsync("push", package, registry, "--plain-http");
        await helm.RunAsync([
            "upgrade", Helm.Release, $"{registry}/schemagate", "--version", version, "--plain-http", "--wait", "--timeout", "4m",
            .. Values(), .. options]);
        await OperatorFixture.WaitAsync();
        Assert.Equal("""["sg","gate"]""", await ShortNamesAsync());
    }

    /// <summary>A Secret as cert-manager leaves it.</summary>
    /// <returns>Who signed the certificate in it, PEM.</returns>
    private static async Task<string> CertificateAsync(string secret)
    {
        KeyPair authority = KeyPair.NewAuthority(DateTimeOffset.UtcNow, TimeSpan.FromDays(30));
        KeyPair serving = authority.NewServing(
            ServingNames.OfService("schemagate", OperatorFixture.Namespace), DateTimeOffset.UtcNow, TimeSpan.FromDays(10));
        await OperatorFixture.InNamespaceAsync("delete", "secret", secret, "--ignore-not-found");
        await OperatorFixture.InNamespaceAsync(
            "create", "secret", "generic", secret, $"--from-literal=ca.crt={authority.CertificatePem}",
            $"--from-literal=tls.crt={serving.CertificatePem}", $"--from-literal=tls.key={serving.KeyPem}");
        return authority.CertificatePem;
    }

    private static async Task TrustsAsync(Func<string, bool> isWanted)
    {
        string bundle = "";
        string[] query =
        [
            "get", "validatingwebhookconfiguration", "schemagate", "-o",
            "go-template={{(index .webhooks 0).clientConfig.caBundle | base64decode}}",
        ];
        await Eventually.TrueAsync(
            async () => isWanted((bundle = await TestEnvironment.RunAsync("kubectl", query)).Trim()),
            () => $"another is trusted: {bundle}");
    }

    private static string[] Values()
    {
        string[] image = TestEnvironment.Image.Split('@');
        return
        [
            "--set", $"image.repository={image[0]}", "--set", $"image.digest={image[1]}", "--set", "operator.allowPlainHttp=true",
            // The tests' registry and databases.
            "--set", $"networkPolicy.httpsPorts={{443,6443,{Port(TestEnvironment.Registry)}}}",
            "--set", $"networkPolicy.databasePorts={{{new Uri(TestEnvironment.Database).Port}}}",
        ];
    }

    private static string Port(string address) => address[(address.LastIndexOf(':') + 1)..];

    private static Task<string> ShortNamesAsync() => Shop.KubectlAsync("get", Definition, "-o", "jsonpath={.spec.names.shortNames}");

    /// <summary>But the definition, the gates, and what is to be known when it is installed again.</summary>
    private static async Task NothingIsLeftAsync()
    {
        string left = await Shop.KubectlAsync(
            "get", "mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles,clusterrolebindings", "-o", "name");
        // The rights over Rollouts are not the release's: the tests of Rollouts apply them, and leave them.
        Assert.DoesNotContain(left.Split('\n'), name => name.Contains("schemagate", StringComparison.Ordinal)
            && !name.EndsWith("/schemagate-argo-rollouts", StringComparison.Ordinal));
        left = await OperatorFixture.InNamespaceAsync(
            "get", "deployments,jobs,services,serviceaccounts,roles,rolebindings,networkpolicies,poddisruptionbudgets", "-o", "name");
        Assert.DoesNotContain("schemagate", left, StringComparison.Ordinal);
        await Shop.KubectlAsync("get", Definition);
        await OperatorFixture.InNamespaceAsync("get", "secrets", "schemagate-record-key", "schemagate-webhook-tls");
    }
}
