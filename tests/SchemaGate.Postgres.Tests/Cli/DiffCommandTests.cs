using System.Text.Json;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary><c>schemagate diff</c> against a server.</summary>
public sealed class DiffCommandTests
{
    private static readonly string[] s_byHand =
    [
        DriftedShop.Index, "ALTER TABLE orders ALTER note TYPE text", "ALTER TABLE orders ADD city text", "DROP TABLE sites",
        "ALTER TABLE orders ALTER total DROP NOT NULL", "CREATE VIEW totals AS SELECT sum(total) AS all FROM orders",
    ];

    [Fact]
    public async Task A_database_that_is_what_its_migrations_build_has_no_difference()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync();
        Outcome outcome = await shop.DiffAsync();
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Equal(
            $"from  the 4 applied migrations of {shop.Shop.Root}/prisma/migrations\nto    {shop.Database.Url()}\n\nNo difference.\n",
            outcome.Output);
    }

    [Fact]
    public async Task What_was_changed_by_hand_is_told_for_people_and_for_programs()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(s_byHand);
        Outcome outcome = await shop.DiffAsync();
        Assert.Equal(1, outcome.Code);
        foreach (string line in (string[])[
            "+ index public.orders_note\n", "+ column public.orders.city\n", "- table public.sites\n",
            "~ column public.orders.note\n    type: character varying(40) → text\n", "+ view public.totals\n",
            "~ column public.orders.total\n    not null: yes → none\n", "6 differences: 3 added, 1 missing, 2 changed.\n",
            "schemagate drift adopt NAME",
        ])
        {
            Assert.Contains(line, outcome.Output, StringComparison.Ordinal);
        }

        JsonElement report = JsonDocument.Parse((await shop.DiffAsync("--output", "json")).Output).RootElement;
        Assert.False(report.GetProperty("same").GetBoolean());
        JsonElement note = report.GetProperty("differences").EnumerateArray()
            .Single(line => line.GetProperty("name").GetString() == "public.orders.note");
        Assert.Equal("changed", note.GetProperty("change").GetString());
        Assert.Equal("text", note.GetProperty("facts")[0].GetProperty("to").GetString());
        Assert.True(report.GetProperty("sql").GetProperty("verified").GetBoolean());
    }

    [Theory]
    [InlineData("database")]
    [InlineData("migration")]
    public async Task The_SQL_mends_it_either_way_round(string direction)
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(s_byHand);
        Outcome sql = await shop.DiffAsync("--output", "sql", "--direction", direction, "--allow-destructive");
        Assert.Equal(1, sql.Code);
        Assert.Contains("-- Run in a scratch database, all of it leaves no difference.\n", sql.Output, StringComparison.Ordinal);
        if (direction == "database")
        {
            await shop.Database.ExecuteAsync(Statements(sql.Output));
            Assert.Equal(0, (await shop.DiffAsync()).Code);
            return;
        }

        await using DriftedShop fresh = await DriftedShop.CreateAsync(Statements(sql.Output));
        Assert.Equal(0, (await fresh.DiffAsync("--from", $"database:{shop.Database.UrlText()}")).Code);
    }

    [Fact]
    public async Task What_destroys_is_a_comment_until_it_is_allowed()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync("CREATE TABLE gone (id int)");
        Outcome careful = await shop.DiffAsync("--output", "sql", "--direction", "database");
        Assert.Contains("-- DROP TABLE", careful.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\nDROP TABLE", careful.Output, StringComparison.Ordinal);
        Outcome allowed = await shop.DiffAsync("--output", "sql", "--direction", "database", "--allow-destructive");
        Assert.Contains("\nDROP TABLE", allowed.Output, StringComparison.Ordinal);
    }

    /// <summary>The table that stays has a sequence with the new view's name.</summary>
    [Fact]
    public async Task What_is_printed_runs_though_what_destroys_is_a_comment()
    {
        const string Lines = "CREATE TABLE lines (id serial PRIMARY KEY);";
        await using DriftedShop shop = await DriftedShop.CreateAsync(), other = await DriftedShop.CreateAsync(Lines);
        shop.Shop.Migrate("20250102000000_lines", Lines);
        await shop.RunAsync("migrate", shop.Shop.Root);
        await shop.Database.ExecuteAsync("DROP TABLE lines", "CREATE VIEW lines_id_seq AS SELECT 1 AS one");
        Outcome sql = await shop.DiffAsync("--output", "sql"), all = await shop.DiffAsync("--output", "sql", "--allow-destructive");
        Assert.Contains("-- DROP TABLE", sql.Output, StringComparison.Ordinal);
        await other.Database.ExecuteAsync(Statements(sql.Output));
        Assert.Equal(1, all.Code);
        await other.Database.ExecuteAsync(Statements(all.Output));
    }

    [Fact]
    public async Task Rights_that_no_migration_names_are_in_no_SQL_unless_they_are_asked_for()
    {
        string role = $"r{Guid.NewGuid():N}";
        await using DriftedShop shop = await DriftedShop.CreateAsync(
            $"CREATE ROLE {role}", "CREATE TABLE by_hand (id int)", $"GRANT SELECT ON by_hand, orders TO {role}",
            $"GRANT UPDATE (note) ON orders TO {role}");
        Outcome sql = await shop.DiffAsync("--output", "sql"), all = await shop.DiffAsync("--output", "sql", "--grants");
        Outcome back = await shop.DiffAsync("--output", "sql", "--direction", "database", "--allow-destructive");
        await shop.Database.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        foreach (Outcome outcome in (Outcome[])[sql, back])
        {
            Assert.Equal((1, ""), (outcome.Code, outcome.Error));
            Assert.Contains("leaves no difference", outcome.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(role, outcome.Output, StringComparison.Ordinal);
        }

        Assert.Contains("CREATE TABLE", sql.Output, StringComparison.Ordinal);
        Assert.Contains($"GRANT SELECT ON TABLE \"public\".\"by_hand\" TO \"{role}\"", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_reads_a_schema_that_is_not_compared_is_no_hindrance()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(
            DriftedShop.Index, "CREATE SCHEMA other", "CREATE TYPE other.kind AS ENUM ('a')",
            "CREATE TABLE other.x (id int PRIMARY KEY, kind other.kind)", "CREATE TABLE other.unread (id int)",
            "CREATE VIEW vx AS SELECT id, kind FROM other.x", "ALTER TABLE companies ADD x int REFERENCES other.x");
        Outcome sql = await shop.DiffAsync("--output", "sql", "--direction", "database", "--allow-destructive");
        Assert.Equal((1, ""), (sql.Code, sql.Error));
        Assert.Contains("leaves no difference", sql.Output, StringComparison.Ordinal);
        Assert.Contains("\nDROP INDEX", sql.Output, StringComparison.Ordinal);
        Assert.Contains("\nDROP VIEW", sql.Output, StringComparison.Ordinal);
    }

    /// <summary>A carriage return ends a comment, for the server and for psql.</summary>
    [Fact]
    public async Task SQL_that_does_not_come_out_is_a_comment_to_its_last_line()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(
            "CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int)",
            "COMMENT ON TABLE orders IS E'new\\rDROP TABLE sites; --'");
        Outcome outcome = await shop.DiffAsync("--output", "sql");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("COMMENT ON TABLE", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(Statements(outcome.Output));
    }

    /// <summary>Its role may write nothing, not even a temporary table; the scratch databases are elsewhere.</summary>
    [Fact]
    public async Task The_live_database_is_only_read()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(s_byHand);
        string role = $"r{Guid.NewGuid():N}";
        await shop.Database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'x'", $"ALTER ROLE {role} SET default_transaction_read_only = on",
            $"GRANT SELECT ON _prisma_migrations TO {role}", $"GRANT EXECUTE ON FUNCTION pg_control_system() TO {role}");
        Outcome refused = await DriftedShop.RunAsync(shop.Database.UrlText(user: role, password: "x"), "diff", shop.Shop.Root);
        Assert.Equal(3, refused.Code);
        Outcome read = await DriftedShop.RunAsync(
            shop.Database.UrlText(user: role, password: "x"), "diff", shop.Shop.Root, "--scratch", shop.Database.UrlText(), "-o", "sql");
        await shop.Database.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        Assert.Equal((1, ""), (read.Code, read.Error));
        Assert.Contains("leaves no difference", read.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_two_sides_are_compared()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(DriftedShop.Index);
        shop.Shop.Migrate("20250301000000_index", $"{DriftedShop.Index};");
        Assert.Equal(0, (await shop.DiffAsync("--to", "migrations")).Code);
        Outcome applied = await shop.DiffAsync("--from", "history", "--to", "migrations");
        Assert.Contains("+ index public.orders_note\n", applied.Output, StringComparison.Ordinal);
        shop.Shop.Write("schema.sql", "CREATE TABLE companies (id int); CREATE TABLE sites (id int); CREATE TABLE cs_ai_usage (id int);");
        string file = Path.Combine(shop.Shop.Root, "schema.sql");
        Assert.Contains("- table public.orders\n", (await shop.DiffAsync("--to", file)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await shop.DiffAsync("--from", shop.Shop.Root, "--to", "migrations")).Code);
        Outcome all = await shop.DiffAsync("--from", "empty", "--to", "migrations", "--output", "sql");
        Assert.Contains("leaves no difference", all.Output, StringComparison.Ordinal);
        Assert.Contains("CREATE TABLE \"public\".\"orders\"", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_databases_are_compared_in_the_schemas_that_their_URLs_name()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync("CREATE TABLE here (id int)");
        await using TestDatabase first = await TestDatabase.CreateAsync(), second = await TestDatabase.CreateAsync();
        await first.ExecuteAsync("CREATE SCHEMA app", "CREATE TABLE app.t (id int)");
        await second.ExecuteAsync("CREATE SCHEMA app");
        Outcome outcome = await shop.DiffAsync("--from", Side(first), "--to", Side(second));
        Assert.Equal(1, outcome.Code);
        Assert.Contains("- table app.t\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await shop.DiffAsync("--from", Side(first), "--to", Side(first))).Code);

        static string Side(TestDatabase database) => $"database:{database.UrlText("schema=app")}";
    }

    [Fact]
    public async Task Other_peoples_things_beside_the_schema_that_the_URL_names_are_no_difference()
    {
        using Shop shop = new();
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            "CREATE SCHEMA app", "CREATE TABLE public.theirs (id int)", "CREATE EXTENSION hstore WITH SCHEMA public",
            "CREATE PUBLICATION theirs FOR TABLE public.theirs");
        string url = database.UrlText("schema=app");
        Assert.Equal(0, (await DriftedShop.RunAsync(url, "migrate", shop.Root)).Code);
        Outcome none = await DriftedShop.RunAsync(url, "diff", shop.Root);
        Assert.Equal((0, ""), (none.Code, none.Error));
        await database.ExecuteAsync("CREATE TABLE app.ours (id int)", "CREATE EXTENSION citext WITH SCHEMA app");
        Outcome ours = await DriftedShop.RunAsync(url, "diff", shop.Root);
        Assert.Equal(
            "+ extension citext, + table app.ours",
            string.Join(", ", ours.Output.Split('\n').Where(line => line.StartsWith("+ ", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task What_migrations_make_beside_the_schema_that_the_URL_names_is_compared()
    {
        using Shop shop = new();
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE SCHEMA app");
        string url = database.UrlText("schema=app");
        shop.Migrate("20250301000000_shared", "CREATE TABLE public.shared (id int);");
        Assert.Equal(0, (await DriftedShop.RunAsync(url, "migrate", shop.Root)).Code);
        await database.ExecuteAsync("CREATE TABLE public.by_hand (id int)");
        Outcome outcome = await DriftedShop.RunAsync(url, "diff", shop.Root);
        Assert.Contains("+ table public.by_hand\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_nobodys_business_is_left_out()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(
            "CREATE TABLE tmp_import (id int)", "CREATE SCHEMA reporting", "CREATE TABLE reporting.sums (id int)");
        Assert.Equal(1, (await shop.DiffAsync()).Code);
        Assert.Equal(0, (await shop.DiffAsync("--ignore", "tmp_*")).Code);
        shop.Shop.Migrate("20250101000001_reporting", "CREATE SCHEMA IF NOT EXISTS reporting;");
        await shop.RunAsync("migrate", shop.Shop.Root);
        Assert.Contains("+ table reporting.sums\n", (await shop.DiffAsync("--ignore", "tmp_*")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_files_and_history_disagree_that_is_told()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync();
        shop.Shop.Migrate(Shop.Second, "CREATE TABLE sites (id int, name text);");
        Directory.Delete(Path.GetDirectoryName(shop.Shop.Script(Shop.Third))!, recursive: true);
        Outcome outcome = await shop.DiffAsync();
        Assert.Contains($"{Shop.Second} was edited after it had been applied", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"1 that are not among these migrations ({Shop.Third})", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("- column public.sites.name\n", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing.sql", 2, "nothing.sql")]
    [InlineData("postgresql://u:planted@h/d", 2, "database:URL")]
    [InlineData("database:NOT_SET", 2, "the variable is not set")]
    [InlineData("elsewhere", 2, "is no file and no directory")]
    public async Task A_side_that_is_none_is_refused(string side, int code, string says)
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync();
        Outcome outcome = await shop.DiffAsync("--to", side);
        Assert.Equal(code, outcome.Code);
        Assert.Contains(says, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", outcome.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrations_that_do_not_run_are_told_with_their_place()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync();
        shop.Shop.Migrate("20250301000000_bad", "\nALTER TABLE nowhere ADD x int;");
        Outcome outcome = await shop.DiffAsync("--to", "migrations");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("20250301000000_bad, line 2: relation \"nowhere\" does not exist", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await shop.DiffAsync()).Code);
    }

    private static string[] Statements(string sql) => [.. SqlScript.Split(sql).Select(statement => statement.Text)];
}
