using System.Text.Json;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Holding;

/// <summary>
/// Everything that can be wrong has its own reason, a next step, and opens nothing;
/// and no credential shows in any of it.
/// </summary>
public sealed class ReasonTests(OperatorFixture schemagate)
{
    private const string Planted = "pl4nted-s3cret";

    [Fact]
    public async Task A_pending_entry() => await ClosedAsync("PendingChanges", "docs/DATABASE_SCHEMA_CHANGELOG.md:", shop =>
        shop.Images.PushAsync(
            "1",
            SchemaImages.Document([Shop.First], pending: "### add_color\n- **Status:** `PENDING`\n- **Description:** a color"),
            [Shop.First]));

    [Fact]
    public async Task A_missing_migration_file() => await ClosedAsync("MigrationFileMissing", Shop.Second, shop =>
        shop.Images.PushAsync("1", SchemaImages.Document([Shop.First, Shop.Second]), [Shop.First]));

    [Fact]
    public async Task An_undocumented_pending_migration() => await ClosedAsync("UndocumentedMigration", Shop.Second, shop =>
        shop.Images.PushAsync("1", SchemaImages.Document([Shop.First]), [Shop.First, Shop.Second]));

    [Fact]
    public async Task A_failed_migration() => await ClosedAsync("MigrationFailed", "resolve", shop => shop.SqlAsync(
        "UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0, "
        + $"logs = 'CREATE ROLE x PASSWORD ''{Planted}''\nERROR: no such thing'"));

    [Fact]
    public async Task A_wrong_password() => await ClosedAsync("DatabaseAccessDenied", "password", shop =>
        shop.SecretAsync(new UriBuilder(shop.DatabaseUrl) { Password = Planted }.Uri.ToString()));

    [Fact]
    public async Task A_url_that_is_none() => await ClosedAsync("DatabaseUrlInvalid", "", shop => shop.SecretAsync($"mysql://{Planted}"));

    [Fact]
    public async Task A_missing_secret()
        => await ClosedAsync("SecretNotFound", "shop-db", shop => shop.InShopAsync("delete", "secret", "shop-db"));

    [Fact]
    public async Task A_missing_database()
        => await ClosedAsync("DatabaseMissing", "", shop => shop.SecretAsync(Shop.UrlOf("no-such-database")));

    [Fact]
    public async Task A_missing_image() => await ClosedAsync("ImageNotFound", "9", shop => shop.ApplyGateAsync("9"), version: "9");

    [Fact]
    public async Task A_document_that_is_none()
        => await ClosedAsync("ChangelogInvalid", "", shop => shop.Images.PushAsync("1", "# Notes\n\nNothing here.\n", [Shop.First]));

