using System.Globalization;
using System.Text.Json.Nodes;
using SchemaGate.Tests.Cli;
using SchemaGate.Tests.Oci;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>
/// A Deployment with two revisions on record, its gate, and the changelog images that they require: the first migration in 1, one that
/// drops a column beside it in 2, and one that harms nobody in 3.
/// </summary>
internal sealed class GoBackShop : IAsyncDisposable
{
    public const string First = "20250101000000_orders";
    public const string Drop = "20250201000000_drop_total";
    public const string Add = "20250201000000_add_paid";

    private readonly FakeRegistry _registry = new();
    private LoopbackRegistry _server = null!;

    public StoredCluster Cluster { get; private set; } = null!;

    public static async Task<GoBackShop> OpenAsync()
    {
        GoBackShop shop = new() { Cluster = await StoredCluster.StartAsync() };
        shop._server = await LoopbackRegistry.StartAsync(shop._registry);
        (string, string) first = (First, "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric, note text);");
        shop.Push("1", first);
        shop.Push("2", first, (Drop, "-- It is no longer read.\nALTER TABLE orders DROP COLUMN total;\n"));
        shop.Push("3", first, (Add, "ALTER TABLE orders ADD COLUMN paid boolean;"));
        shop.Gate("2", []);
        shop.Revision(1, "1", DateTime.UtcNow.AddHours(-1));
        shop.Revision(2, "2", DateTime.UtcNow);
        shop.Cluster.Add(StoredCluster.Deployments, "shop", shop.Workload("d-1", "2", ""));
        return shop;
    }

    public string Image(string tag) => $"{_server.Repository}:{tag}";

    /// <returns>The image's digest.</returns>
    public string Push(string tag, params (string Name, string Sql)[] migrations) => _registry.PushManifest(FakeRegistry.Manifest(
        _registry.Blob(FakeRegistry.TarGzip, Archive.Gzip(Archive.Tar([.. migrations.Select(migration =>
            ($"prisma/migrations/{migration.Name}/migration.sql", migration.Sql))])))), tag).ToString();

    /// <param name="tag">Of its image.</param>
    /// <param name="pending">What its status says is not applied.</param>
    /// <param name="identity">Of its database; null where it was never read.</param>
    /// <param name="released">Of its status, as JSON.</param>
    /// <param name="spec">More of its spec, as JSON behind a comma.</param>
    /// <param name="required">How many migrations the image has.</param>
    public void Gate(
        string tag, string[] pending, string? identity = "7/shop/public", string released = "", string spec = "", int required = 2) =>
        Cluster.Add(StoredCluster.Gates, "shop", JsonNode.Parse($$"""
            {"metadata": {"namespace": "shop", "uid": "g", "generation": 1},
             "spec": {"changelog": {"image": "{{Image(tag)}}"},
              "database": {"urlFrom": {"name": "shop-db", "key": "DATABASE_URL"} }{{spec}} },
             "status": {"observedGeneration": 1, "verdict": "Open", "reason": "Open", "message": "m",
              "changelog": {"image": "{{Image(tag)}}"},
              "database": {"source": "shop-db/DATABASE_URL"{{(identity is null ? "" : $", \"identity\": \"{identity}\"")}} },
              "migrations": {"required": {{required.ToString(CultureInfo.InvariantCulture)}}, "applied": 1,
               "pending": [{{string.Join(',', pending.Select(name => $"\"{name}\""))}}]},
              "released": [{{released}}]} }
            """)!.AsObject());

    /// <summary>It judges this database, and says that all of its image's migrations are applied.</summary>
    public async Task GateAsync(string tag, TestDatabase database, int required = 2)
    {
        Outcome outcome = await Schemagate.RunAsync(["status", "--database", database.UrlText(), "--output", "json"]);
        Gate(tag, [], (string?)JsonNode.Parse(outcome.Output)!["identity"], required: required);
    }

    public void Revision(int number, string tag, DateTime made)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        JsonObject set = Workload($"r-{text}", tag, $$"""
            , "creationTimestamp": "{{made:yyyy-MM-ddTHH:mm:ssZ}}", "annotations": {"deployment.kubernetes.io/revision": "{{text}}"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop", "uid": "d-1", "controller": true}]
            """);
        set["spec"]!["replicas"] = 0;
        Cluster.Add(StoredCluster.ReplicaSets, $"shop-{text}", set);
    }

    /// <summary>The command, with whatever it needs of this cluster and registry.</summary>
    public Task<Outcome> ExplainAsync(params string[] args) =>
        Cluster.RunAsync(new Schemagate(), ["explain", .. args, "-n", "shop", "--plain-http"]);

    /// <summary>Of the Deployment, as JSON.</summary>
    public async Task<JsonNode> ToAsync(string tag, params string[] args)
    {
        Outcome outcome = await ExplainAsync(["deployment/shop", "--to", Image(tag), "--output", "json", .. args]);
        Assert.True(outcome.Error.Length == 0, outcome.Error);
        JsonNode report = JsonNode.Parse(outcome.Output)!;
        Assert.Equal((string?)report["result"] == "safe" ? 0 : 1, outcome.Code);
        return report;
    }

    public async Task MigrateAsync(TestDatabase database, string tag)
    {
        Outcome outcome = await Schemagate.RunAsync(
            ["migrate", "--image", Image(tag), "--plain-http", "--database", database.UrlText()]);
        Assert.True(outcome.Code == 0, outcome.All);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await _server.DisposeAsync();
        _registry.Dispose();
    }

    public JsonObject Workload(string uid, string tag, string metadata) => JsonNode.Parse($$"""
        {"metadata": {"namespace": "shop", "uid": "{{uid}}", "labels": {"app": "shop", "schemagate.dev/gated": "true"}{{metadata}} },
         "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "shop"} }, "template": {{Template(tag)}} } }
        """)!.AsObject();

    public string Template(string tag) => $$"""
        {"metadata": {"labels": {"app": "shop", "schemagate.dev/gated": "true"},
          "annotations": {"schemagate.dev/requires": "shop={{Image(tag)}}"} },
         "spec": {"containers": [{"name": "app", "image": "registry.example.com/shop:{{tag}}"}]} }
        """;
}
