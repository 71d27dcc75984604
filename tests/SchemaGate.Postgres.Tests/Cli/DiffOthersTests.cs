using SchemaGate.Postgres.Parsing;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary><c>schemagate diff</c> beside extensions and publications of schemas that are not compared.</summary>
public sealed class DiffOthersTests
{
    private static readonly string[] s_others =
    [
        "CREATE SCHEMA extensions", "CREATE EXTENSION citext SCHEMA extensions", "CREATE TABLE extensions.theirs (id int)",
        "CREATE PUBLICATION theirs FOR TABLE extensions.theirs",
    ];

    [Fact]
    public async Task They_stand_in_the_way_of_no_SQL_and_of_no_adoption()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync([.. s_others, "ALTER TABLE orders ADD city text"]);
        foreach (string direction in (string[])["database", "migration"])
        {
            Outcome sql = await shop.DiffAsync("--output", "sql", "--direction", direction, "--allow-destructive");
            Assert.Equal((1, ""), (sql.Code, sql.Error));
            Assert.Contains("\nALTER TABLE \"public\".\"orders\"", sql.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("citext", sql.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("theirs", sql.Output, StringComparison.Ordinal);
        }

        Outcome adopted = await shop.AdoptAsync("city");
        Assert.True(adopted.Code == 0, adopted.All);
        Assert.Equal(0, (await shop.DiffAsync()).Code);
    }

    [Fact]
    public async Task One_that_a_column_uses_is_told_and_comes_with_its_schema()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync([.. s_others, "ALTER TABLE orders ADD city extensions.citext"]);
        Assert.Contains("+ extension citext\n", (await shop.DiffAsync()).Output, StringComparison.Ordinal);
        Outcome sql = await shop.DiffAsync("--output", "sql", "--direction", "migration");
        Assert.Contains("-- Run in a scratch database, all of it leaves no difference.\n", sql.Output, StringComparison.Ordinal);
        await using DriftedShop fresh = await DriftedShop.CreateAsync(
            [.. SqlScript.Split(sql.Output).Select(statement => statement.Text)]);
        Assert.Equal(0, (await fresh.DiffAsync("--from", $"database:{shop.Database.UrlText()}")).Code);
    }

    [Fact]
    public async Task A_foreign_table_whose_server_is_nowhere_else_is_named_where_a_copy_would_need_it()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(
            "CREATE FOREIGN DATA WRAPPER nothing", "CREATE SERVER far FOREIGN DATA WRAPPER nothing",
            "CREATE FOREIGN TABLE away (id int) SERVER far");
        Outcome sql = await shop.DiffAsync("--output", "sql", "--direction", "database");
        Assert.Contains("foreign table public.away is of the server far, which is not there", sql.All, StringComparison.Ordinal);
    }
}
