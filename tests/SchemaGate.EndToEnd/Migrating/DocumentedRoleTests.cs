using System.Text.RegularExpressions;
using Npgsql;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>The two roles of the README, made by its own SQL, with the names that it gives them.</summary>
[Trait("needs", "packages")]
public sealed class DocumentedRoleTests(OperatorFixture schemagate) : IAsyncDisposable
{
    private const string Database = "shop";
    private const string Roles = "migrate: { mode: Job, urlFrom: { name: shop-db-owner, key: DIRECT_URL } }, policy: { approval: Never },";

    /// <summary>What a reader must not do.</summary>
    private static readonly string[] Forbidden =
    [
        $"SELECT * FROM \"t_{Shop.First}\"", $"DROP TABLE \"t_{Shop.First}\"",
        "CREATE TABLE mine (id int)", "CREATE TEMP TABLE mine (id int)", "CREATE SCHEMA mine",
        "DELETE FROM _prisma_migrations", "UPDATE _prisma_migrations SET rolled_back_at = now()",
        "INSERT INTO _prisma_migrations SELECT * FROM _prisma_migrations",
    ];

    private bool isMade;

    [Fact]
    public async Task A_gate_that_reads_with_one_role_and_migrates_with_the_other_works_from_start_to_end()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        string[] grants = Documented();
        await MakeAsync();
        await Shop.SqlAsync(string.Join('\n', grants.Where(grant => !IsOnHistory(grant))), Database);
        await shop.SecretAsync(UrlOf("shop_gate", "reads"));
        await shop.InShopAsync("create", "secret", "generic", "shop-db-owner", $"--from-literal=DIRECT_URL={UrlOf("shop_owner", "owns")}");

        await shop.ApplyGateAsync("1", Roles);
        await shop.ApplyDeploymentAsync("1");
        // "As soon as it is there": the first run makes it.
        Assert.Contains(
            "GRANT SELECT ON \"public\"._prisma_migrations",
            await shop.GateSaysAsync("HistoryUnreadable"),
            StringComparison.Ordinal);
        await Shop.SqlAsync(Assert.Single(grants, IsOnHistory), Database);
        await shop.GateSaysAsync("Open");
        await shop.RunsAsync("1", 2);

        await shop.ApplyGateAsync("2", Roles);
        await shop.ApplyDeploymentAsync("2");
        await shop.RunsAsync("2", 2);
        Assert.Equal(2, (await shop.SucceedsAsync()).GetProperty("attempt").GetInt32());
        foreach (string statement in Forbidden)
        {
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(
                () => Shop.SqlAsync($"SET ROLE shop_gate; {statement}", Database));
            Assert.Equal("42501", refused.SqlState);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (isMade)
        {
            await DropAsync();
        }
    }

    /// <summary>Nothing is given to everybody, so that what is documented is what it takes.</summary>
    private async Task MakeAsync()
    {
        // A run that was killed may have left them; on a server that is not the tests' own they are somebody's.
        _ = TestEnvironment.DatabaseData;
        isMade = true;
        await DropAsync();
        await Shop.SqlAsync("CREATE ROLE shop_gate LOGIN PASSWORD 'reads'; CREATE ROLE shop_owner LOGIN PASSWORD 'owns'", "postgres");
        await Shop.CreateDatabaseAsync(Database);
        await Shop.SqlAsync($"REVOKE ALL ON DATABASE {Database} FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC", Database);
    }

    private static async Task DropAsync()
    {
        await Shop.SqlAsync($"DROP DATABASE IF EXISTS {Database} WITH (FORCE)", "postgres");
        await Shop.SqlAsync("DROP ROLE IF EXISTS shop_gate, shop_owner", "postgres");
    }

    private static string UrlOf(string role, string password) =>
        new UriBuilder(Shop.UrlOf(Database)) { UserName = role, Password = password }.Uri.ToString();

    /// <summary>The statements, each on its line with its comment.</summary>
    private static string[] Documented()
    {
        string document = File.ReadAllText(Path.Combine(TestEnvironment.Checkout, "README.md"));
        Match block = Regex.Match(document, @"```sql\n(?<sql>GRANT CONNECT[^`]*)```", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.True(block.Success, "README.md has no roles");
        return block.Groups["sql"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsOnHistory(string grant) => grant.Contains("_prisma_migrations", StringComparison.Ordinal);
}
