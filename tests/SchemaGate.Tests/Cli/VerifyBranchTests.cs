using System.Text.Json;

namespace SchemaGate.Tests.Cli;

/// <summary>What a branch may add, on a real git history.</summary>
public sealed class VerifyBranchTests : IDisposable
{
    private const string Later = "20250301000000_add_vouchers";

    private readonly GitShop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task A_branch_with_schema_migration_and_entry_is_open()
    {
        Assert.Equal("0: ", await _shop.FindingsAsync());
        _shop.ChangeWell();
        Assert.Equal("0: ", await _shop.FindingsAsync());
        _shop.Commit("Add coupons");
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith(
            "Open\nNothing stands against what this branch adds to main: 1 migration.\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"Adds        {GitShop.New}\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_that_changed_alone_is_refused_at_its_line()
    {
        _shop.Replace(GitShop.Schema, "name String", "name String?");
        Outcome outcome = await _shop.VerifyAsync("--output", "json");
        JsonElement[] findings = [.. JsonElement.Parse(outcome.Output).GetProperty("findings").EnumerateArray()];
        Assert.Equal(1, outcome.Code);
        Assert.Equal(
            ["schema-without-migration", "schema-without-entry"],
            findings.Select(finding => finding.GetProperty("id").GetString()!), StringComparer.Ordinal);
        Assert.All(findings, finding => Assert.Equal(13, finding.GetProperty("line").GetInt32()));
        Assert.All(findings, finding => Assert.Equal($"{_shop.Root}/{GitShop.Schema}", finding.GetProperty("file").GetString()));
        _shop.Commit("Forget");
        Assert.Equal("1: schema-without-migration, schema-without-entry", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task An_entry_before_the_change_leaves_the_migration_to_be_made()
    {
        _shop.ChangeSchema();
        _shop.Replace(GitShop.Document, "_None currently_", "### add_coupons\n- **Status:** `PENDING`\n- **Description:** Coupons");
        Assert.StartsWith("1: ", await _shop.FindingsAsync(), StringComparison.Ordinal);
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Contains("[pending-change]", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("[schema-without-migration]", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[schema-without-entry]", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/// Who pays.", "/* Who\npays, and \"when */")]
    [InlineData("  id   Int    @id\n", "\tid Int @id // the key\n\n")]
    [InlineData("\n", "\r\n")]
    [InlineData("prisma-client-js", "prisma-client")]
    public async Task A_change_of_comments_white_space_or_generators_needs_no_migration(string old, string @new)
    {
        _shop.Replace(GitShop.Schema, old, @new);
        Assert.Equal("0: ", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task A_model_may_move_to_another_file_and_not_go()
    {
        string schema = _shop.Read(GitShop.Schema);
        int model = schema.IndexOf("///", StringComparison.Ordinal);
        _shop.Write(GitShop.Schema, schema[..model]);
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Equal(1, outcome.Code);
        Assert.Contains("`model Company` of", outcome.Output, StringComparison.Ordinal);
        _shop.Write("prisma/models/company.prisma", schema[model..]);
        Assert.Equal("0: ", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task A_comment_of_the_branch_says_that_the_database_stays_as_it_is()
    {
        const string reason = "// schemagate: ignore schema-without-migration renamed in the client only\n";
        _shop.Replace(GitShop.Schema, "name String", "title String @map(\"name\")");
        _shop.Write(GitShop.Schema, $"{_shop.Read(GitShop.Schema)}// schemagate: ignore schema-without-migration\n");
        Assert.Equal("1: schema-without-migration, schema-without-entry", await _shop.FindingsAsync());
        _shop.Write(GitShop.Schema, _shop.Read(GitShop.Schema) + reason);
        Assert.Equal("0: schema-without-migration", await _shop.FindingsAsync());
        // It is about that change: once it is on main, it is about no other.
        _shop.Commit("Rename");
        _shop.Git("branch", "--force", "main", "coupons");
        _shop.ChangeSchema();
        Assert.Equal("1: schema-without-migration, schema-without-entry", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task A_schema_elsewhere_is_named()
    {
        _shop.Write("db/models/a.prisma", "model A { id Int @id }");
        Assert.Equal("0: ", await _shop.FindingsAsync());
        Assert.Equal(
            "1: schema-without-migration, schema-without-entry", await _shop.FindingsAsync("--prisma-schema", "db/models"));
    }

    [Fact]
    public async Task A_migration_needs_an_entry_and_an_entry_a_migration()
    {
        _shop.ChangeSchema();
        _shop.Migrate();
        Assert.Equal("1: undocumented-migration", await _shop.FindingsAsync());
        Assert.Equal("0: undocumented-migration", await _shop.FindingsAsync("--undocumented", "warn"));
        Assert.Equal("0: ", await _shop.FindingsAsync("--no-changelog"));
        File.Delete(Path.Combine(_shop.Root, GitShop.Script(GitShop.New)));
        _shop.Enter();
        Assert.Equal("1: migration-file-missing, schema-without-migration", await _shop.FindingsAsync());
        _shop.Write($"prisma/migrations/{GitShop.New}/notes.txt", "");
        Assert.Equal("1: migration-file-missing, migrations-unsound, schema-without-migration", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task An_old_migration_stays_as_it_is()
    {
        _shop.Replace(GitShop.Script(Shop.Second), "sites", "pages");
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Equal(1, outcome.Code);
        Assert.Contains($"`git checkout main -- {_shop.Root}/{GitShop.Script(Shop.Second)}`", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("1: migration-edited", await _shop.FindingsAsync());
        Assert.Equal("0: migration-edited", await _shop.FindingsAsync("--edited", "warn"));
        Assert.Equal("0: ", await _shop.FindingsAsync("--edited", "ignore"));
        _shop.Git("checkout", "--quiet", ".");
        _shop.Replace(GitShop.Script(Shop.Second), ";", ";\r\n");
        _shop.Commit("A line's end more");
        Assert.Equal("1: migration-edited", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task Line_ends_of_a_checkout_are_no_edit()
    {
        _shop.OnMain(() => _shop.Migrate(Shop.First + "_2", "SELECT 1;\nSELECT 2;\n"));
        _shop.Git("merge", "--quiet", "main");
        _shop.Replace(GitShop.Script(Shop.First + "_2"), "\n", "\r\n");
        Assert.Equal("0: ", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task An_old_migration_keeps_its_name()
    {
        _shop.Git("mv", $"prisma/migrations/{Shop.Second}", $"prisma/migrations/{GitShop.New}");
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Contains($"'{Shop.Second}' is '{GitShop.New}' now", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("1: migration-renamed", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task An_old_migration_is_not_deleted()
    {
        _shop.Git("rm", "-rq", $"prisma/migrations/{Shop.First}");
        Assert.Equal("1: migration-deleted", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task The_oldest_ones_may_give_way_to_one_that_stands_for_them()
    {
        _shop.Git("rm", "-rq", $"prisma/migrations/{Shop.First}", $"prisma/migrations/{Shop.Second}");
        _shop.Migrate("20241224000001_squashed", "CREATE TABLE companies (id int); CREATE TABLE sites (id int);");
        _shop.Enter("20241224000001_squashed");
        Assert.StartsWith("1: migration-file-missing, ", await _shop.FindingsAsync(), StringComparison.Ordinal);
        Assert.Contains("migrations-squashed", await _shop.FindingsAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("migration-deleted", await _shop.FindingsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_sorts_before_the_released_head_is_refused()
    {
        _shop.ChangeWell();
        _shop.OnMain(() =>
        {
            _shop.Migrate(Later, "SELECT 1;");
            _shop.Enter(Later);
        });
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Contains($"'{GitShop.New}' sorts before '{Later}', which main has", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("1: migration-out-of-order", await _shop.FindingsAsync());
        Assert.Equal("0: migration-out-of-order", await _shop.FindingsAsync("--out-of-order", "warn"));
        _shop.Git("mv", $"prisma/migrations/{GitShop.New}", "prisma/migrations/20250401000000_add_coupons");
        _shop.Replace(GitShop.Document, GitShop.New, "20250401000000_add_coupons");
        Assert.Equal("0: ", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task A_name_that_the_other_side_has_taken_is_refused()
    {
        _shop.ChangeWell();
        _shop.OnMain(() => _shop.Migrate(sql: "CREATE TABLE vouchers (id int);\n"));
        Assert.Equal("1: migration-name-taken", await _shop.FindingsAsync());
        _shop.OnMain(() => _shop.Migrate());
        Assert.Equal("0: ", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task A_timestamp_that_the_other_side_has_taken_is_refused()
    {
        _shop.ChangeWell("20250101000000_b");
        _shop.OnMain(() => _shop.Migrate("20250101000000_a", "SELECT 1;"));
        Assert.Equal("1: migration-order-taken", await _shop.FindingsAsync());
        Assert.Contains(
            "'20250101000000_b' and '20250101000000_a' have one place", (await _shop.VerifyAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_wrong_before_is_not_the_branch_s()
    {
        _shop.Git("checkout", "--quiet", "main");
        _shop.Migrate("20240101000000_nobody_wrote_it_down");
        _shop.Replace(GitShop.Document, "- **Description:** New `Site`", "- **Details:** New `Site`");
        _shop.Commit("Sin");
        _shop.Git("checkout", "--quiet", "-B", "coupons");
        Assert.Equal(1, (await Schemagate.RunAsync("verify", _shop.Root)).Code);
        Assert.Equal("0: ", await _shop.FindingsAsync());
        _shop.ChangeWell();
        Assert.Equal("0: ", await _shop.FindingsAsync());
    }

    [Fact]
    public async Task The_document_must_not_lose_what_it_said()
    {
        _shop.Replace(GitShop.Document, Shop.Third, "something_else");
        Assert.Contains("undocumented-migration", await _shop.FindingsAsync(), StringComparison.Ordinal);
        File.Delete(Path.Combine(_shop.Root, GitShop.Document));
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Equal(3, outcome.Code);
        Assert.Contains("has no docs/DATABASE_SCHEMA_CHANGELOG.md", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipelines_get_a_place_for_each_finding_in_each_format()
    {
        _shop.ChangeSchema();
        _shop.Migrate("20240101000000_add_coupons");
        string path = $"{_shop.Root}/{GitShop.Script("20240101000000_add_coupons")}";
        Assert.Contains(
            $"::error file={path},title=migration-out-of-order::'20240101000000_add_coupons' sorts before", (await OutputAsync("github")),
            StringComparison.Ordinal);
        string page = await OutputAsync("markdown");
        Assert.StartsWith("<!-- schemagate verify ", page, StringComparison.Ordinal);
        Assert.Contains(
            "-->\n### ❌ schemagate verify failed\n\n2 blocking, 0 warnings, 0 for information.\n", page, StringComparison.Ordinal);
        JsonElement result = JsonElement.Parse(await OutputAsync("sarif")).GetProperty("runs")[0].GetProperty("results")[0];
        Assert.Equal("migration-out-of-order error", $"{result.GetProperty("ruleId")} {result.GetProperty("level")}");
        Assert.False(result.GetProperty("locations")[0].GetProperty("physicalLocation").TryGetProperty("region", out _));
        System.Xml.Linq.XElement suite = System.Xml.Linq.XDocument.Parse(await OutputAsync("junit")).Root!.Element("testsuite")!;
        Assert.Equal("3 1", $"{suite.Attribute("tests")?.Value} {suite.Attribute("failures")?.Value}");
        Assert.Contains("blocking undocumented-migration", suite.Descendants("failure").Single().Value, StringComparison.Ordinal);
    }

    private async Task<string> OutputAsync(string format)
    {
        Outcome outcome = await _shop.VerifyAsync("--output", format);
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        return outcome.Output;
    }
}
