using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Benchmarks.Reconciling;

/// <summary>
/// A namespace with the demo's schema image, a migrated database, a gate and a gated Deployment, on the cluster of <c>tests/cluster/up</c>.
/// </summary>
internal sealed class BenchmarkShop : IAsyncDisposable
{
    private readonly string name;
    private readonly ScratchDatabase database;

    private BenchmarkShop(string name, ScratchDatabase database) => (this.name, this.database) = (name, database);

    public ObjectKey Gate => new(name, "shop");

    public Uri Database => database.Address;

    public static async Task<BenchmarkShop> OpenAsync()
    {
        string own = DemoSchema.NewName();
        BenchmarkShop shop = new(own, await DemoSchema.MigratedAsync(own));
        string image = await DemoSchema.PushAsync(own);
        await ChildProcess.RunAsync("kubectl", ["create", "namespace", own]);
        await shop.WriteSecretAsync(shop.Database);
        await ApplyAsync(shop.Manifest(image));
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
        await database.DisposeAsync();
    }

    private static Task ApplyAsync(string manifest) => ChildProcess.RunAsync("kubectl", ["apply", "-f", "-"], manifest);

    /// <summary>The rechecks are long, so that a measured step never resolves the tag again.</summary>
    private string Manifest(string image) => $$"""
        apiVersion: schemagate.dev/v1alpha1
        kind: SchemaGate
        metadata: { name: shop, namespace: {{name}} }
        spec:
          changelog: { image: "{{image}}", plainHttp: true, recheck: 1h }
          database: { urlFrom: { name: shop-db, key: DATABASE_URL }, recheck: 1h }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop, namespace: {{name}}, labels: { schemagate.dev/gated: "true" } }
        spec: { replicas: 1, selector: { matchLabels: { app: shop } }, template: {
          metadata: { labels: { app: shop, schemagate.dev/gated: "true" }, annotations: { schemagate.dev/requires: "shop={{image}}" } },
          spec: { containers: [ { name: app, image: "{{Needed.Registry}}/app:v1" } ] } } }
        """;
}