    [Fact]
    public async Task A_missing_document() => await ClosedAsync("ChangelogNotFound", "DATABASE_SCHEMA_CHANGELOG.md", shop => shop.Images
        .PushFilesAsync(
            "1", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [$"prisma/migrations/{Shop.First}/migration.sql"] = SchemaImages.Sql(Shop.First)
            }));

    [Fact]
    public async Task Missing_migrations() => await ClosedAsync("MigrationsNotFound", "prisma/migrations", shop => shop.Images
        .PushFilesAsync(
            "1", new Dictionary<string, string>(StringComparer.Ordinal) { ["DATABASE_SCHEMA_CHANGELOG.md"] = SchemaImages.Document([]) }));

    [Fact]
    public async Task A_risk_that_is_understated()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        string low = SchemaImages.Document([Shop.First, Shop.Second])
            .Replace("- **Rollback:**", "- **Risk Level:** Low\n- **Rollback:**", StringComparison.Ordinal);
        await shop.Images.PushFilesAsync("2", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DATABASE_SCHEMA_CHANGELOG.md"] = low,
            [$"prisma/migrations/{Shop.First}/migration.sql"] = SchemaImages.Sql(Shop.First),
            [$"prisma/migrations/{Shop.Second}/migration.sql"] = $"ALTER TABLE \"t_{Shop.First}\" DROP COLUMN id;\n",
        });

        await shop.ApplyGateAsync("2", spec: "policy: { riskMismatch: Block },");

        Assert.Contains(
            $"'{Shop.Second}' is stated as Low, and its SQL is High",
            await shop.GateSaysAsync("RiskUnderstated"),
            StringComparison.Ordinal);
        Assert.Equal("High", (await shop.GateAsync()).GetProperty("status").GetProperty("plan").GetProperty("risk").GetString());
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_corrupt_layer()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        string image = await shop.Images.PushFilesAsync(
            "7",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["unique"] = shop.Namespace });
        await CorruptLayerAsync(image);

        await shop.ApplyGateAsync("7");

        await shop.GateSaysAsync("ImageInvalid");
    }

    [Fact]
    public async Task An_unreachable_registry() => await ClosedAsync("RegistryUnreachable", "", async shop =>
    {
        string manifest = await shop.InShopAsync("get", "schemagate", "shop", "-o", "json");
        await Shop.KubectlInputAsync(
            manifest.Replace(TestEnvironment.FromPods(TestEnvironment.Registry), "127.0.0.1:1", StringComparison.Ordinal),
            "replace",
            "-f",
            "-");
    }, registry: "127.0.0.1:1");

    [Fact]
    public async Task A_spec_that_cannot_be_right_is_refused_in_words()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);

        string manifest = $$"""
            apiVersion: schemagate.dev/v1alpha1
            kind: SchemaGate
            metadata: { name: bad, namespace: {{shop.Namespace}} }
            spec:
              changelog: { image: "https://Not An Image", recheck: 0s, document: ../etc/passwd }
              database: { urlFrom: { name: shop-db, key: URL } }
            """;
        (int code, _, string error) = await TestEnvironment.TryAgainAsync("kubectl", TestEnvironment.Apply, manifest);

        Assert.NotEqual(0, code);
        Assert.Contains("spec.changelog.image", error, StringComparison.Ordinal);
        Assert.Contains("spec.changelog.recheck", error, StringComparison.Ordinal);
        Assert.Contains("spec.changelog.document", error, StringComparison.Ordinal);
    }

    /// <summary>Version 1 runs; something breaks; the gate gives the reason, a new revision that needs the gate's image is held.</summary>
    private async Task ClosedAsync(
        string reason,
        string mentions,
        Func<Shop, Task> breakAsync,
        string version = "1",
        string? registry = null)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("1", deploymentFirst: true);
        await shop.RunsAsync("1", 2);

        await breakAsync(shop);

        Assert.Contains(mentions, await shop.GateSaysAsync(reason), StringComparison.Ordinal);
        string image = registry is null ? shop.Images.Reference(version) : shop.Images.Reference(version)
            .Replace(TestEnvironment.FromPods(TestEnvironment.Registry), registry, StringComparison.Ordinal);
        await shop.ApplyDeploymentAsync("2", requires: $"shop={image}");
        await shop.IsHeldAsync();
        string everything = await shop.InShopAsync("get", "schemagates,deployments,replicasets,events", "-o", "yaml");
        Assert.DoesNotContain(Planted, everything + await OperatorFixture.LogAsync(), StringComparison.Ordinal);
    }

    private static async Task CorruptLayerAsync(string image)
    {
        using JsonDocument manifest = JsonDocument.Parse(await File.ReadAllTextAsync(BlobOf(image)));
        string layer = BlobOf(manifest.RootElement.GetProperty("layers")[0].GetProperty("digest").GetString()!);
        byte[] content = await File.ReadAllBytesAsync(layer);
        content[^5] ^= 0xff;
        await File.WriteAllBytesAsync(layer, content);
    }

    /// <summary>The registry's own file.</summary>
    private static string BlobOf(string digest)
    {
        string hash = digest["sha256:".Length..];
        return Path.Combine(TestEnvironment.RegistryData, "docker/registry/v2/blobs/sha256", hash[..2], hash, "data");
    }
}
