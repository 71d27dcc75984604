using Npgsql;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Benchmarks.Reconciling;

/// <summary>A namespace with the demo's schema image, a migrated database, a gate and a gated Deployment, on the cluster of <c>tests/cluster/up</c>.</summary>
internal sealed class BenchmarkShop : IAsyncDisposable
{
    private static readonly string s_schema = Path.Combine(Checkout.Root, "config/demo/schema-v2");
    private readonly string name = $"bench-{Guid.NewGuid():N}"[..16];

    private BenchmarkShop()
    {
    }

    public ObjectKey Gate => new(name, "shop");

    public Uri Database => new UriBuilder(Needed("SCHEMAGATE_TEST_DATABASE")) { Path = name }.Uri;

    public static async Task<BenchmarkShop> OpenAsync()
    {
        BenchmarkShop shop = new();
        string repository = $"{shop.name}/schema:1";
        await ChildProcess.RunAsync(Path.Combine(Checkout.Root, "tests/cluster/push-image"), [s_schema, repository]);
        await SqlAsync($"CREATE DATABASE \"{shop.name}\"");
        await ChildProcess.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "schemagate"), ["migrate", s_schema, "--database", shop.Database.ToString()]);
        await ChildProcess.RunAsync("kubectl", ["create", "namespace", shop.name]);
        await shop.WriteSecretAsync(shop.Database);
        await ApplyAsync(shop.Manifest($"{Needed("SCHEMAGATE_TEST_REGISTRY")}/{repository}"));
        return shop;
    }

    public Task WriteSecretAsync(Uri database) => ApplyAsync($$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: shop-db, namespace: {{name}} }
        stringData: { DATABASE_URL: "{{database}}" }
        """);

    public async ValueTask DisposeAsync()
    {
        await ChildProcess.RunAsync("kubectl", ["delete", "namespace", name, "--wait=false"]);
        await SqlAsync($"DROP DATABASE \"{name}\" WITH (FORCE)");
    }

    private static Task ApplyAsync(string manifest) => ChildProcess.RunAsync("kubectl", ["apply", "-f", "-"], manifest);

    private static string Needed(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{variable} is not set; run: eval \"$(tests/cluster/up)\"");

    /// <summary>The rechecks are long, so that a measured step never resolves the tag again.</summary>
    private string Manifest(string image) => $$"""
        apiVersion: schemagate.dev/v1alpha1
        kind: SchemaGate
        metadata: { name: shop, namespace: {{name}} }
        spec: { changelog: { image: "{{image}}", plainHttp: true, recheck: 1h }, database: { urlFrom: { name: shop-db, key: DATABASE_URL }, recheck: 1h } }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop, namespace: {{name}}, labels: { schemagate.dev/gated: "true" } }
        spec: { replicas: 1, selector: { matchLabels: { app: shop } }, template: {
          metadata: { labels: { app: shop, schemagate.dev/gated: "true" }, annotations: { schemagate.dev/requires: "shop={{image}}" } },
          spec: { containers: [ { name: app, image: "{{Needed("SCHEMAGATE_TEST_REGISTRY")}}/app:v1" } ] } } }
        """;

    private static async Task SqlAsync(string sql)
    {
        Uri url = new(Needed("SCHEMAGATE_TEST_DATABASE"));
        string[] user = url.UserInfo.Split(':');
        NpgsqlConnectionStringBuilder settings = new()
        {
            Host = url.Host,
            Port = url.Port,
            Username = user[0],
            Password = Uri.UnescapeDataString(user[1]),
            Database = "postgres",
            Pooling = false,
        };
        await using NpgsqlConnection connection = new(settings.ConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // A name of the benchmark's own.
        await using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
