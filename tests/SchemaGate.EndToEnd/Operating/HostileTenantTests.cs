using System.Diagnostics;
using System.Globalization;
using System.Net;
using SchemaGate.EndToEnd.Registries;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>
/// What somebody with every right in one namespace, and none elsewhere, can do to everybody else. It measures the release of a good
/// tenant's rollout, and watches the operator's processes: it runs alone.
/// </summary>
[TestClass(DisableParallelization = true)]
[Trait("needs", "packages")]
public sealed class HostileTenantTests(OperatorFixture schemagate)
{
    private const string Hostile = "--as=hostile";

    /// <summary>The memory limit in config/operator/deployment.yaml, in KiB.</summary>
    private const long Limit = 384 * 1024;

    /// <summary>More than any reader of JSON takes by default.</summary>
    private const int Levels = 100;

    /// <summary>What a release may take longer for bad neighbours, on a machine of two cores that the neighbours load, too.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task A_good_tenants_release_comes_in_time_whatever_a_hostile_one_writes()
    {
        await using Shop before = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        await using Shop beside = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        TimeSpan alone = await ReleasedAsync(before);
        string lives = await LivesAsync();

        await using HostileRegistry registry = await HostileRegistry.StartAsync(IPAddress.Parse(TestEnvironment.Host));
        await using Shop hostile = await TenantAsync();
        await SlowViewsAsync(hostile);
        await GatesAsync(hostile, registry);
        await RubbishAsync(hostile);
        await Eventually.TrueAsync(() => Task.FromResult(registry.Asked > 8), () => $"its registry is asked: {registry.Asked} times");

        TimeSpan besides = await ReleasedAsync(beside);

        string figures = string.Create(
            CultureInfo.InvariantCulture, $"alone {alone.TotalSeconds:0.0} s, beside a hostile tenant {besides.TotalSeconds:0.0} s");
        await Console.Out.WriteLineAsync($"a release: {figures}");
        Assert.InRange(besides, TimeSpan.Zero, alone + Grace);
        Assert.Equal(lives, await LivesAsync());
        Assert.All(OperatorPod.Running(), pod => Assert.InRange(pod.Process.PeakMemory, 1, Limit));
    }

    /// <summary>Stored by an older version, or while no webhook was there to refuse it.</summary>
    [Fact]
    public async Task A_stored_gate_that_admission_would_refuse_closes_itself_and_every_replica_gets_ready()
    {
        await using Shop good = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        await using Shop hostile = await TenantAsync();
        (int code, _, string error) = await TryAsync(Deep(hostile));
        Assert.NotEqual(0, code);
        Assert.Contains("spec.migrate.resources must nest at most 32 levels", error, StringComparison.Ordinal);

        await schemagate.KillAsync();
        await Shop.KubectlAsync("delete", "mutatingwebhookconfiguration,validatingwebhookconfiguration", "schemagate");
        await ApplyAsync(hostile, Deep(hostile));
        await schemagate.StartAsync();

        await ReleasedAsync(good);
        await SaysAsync(hostile, "SpecInvalid");
        await hostile.InShopAsync("patch", "schemagate", "deep", "--type=json", "-p", """[{"op":"remove","path":"/spec/migrate"}]""");
        await SaysAsync(hostile, "MigrationsPending");
    }

    private static async Task SaysAsync(Shop shop, string reason)
    {
        string said = "";
        await Eventually.TrueAsync(
            async () => (said = await shop.InShopAsync("get", "schemagate", "deep", "-o", "jsonpath={.status.reason}")) == reason,
            () => $"the gate says {reason}; it says {said}");
    }

    /// <summary>From the last migration to the first ready pod that needed it.</summary>
    private static async Task<TimeSpan> ReleasedAsync(Shop shop)
    {
        await shop.MigrateAsync(Shop.First, Shop.Second);
        var watch = Stopwatch.StartNew();
        await Eventually.TrueAsync(
            async () => (await shop.PodsAsync()).Contains("v2:true", StringComparison.Ordinal), () => "a pod of version 2 is ready");
        return watch.Elapsed;
    }

    /// <summary>Pods and how often their containers began: the same afterwards where none ended.</summary>
    private static Task<string> LivesAsync() => OperatorFixture.InNamespaceAsync(
        "get", "pods", "-o", "jsonpath={range .items[*]}{.metadata.name}={.status.containerStatuses[0].restartCount} {end}");

