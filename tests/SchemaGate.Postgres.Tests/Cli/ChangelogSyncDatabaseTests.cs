using SchemaGate.Core.Changelogs;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary><c>schemagate changelog</c> against a server's history.</summary>
public sealed class ChangelogSyncDatabaseTests : IDisposable
{
    private readonly Migrations _checkout = new();

    private string Document => _checkout.At("docs/DATABASE_SCHEMA_CHANGELOG.md");

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task Exactly_the_applied_move_and_the_rolled_back_failed_and_edited_stay()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        _checkout.Migrate("20250401000000_rolled_back", "CREATE TABLE r (id int);");
        _checkout.Migrate("20250501000000_failed", "CREATE TABLE f (id int); SELECT 1 / 0;");
        Assert.Equal(0, (await RunAsync(null, "init")).Code);
        await MigrateAsync(database);
        await database.ExecuteAsync(
            "UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '20250401000000_rolled_back'",
            "UPDATE _prisma_migrations SET finished_at = '2024-12-27 10:00:00+00'");
        await database.ExecuteAsync(
            "UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '20250501000000_failed'");
        _checkout.Migrate(Migrations.Third, "CREATE INDEX orders_note_2 ON orders (note);");
        Outcome outcome = await RunAsync(database.UrlText(), "sync");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Equal([$"{Migrations.First} December 27, 2024", $"{Migrations.Second} December 27, 2024"], Deployed());
        Assert.Contains($"'{Migrations.Third}' stays", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("'20250401000000_rolled_back' stays", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("'20250501000000_failed' stays", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_lose_nothing()
    {
        await using TestDatabase production = await TestDatabase.CreateAsync();
        await using TestDatabase staging = await TestDatabase.CreateAsync();
        await RunAsync(null, "init");
        await MigrateAsync(production);
        await MigrateAsync(staging);
        Outcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => RunAsync(
            null, "sync", "--environment", number % 2 == 0 ? $"production={production.UrlText()}" : $"staging={staging.UrlText()}")));
        Assert.All(outcomes, outcome => Assert.Equal((0, ""), (outcome.Code, outcome.Error)));
        Changelog changelog = ChangelogParser.Parse(await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken));
        Assert.Equal(3, changelog.Entries.Count);
        Assert.All(changelog.Entries, entry => Assert.Equal(ChangelogStatus.Deployed, entry.Status));
        Assert.All(changelog.Entries, entry => Assert.True(entry.Field("Date Deployed") is { HasContent: true }));
        Assert.All(changelog.Entries, entry => Assert.True(entry.Field("Date Deployed (staging)") is { HasContent: true }));
    }

    [Fact]
    public async Task A_new_document_has_as_deployed_what_the_history_says_is_applied()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await MigrateAsync(database);
        await database.ExecuteAsync(
            "UPDATE _prisma_migrations SET finished_at = '2024-12-27 10:00:00+00'",
            $"UPDATE _prisma_migrations SET checksum = 'other' WHERE migration_name = '{Migrations.Third}'");
        Outcome outcome = await RunAsync(database.UrlText(), "init");
        Assert.Equal(0, outcome.Code);
        Assert.DoesNotContain(database.Url().Password!, outcome.All, StringComparison.Ordinal);
        Assert.Contains($"'{Migrations.Third}' is written as MIGRATED: in ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal([$"{Migrations.First} December 27, 2024", $"{Migrations.Second} December 27, 2024"], Deployed());
    }

    [Fact]
    public async Task A_history_of_one_number_begins_a_document_with_that_migration_as_deployed_and_no_earlier_one()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        foreach (string name in (string[])["000001_a", "000002_b", "000003_c"])
        {
            _checkout.Write($"db/migrations/{name}.up.sql", $"CREATE TABLE t{name} (id int);");
            _checkout.Write($"db/migrations/{name}.down.sql", $"DROP TABLE t{name};");
        }

        await database.ExecuteAsync(
            "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)",
            "INSERT INTO schema_migrations VALUES (3, false)");
        Outcome outcome = await RunAsync(
            database.UrlText(), "init", "--migrations", _checkout.At("db/migrations"), "--tool", "GolangMigrate");
        Assert.Equal(0, outcome.Code);
        Assert.Equal(["000003_c "], Deployed());
    }

    [Fact]
    public async Task A_database_that_is_not_there_moves_nothing()
    {
        await RunAsync(null, "init");
        await using TestDatabase database = TestDatabase.Absent();
        string before = await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken);
        Assert.Equal(3, (await RunAsync(database.UrlText(), "sync")).Code);
        Assert.Equal(before, await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken));
    }

    private string[] Deployed() =>
    [
        .. ChangelogParser.Parse(File.ReadAllText(Document)).Entries.Where(entry => entry.Status == ChangelogStatus.Deployed)
            .Select(entry => $"{entry.Name} {entry.Field("Date Deployed")?.Text}"),
    ];

    private Task<Outcome> MigrateAsync(TestDatabase database) => new Schemagate { Input = database.UrlText() }.InvokeAsync(
        ["migrate", _checkout.Root, "--database", "-"], TestContext.Current.CancellationToken);

    private Task<Outcome> RunAsync(string? url, string command, params string[] args) => new Schemagate { Input = url ?? "" }.InvokeAsync(
        ["changelog", command, "--changelog", Document, .. args, .. url is null ? (string[])[] : ["--database", "-"]],
        TestContext.Current.CancellationToken);
}
