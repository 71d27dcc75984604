using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SchemaGate.Tests.Cli;

public sealed class ChangelogChecklistTests : IDisposable
{
    private readonly Shop shop = new();

    public ChangelogChecklistTests()
    {
        Git("init", "-q");
        Git("config", "user.email", "a@example.com");
        Git("config", "user.name", "a");
    }

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task The_documents_own_points_are_answered()
    {
        shop.Write("prisma/schema.prisma", "model Site {}");
        Commit();
        (int code, string[] states) = await StatesAsync("add_sites_model");
        Assert.Equal((0, "yes yes open open yes yes open"), (code, string.Join(' ', states)));
    }

    [Fact]
    public async Task A_migration_that_is_committed_without_its_schema_is_a_no()
    {
        Commit();
        (int code, string[] states) = await StatesAsync("add_sites_model");
        Assert.Equal((1, "no"), (code, states[5]));
    }

    [Theory]
    [InlineData("UPDATE sites SET name = 'x' WHERE name IS NULL;", "yes")]
    [InlineData("UPDATE sites SET name = 'x'; ALTER TABLE sites ADD COLUMN a int;", "no")]
    public async Task A_migration_of_rows_only_needs_no_schema_beside_it(string sql, string state)
    {
        shop.Migrate("20250101000000_fill", sql);
        Commit();
        Assert.Equal(state, (await StatesAsync("20250101000000_fill")).States[5]);
    }

    [Theory]
    [InlineData("CREATE ROLE reader;")]
    [InlineData("DO $$ BEGIN CREATE ROLE reader; END $$;")]
    [InlineData("ALTER DATABASE shop SET work_mem = '1GB';")]
    public async Task What_changes_the_server_itself_is_not_run(string sql)
    {
        shop.Migrate("20250101000000_roles", sql);
        Outcome outcome = await RunAsync("20250101000000_roles", "--scratch", "postgresql://localhost:1/x");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("20250101000000_roles changes the server itself", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_committed_is_a_no() => Assert.Equal("no", (await StatesAsync("add_sites_model")).States[5]);

    [Fact]
    public async Task A_migration_without_an_entry_is_not_documented()
    {
        shop.Migrate("20250101000000_new", "SELECT 1");
        (int code, string[] states) = await StatesAsync("20250101000000_new");
        Assert.Equal((1, "no yes open no no no open"), (code, string.Join(' ', states)));
    }

    [Fact]
    public async Task Markdown_has_boxes()
    {
        Outcome outcome = await RunAsync("add_sites_model", "--output", "markdown");
        Assert.Contains("- [x] Document change in this file - line 32\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("- [ ] Test rollback procedure - words only: untested\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_nobody_knows_has_no_checklist() => Assert.Equal(1, (await RunAsync("nothing")).Code);

    private async Task<(int Code, string[] States)> StatesAsync(string name)
    {
        Outcome outcome = await RunAsync(name, "--output", "json");
        return (outcome.Code, [.. JsonNode.Parse(outcome.Output)!["items"]!.AsArray().Select(item => (string)item!["state"]!)]);
    }

    private Task<Outcome> RunAsync(params string[] args) =>
        Schemagate.RunAsync(["changelog", "checklist", "--changelog", shop.DocumentPath, .. args]);

    private void Commit()
    {
        Git("add", ".");
        Git("commit", "-q", "-m", "x");
    }

    private void Git(params string[] args)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", args) { WorkingDirectory = shop.Root })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
