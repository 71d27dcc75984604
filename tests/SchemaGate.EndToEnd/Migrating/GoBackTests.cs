using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>A rollback of the code, asked about before it is done.</summary>
public sealed class GoBackTests(OperatorFixture schemagate)
{
    private const string Renamed = $"ALTER TABLE \"t_{Shop.First}\" RENAME COLUMN id TO number;\n";

    [Fact]
    public async Task Going_back_is_not_safe_past_what_breaks_older_code_and_safe_as_far_as_that()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.SqlAsync("CREATE EXTENSION pg_stat_statements");
        await DeployAsync(shop, "1", "1");
        await shop.SqlAsync($"SELECT id FROM \"t_{Shop.First}\" WHERE id = 1");
        await shop.PushSqlAsync("contract", Renamed);
        await DeployAsync(shop, "2", "contract");
        await shop.SqlAsync($"SELECT number FROM \"t_{Shop.First}\" WHERE number = 1");

        foreach (string to in (string[])[shop.Images.Reference("1"), $"{TestEnvironment.Registry}/app:v1"])
        {
            (int code, string said) = await GoBackAsync(shop, to);
            Assert.True(code == 1, said);
            Assert.Contains("is not safe: 1 statement that runs on its schema fails", said, StringComparison.Ordinal);
            Assert.Contains($"back to shop={shop.Images.Reference("1")}\n  revision 1 (shop-", said, StringComparison.Ordinal);
            Assert.Contains($"SELECT id FROM \"t_{Shop.First}\" WHERE id = $1", said, StringComparison.Ordinal);
            Assert.Contains("lets it start at once", said, StringComparison.Ordinal);
        }

        await shop.Images.PushFilesAsync("wide", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["docs/DATABASE_SCHEMA_CHANGELOG.md"] = SchemaImages.Document([Shop.First, Shop.Second, Shop.Third]),
            [$"prisma/migrations/{Shop.First}/migration.sql"] = SchemaImages.Sql(Shop.First),
            [$"prisma/migrations/{Shop.Second}/migration.sql"] = Renamed,
            [$"prisma/migrations/{Shop.Third}/migration.sql"] = SchemaImages.Sql(Shop.Third),
        });
        await DeployAsync(shop, "3", "wide");

        (int safe, string how) = await GoBackAsync(shop, shop.Images.Reference("contract"));
        Assert.True(safe == 0, how);
        Assert.Contains("is safe by the rules", how, StringComparison.Ordinal);
        string command = how.Split("To go back: `")[1].Split('`')[0];
        await shop.InShopAsync(command["kubectl ".Length..].Split(' '));
        await shop.RunsAsync("2", 2);
    }

    /// <summary>The database first, then the gate, then the code.</summary>
    private static async Task DeployAsync(Shop shop, string version, string schema)
    {
        string image = shop.Images.Reference(schema);
        await TestEnvironment.RunAsync(
            TestEnvironment.Binary, ["migrate", "--image", image, "--plain-http", "--database", shop.DatabaseUrl]);
        await shop.ApplyGateAsync(schema);
        await shop.ApplyDeploymentAsync(version, requires: $"shop={image}");
        await shop.RunsAsync(version, 2);
    }

    private static async Task<(int Code, string Said)> GoBackAsync(Shop shop, string to)
    {
        (int code, string output, string error) = await TestEnvironment.TryAsync(
            TestEnvironment.Binary,
            ["explain", "deployment/shop", "-n", shop.Namespace, "--to", to, "--plain-http", "--database", shop.DatabaseUrl]);
        return (code, output + error);
    }
}
