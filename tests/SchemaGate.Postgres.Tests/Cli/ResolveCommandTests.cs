using System.Text.Json;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>resolve against a server.</summary>
public sealed class ResolveCommandTests : IDisposable
{
    private const string Bad = "20250101000000_bad";

    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    private static Task<Outcome> RunAsync(TestDatabase database, params string[] args) =>
        new Schemagate { DatabaseUrl = database.UrlText() }.InvokeAsync(args, TestContext.Current.CancellationToken);

    [Fact]
    public async Task The_way_out_that_a_failed_run_prints_works()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        _shop.Migrate(Bad, "ALTER TABLE nowhere ADD x int;");
        await RunAsync(database, "migrate", _shop.Root);
        Assert.Equal(new Outcome(0, $"{Bad} is marked as rolled back: it runs again with the next migrate.\n", ""), await RunAsync(
            database, "resolve", "--rolled-back", Bad));
        Assert.Equal(new Outcome(0, $"{Bad} is marked as rolled back already: nothing to do.\n", ""), await RunAsync(
            database, "resolve", "--rolled-back", Bad));
        _shop.Migrate(Bad, "SELECT 1;");
        Assert.Equal(0, (await RunAsync(database, "migrate", _shop.Root)).Code);
    }

    [Fact]
    public async Task What_failed_is_marked_as_applied_where_there_are_no_migrations_and_nothing_else_is()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        _shop.Migrate(Bad, "ALTER TABLE nowhere ADD x int;");
        await RunAsync(database, "migrate", _shop.Root);
        string elsewhere = Directory.CreateDirectory(Path.Combine(_shop.Root, "elsewhere")).FullName;
        Outcome refused = await RunAsync(database, "resolve", elsewhere, "--applied", Bad, "--applied", "20250102000000_none");
        Assert.Equal(1, refused.Code);
        Assert.Contains("elsewhere", refused.Output, StringComparison.Ordinal);
        Assert.Equal((0, $"{Bad} is marked as applied; its failed row is kept, marked as rolled back.\n"), await CodeAndOutputAsync(
            "resolve", elsewhere, "--applied", Bad));
        Assert.Equal((0, "Nothing to do: all 4 migrations are applied.\n"), await CodeAndOutputAsync("migrate", _shop.Root));
        Assert.Single(await database.QueryAsync("SELECT DISTINCT checksum FROM _prisma_migrations WHERE migration_name LIKE '%_bad'"));

        async Task<(int, string)> CodeAndOutputAsync(params string[] args) =>
            await RunAsync(database, args) is var outcome ? (outcome.Code, outcome.Output) : default;
    }

    [Fact]
    public async Task A_database_with_tables_is_baselined_and_then_open()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE companies (id int)", "CREATE TABLE sites (id int)");
        Outcome blocked = await RunAsync(database, "verify", _shop.Root);
        Assert.Contains($"schemagate resolve {_shop.Root} --baseline", blocked.Output, StringComparison.Ordinal);
        Outcome planned = await RunAsync(database, "resolve", _shop.Root, "--baseline", "--through", Shop.Second, "--dry-run");
        Assert.StartsWith(
            "A dry run: nothing was written. Without --dry-run:\nThe table _prisma_migrations is created.\n",
            planned.Output,
            StringComparison.Ordinal);
        Outcome done = await RunAsync(database, "resolve", _shop.Root, "--baseline", "--through", Shop.Second);
        Assert.Equal(
            (0, $"The table _prisma_migrations is created.\n{Shop.First} is marked as applied.\n{Shop.Second} is marked as applied.\n"),
            (done.Code, done.Output));
        Assert.Equal("Applied 1 migration; 2 were there before.\n", (await RunAsync(database, "migrate", _shop.Root)).Output);
        Outcome again = await RunAsync(database, "resolve", _shop.Root, "--baseline");
        Assert.Equal(1, again.Code);
        Assert.StartsWith(
            "ResolveRefused\n  The schema \"public\" has a migration history of 3 rows", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edited_file_is_accepted_and_no_longer_reported()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await RunAsync(database, "migrate", _shop.Root);
        _shop.Migrate(Shop.Second, "CREATE TABLE sites (id int); -- the table of sites");
        Assert.Equal(1, (await RunAsync(database, "verify", _shop.Root, "--edited", "block")).Code);
        JsonElement report = JsonDocument.Parse(
            (await RunAsync(database, "resolve", _shop.Root, "--accept-checksum", Shop.Second, "-o", "json")).Output).RootElement;
        Assert.Equal(
            ("resolved", "checksumAccepted"),
            (report.GetProperty("result").GetString(), report.GetProperty("migrations")[0].GetProperty("change").GetString()));
        Assert.Equal(0, (await RunAsync(database, "verify", _shop.Root, "--edited", "block")).Code);
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_refused_with_the_nearest()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome outcome = await RunAsync(database, "resolve", _shop.Root, "--applied", Shop.Second.ToUpperInvariant());
        Assert.Equal(1, outcome.Code);
        Assert.Contains($"did you mean {Shop.Second}", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_unreachable_and_in_no_output()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome outcome = await new Schemagate { Input = database.UrlText(password: "planted-secret") }
            .InvokeAsync(["resolve", "--rolled-back", Bad, "--database", "-"], TestContext.Current.CancellationToken);
        Assert.Equal(3, outcome.Code);
        Assert.DoesNotContain("planted-secret", outcome.All, StringComparison.Ordinal);
    }
}
