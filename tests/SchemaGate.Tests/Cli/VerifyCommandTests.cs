using System.Text.Json;

namespace SchemaGate.Tests.Cli;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task The_seed_with_its_migrations_is_open()
    {
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith("Open\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Database    not asked", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pending_entry_blocks_with_its_line()
    {
        _shop.Document = _shop.PendingDocument;
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root);
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("Blocked: PendingChanges\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"{_shop.DocumentPath}:27:1: 'add_coupons' is PENDING", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"devDependencies": {"prisma": "^6.19.3"}}""", "`npx prisma@6 migrate dev")]
    [InlineData("""{"dependencies": {"prisma": "7.10.1"}}""", "`npx prisma@7 migrate dev")]
    [InlineData("""{"dependencies": {"prisma": "6 || 7"}}""", "`npx prisma migrate dev")]
    [InlineData("""{"dependencies": {"prisma": "latest"}}""", "`npx prisma migrate dev")]
    [InlineData("""{"dependencies": 1}""", "`npx prisma migrate dev")]
    [InlineData("no JSON", "`npx prisma migrate dev")]
    public async Task Commands_name_the_major_of_Prisma_that_the_package_asks_for(string package, string command)
    {
        _shop.Document = _shop.PendingDocument;
        await File.WriteAllTextAsync(Path.Combine(_shop.Root, "package.json"), package, TestContext.Current.CancellationToken);
        Assert.Contains(command, (await Schemagate.RunAsync("verify", _shop.Root)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_changelog_the_document_is_not_asked_for()
    {
        File.Delete(_shop.DocumentPath);
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root, "--no-changelog");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("Document    not asked", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await Schemagate.RunAsync("verify", _shop.Root, "--no-changelog", "--document", "x.md")).Code);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("./")]
    public async Task The_directory_itself_may_hold_the_migrations(string migrations)
    {
        string directory = Path.Combine(_shop.Root, "prisma", "migrations");
        Outcome outcome = await Schemagate.RunAsync("verify", directory, "--no-changelog", "--migrations", migrations);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains($"3 in {directory}", outcome.Output, StringComparison.Ordinal);
        _shop.Write("prisma/migrations/DATABASE_SCHEMA_CHANGELOG.md", _shop.Document);
        Assert.Equal(0, (await Schemagate.RunAsync("verify", directory, "--migrations", migrations)).Code);
        _shop.Migrate("20250101000000_late", "DROP TABLE sites;");
        outcome = await Schemagate.RunAsync("verify", directory, "--migrations", migrations);
        Assert.Contains($"{directory}/20250101000000_late/migration.sql", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_may_come_by_standard_input()
    {
        Outcome outcome = await new Schemagate { Input = _shop.PendingDocument }
            .InvokeAsync(["verify", _shop.Root, "--document", "-"], TestContext.Current.CancellationToken);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("<stdin>:27:1: 'add_coupons'", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_document_blocks_and_says_where_it_was_looked_for()
    {
        File.Delete(_shop.DocumentPath);
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("Blocked: ChangelogNotFound", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("docs/DATABASE_SCHEMA_CHANGELOG.md and no DATABASE_SCHEMA_CHANGELOG.md", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_migrations_block_rather_than_require_nothing()
    {
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root, "--migrations", "db/migrations");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("Blocked: MigrationsNotFound", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no changelog at all")]
    [InlineData("")]
    [InlineData("\0\u001b[2J")]
    public async Task A_file_that_is_no_changelog_blocks(string text)
    {
        _shop.Document = text;
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("Blocked: ChangelogInvalid", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', outcome.All);
    }

    [Fact]
    public async Task An_entry_whose_migration_is_not_there_blocks()
    {
        File.Delete(_shop.Script(Shop.Second));
        Directory.Delete(Path.GetDirectoryName(_shop.Script(Shop.Second))!);
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("Blocked: MigrationFileMissing", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(":32:1:", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("block", 1, "Blocking (1)")]
    [InlineData("warn", 0, "Warnings (1)")]
    [InlineData("ignore", 0, "Database    not asked")]
    public async Task An_undocumented_migration_is_judged_by_policy(string policy, int code, string expected)
    {
        _shop.Migrate("20250101000000_secretly", "SELECT 1;");
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root, "--undocumented", policy);
        Assert.Equal(code, outcome.Code);
        Assert.Contains(expected, outcome.Output, StringComparison.Ordinal);
        Assert.Equal(policy != "ignore", outcome.Output.Contains($"{_shop.Script("20250101000000_secretly")}: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("block", 1, "Blocking (1)")]
    [InlineData("warn", 0, "Warnings (1)")]
    public async Task A_dropped_column_behind_a_low_risk_is_caught(string policy, int code, string expected)
    {
        File.AppendAllText(_shop.Script(Shop.Second), "ALTER TABLE landing_pages DROP COLUMN title;\n");
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root, "--risk-mismatch", policy);
        Assert.Equal(code, outcome.Code);
        Assert.Contains(expected, outcome.Output, StringComparison.Ordinal);
        Assert.Matches(
            $@"DATABASE_SCHEMA_CHANGELOG.md:[0-9]+:[0-9]+: '{Shop.Second}' is stated as Low, and its SQL is High \(line [0-9]+: .*title",
            outcome.Output);
    }

    [Theory]
    [InlineData("prisma/migrations/")]
    [InlineData("./prisma/migrations")]
    [InlineData("prisma//migrations")]
    public async Task Paths_may_be_written_in_any_way(string migrations) =>
        Assert.Equal(0, (await Schemagate.RunAsync(
            "verify", _shop.Root + "/", "--migrations", migrations, "--document", $"{_shop.DocumentPath}")).Code);

    [Fact]
    public async Task Json_is_one_object_and_all_of_the_output()
    {
        _shop.Document = _shop.PendingDocument;
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root, "--output", "json");
        JsonElement report = JsonDocument.Parse(outcome.Output).RootElement;
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.Equal("Blocked PendingChanges", $"{report.GetProperty("verdict")} {report.GetProperty("reason")}");
        JsonElement finding = report.GetProperty("findings")[0];
        Assert.Equal("blocking pending-change 27 1", $"{finding.GetProperty("severity")} {finding.GetProperty("id")} "
            + $"{finding.GetProperty("line")} {finding.GetProperty("column")}");
    }

    [Fact]
    public async Task A_through_that_does_not_exist_is_said()
    {
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root, "--through", "20241224000000_typo");
        Assert.Contains(
            "There is no migration 20241224000000_typo, so every migration is required.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environments_database_is_said_and_never_shown()
    {
        Schemagate run = new() { DatabaseUrl = "postgresql://root:planted-secret@127.0.0.1:1/shop?sslmode=planted-secret" };
        Outcome outcome = await run.InvokeAsync(["verify", _shop.Root], TestContext.Current.CancellationToken);
        Assert.Equal(3, outcome.Code);
        Assert.StartsWith("Unknown: DatabaseUnreachable\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1/shop?schema=public, from DATABASE_URL", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("The URL's sslmode is unknown", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", outcome.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_database_leaves_the_environments_out()
    {
        Schemagate run = new() { DatabaseUrl = "postgresql://root:secret@127.0.0.1:1/shop" };
        Assert.Equal(0, (await run.InvokeAsync(["verify", _shop.Root, "--no-database"], TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public async Task A_database_url_may_come_by_standard_input()
    {
        Schemagate run = new() { Input = "postgresql://root:planted-secret@127.0.0.1:1/shop\n" };
        Outcome outcome = await run.InvokeAsync(["verify", _shop.Root, "--database", "-"], TestContext.Current.CancellationToken);
        Assert.Equal(3, outcome.Code);
        Assert.Contains("from standard input", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", outcome.All, StringComparison.Ordinal);
    }
}