    private async Task<Shop> TenantAsync()
    {
        Shop shop = await Shop.OpenAsync(schemagate);
        await shop.InShopAsync("create", "rolebinding", "hostile", "--clusterrole=admin", "--user=hostile");
        await shop.InShopAsync(
            "create", "role", "gates", "--verb=*", "--resource=schemagates.schemagate.dev,schemagates.schemagate.dev/status");
        await shop.InShopAsync("create", "rolebinding", "gates", "--role=gates", "--user=hostile");
        return shop;
    }

    /// <summary>A history that is a view: slow, or of a hundred thousand rows of ten kilobytes.</summary>
    private static async Task SlowViewsAsync(Shop shop)
    {
        for (int number = 1; number <= 4; number++)
        {
            string database = $"{shop.Namespace}-{number}";
            string row = number == 4 ? "repeat('x', 10000)" : "pg_sleep(10)::text";
            await Shop.CreateDatabaseAsync(database);
            await Shop.SqlAsync(
                $"""
                CREATE VIEW _prisma_migrations AS SELECT md5(i::text)::varchar(36) AS id, repeat('0', 64)::varchar(64) AS checksum,
                    now() AS finished_at, (i || {row})::varchar(255) AS migration_name, {row} AS logs,
                    NULL::timestamptz AS rolled_back_at, now() AS started_at, 1 AS applied_steps_count
                FROM generate_series(1, 100000) AS i
                """,
                database);
        }
    }

    private static async Task GatesAsync(Shop shop, HostileRegistry registry)
    {
        for (int number = 1; number <= 8; number++)
        {
            await ApplyAsync(shop, Gate(shop, $"slow-{number}", $"{registry.Address}/slow/schema-{number}:1", shop.DatabaseUrl));
        }

        await ApplyAsync(shop, Gate(shop, "fickle", $"{registry.Address}/fickle/schema:1", shop.DatabaseUrl));
        for (int number = 1; number <= 4; number++)
        {
            string url = Shop.UrlOf($"{shop.Namespace}-{number}");
            await ApplyAsync(shop, Gate(shop, $"view-{number}", shop.Images.Reference("1"), url));
        }
    }

    /// <summary>Whether each is taken or refused is the API server's and the operator's business; that it harms nobody is tested.</summary>
    private static async Task RubbishAsync(Shop shop)
    {
        await TryAsync(Deep(shop));
        await TryAsync(Gate(shop, "url", shop.Images.Reference("1"), new string('x', 900_000)));
        string large = new('y', 200_000);
        foreach (string annotation in (string[])["requires", "hold", "released", "open", "approve"])
        {
            await TryAsync($$"""
                apiVersion: v1
                kind: Pod
                metadata: { name: pod-{{annotation}}, namespace: {{shop.Namespace}}, labels: { schemagate.dev/gated: "true" },
                  annotations: { schemagate.dev/{{annotation}}: "{{large}}" } }
                spec: { containers: [ { name: app, image: "{{TestEnvironment.Registry}}/app:v1" } ] }
                """);
            await TryAsync(shop.DeploymentManifest("1").Replace(
                "metadata: { name: shop,",
                $$"""metadata: { name: d-{{annotation}}, annotations: { schemagate.dev/{{annotation}}: "{{large}}" },""",
                StringComparison.Ordinal));
        }
    }

    private static string Deep(Shop shop)
    {
        string deep = string.Concat(Enumerable.Repeat("""{"a":""", Levels)) + "1" + new string('}', Levels);
        return Gate(shop, "deep", shop.Images.Reference("1"), shop.DatabaseUrl, $"migrate: {{ resources: {deep} }},");
    }

    private static string Gate(Shop shop, string name, string image, string url, string spec = "") => $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: {{name}}, namespace: {{shop.Namespace}} }
        stringData: { DATABASE_URL: "{{url}}" }
        ---
        apiVersion: schemagate.dev/v1alpha1
        kind: SchemaGate
        metadata: { name: {{name}}, namespace: {{shop.Namespace}} }
        spec: { {{spec}} changelog: { image: "{{image}}", plainHttp: true, recheck: 2s },
          database: { urlFrom: { name: {{name}}, key: DATABASE_URL }, recheck: 1s } }
        """;

    private static Task<string> ApplyAsync(Shop shop, string manifest) =>
        Shop.ApplyManifestAsync(manifest, Hostile, "-n", shop.Namespace);

    private static Task<(int Code, string Output, string Error)> TryAsync(string manifest) =>
        TestEnvironment.TryAsync("kubectl", [.. TestEnvironment.Apply, Hostile], manifest);
}
