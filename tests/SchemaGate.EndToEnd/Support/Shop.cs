using System.Text;
using System.Text.Json;
using Npgsql;

namespace SchemaGate.EndToEnd.Support;

/// <summary>A namespace with a gated Deployment, a gate, a database and schema images: what a team has.</summary>
public sealed class Shop : IAsyncDisposable
{
    public const string First = "20240101000000_first";
    public const string Second = "20240201000000_second";
    public const string Third = "20240301000000_third";

    /// <summary>For a Deployment's spec.</summary>
    public const string Recreate = "strategy: { type: Recreate },";

    private readonly string name = $"shop-{Guid.NewGuid():N}"[..16];

    private Shop() => Images = new($"{name}/schema");

    public SchemaImages Images { get; }

    public string DatabaseUrl => UrlOf(name);

    public string Namespace => name;

    /// <summary>An empty database, no gate, no workload; images 1, 2 and 3 with one, two and three migrations.</summary>
    public static async Task<Shop> OpenAsync(OperatorFixture schemagate)
    {
        Shop shop = new();
        await schemagate.StartAsync();
        await Task.WhenAll(
            CreateDatabaseAsync(shop.name),
            shop.NamespaceAsync(),
            shop.Images.PushAsync("1", First), shop.Images.PushAsync("2", First, Second), shop.Images.PushAsync("3", First, Second, Third));
        return shop;
    }

    /// <summary>
    /// Version 1 runs, its migration is applied, and version 2 has been applied and is held,
    /// the Deployment before or after the gate.
    /// </summary>
    public static async Task<Shop> WithHeldUpdateAsync(OperatorFixture schemagate, bool deploymentFirst)
    {
        Shop shop = await OpenAsync(schemagate);
        await shop.MigrateAsync(First);
        await shop.ApplyAsync("1", deploymentFirst);
        await shop.RunsAsync("1", 2);
        await shop.ApplyAsync("2", deploymentFirst);
        await shop.IsHeldAsync();
        return shop;
    }

    /// <summary>As <see cref="WithHeldUpdateAsync"/>, of a Deployment whose old pods go first: it is paused.</summary>
    public static async Task<Shop> WithPausedUpdateAsync(OperatorFixture schemagate)
    {
        Shop shop = await OpenAsync(schemagate);
        await shop.MigrateAsync(First);
        await shop.ApplyGateAsync("1");
        await shop.ApplyDeploymentAsync("1", Recreate);
        await shop.RunsAsync("1", 2);
        await shop.ApplyDeploymentAsync("2", Recreate);
        Assert.True(await shop.PausedAsync());
        return shop;
    }

    public async Task ApplyAsync(string version, bool deploymentFirst)
    {
        if (!deploymentFirst)
        {
            await ApplyGateAsync(version);
        }

        await ApplyDeploymentAsync(version);
        if (deploymentFirst)
        {
            await ApplyGateAsync(version);
        }
    }

    /// <param name="version">The pod's image and the requirement.</param>
    /// <param name="spec">More fields of the Deployment's spec, as YAML flow entries, each ended by a comma.</param>
    /// <param name="requires">Another requirement.</param>
    public Task<string> ApplyDeploymentAsync(string version, string spec = "", string? requires = null) =>
        ApplyManifestAsync(DeploymentManifest(version, spec, requires));

