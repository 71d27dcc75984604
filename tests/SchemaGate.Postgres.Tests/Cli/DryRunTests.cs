using System.Text.Json;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary><c>migrate --dry-run</c>, and what is pending where nobody keeps a changelog.</summary>
public sealed class DryRunTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("schemagate-dry-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_dry_run_says_what_would_run_its_risk_and_its_locks_and_writes_nothing()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Write("1_box", "CREATE TABLE box (a int)");
        Assert.Equal(0, (await RunAsync(database, "migrate")).Code);
        Write("2_weight", "ALTER TABLE box ADD weight int");
        Write("3_drop", "ALTER TABLE box DROP COLUMN a");
        Outcome outcome = await RunAsync(database, "migrate", "--dry-run");
        Assert.Equal(0, outcome.Code);
        Assert.StartsWith("A dry run: 2 migrations would be applied; 1 is there. Nothing", outcome.Output, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse((await RunAsync(database, "migrate", "--dry-run", "--output", "json")).Output).RootElement;
        Assert.Equal("planned", report.GetProperty("result").GetString());
        Assert.Equal(["2_weight Low", "3_drop High"], report.GetProperty("planned").EnumerateArray().Select(
            planned => $"{planned.GetProperty("name").GetString()} {planned.GetProperty("risk").GetString()}"), StringComparer.Ordinal);
        Assert.Contains("box", report.GetProperty("planned")[1].GetProperty("locks")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(["1_box"], await database.QueryAsync("SELECT migration_name FROM _prisma_migrations"));
        Assert.Equal("unchanged", JsonDocument.Parse((await RunAsync(database, "migrate", "--dry-run", "--through", "1_box", "--output",
            "json")).Output).RootElement.GetProperty("result").GetString());
    }

    [Theory]
    [InlineData("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', '', '0_x')", "MigrationUnfinished")]
    [InlineData("DROP TABLE _prisma_migrations", "BaselineRequired")]
    public async Task A_dry_run_says_what_stands_in_the_way(string statement, string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Write("1_box", "CREATE TABLE box (a int)");
        await RunAsync(database, "migrate");
        await database.ExecuteAsync(statement);
        Outcome outcome = await RunAsync(database, "migrate", "--dry-run");
        Assert.Equal(1, outcome.Code);
        Assert.Contains(kind, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_creates_no_database()
    {
        await using TestDatabase database = TestDatabase.Absent();
        Write("1_box", "CREATE TABLE box (a int)");
        Outcome outcome = await RunAsync(database, "migrate", "--dry-run");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("is not there: a run creates it", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("DatabaseMissing", (await RunAsync(database, "status")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("status")]
    public async Task What_is_pending_is_told_without_a_changelog(string command)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Write("1_box", "CREATE TABLE box (a int)");
        await RunAsync(database, "migrate");
        Outcome open = await WithoutAsync(database, command);
        Assert.Equal(0, open.Code);
        Assert.Contains("The one required migration is applied.", open.Output, StringComparison.Ordinal);
        Write("2_weight", "ALTER TABLE box ADD weight int");
        Outcome pending = await WithoutAsync(database, command);
        Assert.Equal(1, pending.Code);
        Assert.Contains("MigrationsPending", pending.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 2 migrations is not applied: 2_weight.", pending.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Applied_files_that_are_edited_or_gone_are_told()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Write("1_box", "CREATE TABLE box (a int)");
        Write("2_gone", "SELECT 1");
        Write("3_last", "SELECT 1");
        await RunAsync(database, "migrate");
        Write("1_box", "CREATE TABLE box (a bigint)");
        Directory.Delete(Path.Combine(_root, "prisma/migrations/2_gone"), recursive: true);
        Outcome outcome = await RunAsync(database, "migrate", "--through", "1_box");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("Edited since applied: 1_box.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("not among these migrations: 2_gone.", outcome.Output, StringComparison.Ordinal);
        Outcome ignored = await RunAsync(database, "migrate", "--ignore-unknown", "2_*");
        Assert.DoesNotContain("not among", ignored.Output, StringComparison.Ordinal);
    }

    private void Write(string name, string sql)
    {
        string directory = Path.Combine(_root, "prisma/migrations", name);
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "migration.sql"), sql);
    }

    private Task<Outcome> RunAsync(TestDatabase database, string command, params string[] more) => Schemagate.RunAsync(
        command == "status" ? [command, "--database", database.UrlText()] : [command, _root, "--database", database.UrlText(), .. more]);

    private Task<Outcome> WithoutAsync(TestDatabase database, string command) => Schemagate.RunAsync(command == "status"
        ? [command, "--no-changelog", "--migrations", Path.Combine(_root, "prisma/migrations"), "--database", database.UrlText()]
        : [command, _root, "--no-changelog", "--database", database.UrlText()]);
}
