using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Cli;

public sealed class ChangelogInitTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("schemagate-").FullName;

    private string Document => Path.Combine(root, "docs", "DATABASE_SCHEMA_CHANGELOG.md");

    public ChangelogInitTests()
    {
        Migrate("0_init", "CREATE TABLE a (id int); CREATE TABLE b (id int);");
        Migrate("20240102000000_add_note", "ALTER TABLE a ADD COLUMN note text;");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_repository_without_a_document_gets_one_that_verifies_clean()
    {
        Outcome outcome = await InitAsync();
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Changelog changelog = ChangelogParser.Parse(await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken));
        Assert.Equal(
            "20240102000000_add_note Migrated, 0_init Deployed",
            string.Join(", ", changelog.Entries.Select(entry => $"{entry.Name} {entry.Status}")));
        Assert.Equal(
            "Initial baseline migration with all existing tables (2 tables)", changelog.Entries[1].Field("Description")?.Text);
        Outcome verified = await Schemagate.RunAsync("verify", root, "--no-database", "--risk-mismatch", "block");
        Assert.True(verified.Code == 0, verified.Output);
    }

    [Fact]
    public async Task A_document_that_is_there_stays_as_it_is()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Document)!);
        await File.WriteAllTextAsync(Document, "mine", TestContext.Current.CancellationToken);
        Outcome outcome = await InitAsync();
        Assert.Equal(2, outcome.Code);
        Assert.Contains("is there already", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_dry_run_prints_what_would_be_written()
    {
        Outcome dry = await InitAsync("--dry-run");
        Assert.False(File.Exists(Document));
        await InitAsync();
        Assert.Equal(await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken), dry.Output);
        Assert.Equal(Document, Assert.Single(Directory.EnumerateFiles(Path.Combine(root, "docs"))));
    }

    [Fact]
    public async Task Migrations_that_no_tool_would_run_get_no_document()
    {
        Migrate("20240102000000_ADD_note", "SELECT 1");
        Outcome outcome = await InitAsync();
        Assert.Equal(3, outcome.Code);
        Assert.Contains("differ only in case", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Document));
    }

    [Fact]
    public async Task A_pending_entry_is_filled_in_from_the_SQL_of_its_migration()
    {
        await InitAsync();
        Migrate("20240103000000_drop_note", "ALTER TABLE a DROP COLUMN note;");
        string[] at = ["--changelog", Document];
        await Schemagate.RunAsync(["changelog", "add", "--title", "drop_note", "--description", "Nobody reads it", .. at]);
        Outcome outcome = await Schemagate.RunAsync(["changelog", "migrated", "drop_note", .. at]);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        ChangelogEntry entry = ChangelogParser.Parse(await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken)).Entries
            .Single(entry => entry.Name == "20240103000000_drop_note");
        Assert.Equal((ChangelogStatus.Migrated, RiskLevel.High), (entry.Status, entry.Risk));
        Assert.Equal("Nobody reads it", entry.Field("Description")?.Text);
        Assert.Equal(["Dropped column note of a"], entry.Field("Changes")!.Items);
        Assert.StartsWith("Cannot be undone", entry.Field("Rollback")!.Text, StringComparison.Ordinal);
    }

    private Task<Outcome> InitAsync(params string[] args) => Schemagate.RunAsync(["changelog", "init", "--changelog", Document, .. args]);

    private void Migrate(string name, string sql)
    {
        string directory = Directory.CreateDirectory(Path.Combine(root, "prisma", "migrations", name)).FullName;
        File.WriteAllText(Path.Combine(directory, "migration.sql"), sql);
    }
}