    public string DeploymentManifest(string version, string spec = "", string? requires = null) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop, namespace: {{name}}, labels: { schemagate.dev/gated: "true" } }
        spec: { {{spec}} replicas: 2, selector: { matchLabels: { app: shop } }, template: {
          metadata: { labels: { app: shop, schemagate.dev/gated: "true" },
            annotations: { schemagate.dev/requires: "{{requires ?? $"shop={Images.Reference(version)}"}}" } },
          spec: { terminationGracePeriodSeconds: 1, automountServiceAccountToken: false,
            containers: [ { name: app, image: "{{TestEnvironment.Registry}}/app:v{{version}}" } ] } } }
        """;

    /// <summary>A gated Job that ends at once.</summary>
    public string JobManifest(string job, string requires) => $$"""
        apiVersion: batch/v1
        kind: Job
        metadata: { name: {{job}}, namespace: {{name}}, labels: { schemagate.dev/gated: "true" } }
        spec: { template: {
          metadata: { labels: { schemagate.dev/gated: "true" }, annotations: { schemagate.dev/requires: "shop={{requires}}" } },
          spec: { restartPolicy: Never, containers: [ { name: report, image: "{{TestEnvironment.Image}}", args: [version] } ] } } }
        """;

    /// <summary>A gated pod that nobody makes but who writes it; its label <c>app</c> is its name.</summary>
    /// <param name="pod">Its name.</param>
    /// <param name="labels">More labels, as YAML flow entries, each ended by a comma.</param>
    public string PodManifest(string pod, string labels = "") => $$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{pod}}
          namespace: {{name}}
          labels: { app: {{pod}}, {{labels}} schemagate.dev/gated: "true" }
          annotations: { schemagate.dev/requires: "shop={{First}}" }
        spec: { containers: [ { name: app, image: "{{TestEnvironment.Registry}}/app:v1" } ] }
        """;

    public Task<string> ApplyGateAsync(
        string version,
        string spec = "",
        string changelog = "",
        string database = "") => ApplyManifestAsync($$"""
        apiVersion: schemagate.dev/v1alpha1
        kind: SchemaGate
        metadata: { name: shop, namespace: {{name}} }
        spec: { {{spec}}
          changelog: { {{changelog}} image: "{{Images.Reference(version)}}", plainHttp: true, recheck: 2s },
          database: { {{database}} urlFrom: { name: shop-db, key: DATABASE_URL }, recheck: 1s } }
        """);

    /// <summary>Writes the URL into the gate's Secret, replacing what is there.</summary>
    public Task SecretAsync(string url) => ApplyManifestAsync(SecretManifest(url));

    public static Task CreateDatabaseAsync(string database) => SqlAsync($"CREATE DATABASE \"{database}\"", "postgres");

    /// <summary>Runs the product's own migrate on a directory of these migrations.</summary>
    public async Task MigrateAsync(params string[] migrations)
    {
        string directory = Directory.CreateTempSubdirectory("schemagate-").FullName;
        foreach (string migration in migrations)
        {
            ShopRuns.Write(directory, migration);
        }

        await TestEnvironment.RunAsync(TestEnvironment.Binary, ["migrate", directory, "--database", DatabaseUrl]);
        Directory.Delete(directory, recursive: true);
    }

    public Task SqlAsync(string sql) => SqlAsync(sql, name);

    /// <summary>As the superuser.</summary>
    public static async Task SqlAsync(string sql, string database)
    {
        await using NpgsqlConnection connection = await ConnectAsync(database);
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A session of the superuser's in the shop's database.</summary>
    public Task<NpgsqlConnection> ConnectAsync() => ConnectAsync(name);

    public static string UrlOf(string database)
        => new UriBuilder(TestEnvironment.FromPods(TestEnvironment.Database)) { Path = database }.Uri.ToString();

    public static Task<string> KubectlAsync(params string[] arguments) => TestEnvironment.RunAsync("kubectl", arguments);

    public Task<string> InShopAsync(params string[] arguments) => TestEnvironment.AskedAgainAsync("kubectl", ["-n", name, .. arguments]);

    /// <param name="manifest">YAML or JSON.</param>
    /// <param name="options">More than <c>kubectl apply</c>'s own.</param>
    public static Task<string> ApplyManifestAsync(string manifest, params string[] options)
        => KubectlInputAsync(manifest, [.. TestEnvironment.Apply, .. options]);

    public static Task<string> KubectlInputAsync(string manifest, params string[] arguments)
        => TestEnvironment.AskedAgainAsync("kubectl", arguments, manifest);

    /// <summary>What applying a manifest would change, as <c>kubectl diff</c> prints it; empty when nothing.</summary>
    public static async Task<string> DiffAsync(string manifest)
    {
        (int code, string output, string error) = await TestEnvironment.TryAsync("kubectl", ["diff", "-f", "-"], manifest);
        Assert.True(code is 0 or 1, error);
        return output;
    }

    public Task<JsonElement> DeploymentAsync() => ClusterReads.DeploymentAsync(name);

    public Task<JsonElement> GateAsync() => ClusterReads.GateAsync(name);

    /// <summary>Waits until the gate gives this reason, and returns the message.</summary>
    public async Task<string> GateSaysAsync(string reason)
    {
        JsonElement status = default;
        await Eventually.TrueAsync(
            async () => (await GateAsync()).TryGetProperty("status", out status) && status.GetProperty("reason").GetString() == reason,
            () => $"the gate says {reason}; it says {status}");
        return status.GetProperty("message").GetString()!;
    }

    /// <summary>Waits until just this version runs, with this many ready pods and nothing held.</summary>
    public async Task RunsAsync(string version, int replicas)
    {
        string seen = "";
        await Eventually.TrueAsync(
            async () =>
            {
                seen = await PodsAsync();
                return seen == string.Join(' ', Enumerable.Repeat($"v{version}:true", replicas));
            },
            () => $"{replicas} ready pods of v{version}; there are: {seen}");
        Assert.Null(await HoldAsync());
    }

    /// <summary>Asserts that version 2 is held and stays so: no pod of it, all of version 1's, nothing paused.</summary>
    public async Task IsHeldAsync(int replicas = 2)
    {
        await Eventually.TrueAsync(async () => await HoldAsync() is not null && !await PausedAsync(), () => "the Deployment is held");
        string expected = string.Join(' ', Enumerable.Repeat("v1:true", replicas));
        string seen = "";
        await Eventually.TrueAsync(
            async () => (seen = await PodsAsync()) == expected,
            () => $"only {replicas} pods of v1; there are: {seen}");
        await Eventually.StaysAsync(
            async () => !(seen = await PodsAsync()).Contains("v2", StringComparison.Ordinal), () => $"v2 makes no pod; there are: {seen}");
    }

    public async Task<bool> PausedAsync() =>
        (await DeploymentAsync()).GetProperty("spec").TryGetProperty("paused", out JsonElement paused) && paused.GetBoolean();

    /// <summary>What the Deployment's controller says of the revision that it may not make; null where it says no such thing.</summary>
    public async Task<string?> RefusalAsync() =>
        (await DeploymentAsync()).GetProperty("status").TryGetProperty("conditions", out JsonElement conditions)
            ? conditions.EnumerateArray()
                .Where(condition => condition.GetProperty("reason").GetString() == "ReplicaSetCreateError")
                .Select(condition => condition.GetProperty("message").GetString()).FirstOrDefault()
            : null;

    /// <summary>The hold annotation, or null.</summary>
    public async Task<JsonElement?> HoldAsync() =>
        (await DeploymentAsync()).GetProperty("metadata").GetProperty("annotations")
            .TryGetProperty("schemagate.dev/hold", out JsonElement hold)
            ? Parse(hold.GetString()!)
            : null;

    public async ValueTask DisposeAsync()
    {
        await KubectlAsync("delete", "namespace", name, "--wait=false");
        NpgsqlConnection.ClearAllPools();
        await SqlAsync($"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)", "postgres");
        Images.Dispose();
    }

    private static async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        Uri url = new(TestEnvironment.Database);
        string[] user = url.UserInfo.Split(':');
        NpgsqlConnectionStringBuilder settings = new()
        {
            Host = url.Host,
            Port = url.Port,
            Username = user[0],
            Password = Uri.UnescapeDataString(user[1]),
            Database = database,
            Pooling = false,
        };
        NpgsqlConnection connection = new(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private Task<string> NamespaceAsync() => ApplyManifestAsync($$"""
        apiVersion: v1
        kind: Namespace
        metadata: { name: {{name}} }
        ---
        {{SecretManifest(DatabaseUrl)}}
        """);

    private string SecretManifest(string url) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: shop-db, namespace: {{name}} }
        data: { DATABASE_URL: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(url))}} }
        """;

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    /// <summary>The pods that are not going away, as <c>version:ready</c>, sorted.</summary>
    public async Task<string> PodsAsync()
    {
        IEnumerable<string> pods = (await ClusterReads.PodsAsync(name))
            .Where(pod => !pod.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _))
            .Select(pod => (Pod: pod, Image: pod.GetProperty("spec").GetProperty("containers")[0].GetProperty("image").GetString()!))
            .Select(runs => $"{runs.Image.Split(':')[^1]}:{Ready(runs.Pod)}")
            .Order(StringComparer.Ordinal);
        return string.Join(' ', pods);
    }

    private static string Ready(JsonElement pod) =>
        pod.GetProperty("status").TryGetProperty("containerStatuses", out JsonElement statuses)
            && statuses[0].GetProperty("ready").GetBoolean() ? "true" : "false";
}
