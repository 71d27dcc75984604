using System.Diagnostics;
using System.Text.Json;
using SchemaGate.Core.Changelogs;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary><c>schemagate drift adopt</c> against a server.</summary>
public sealed class AdoptCommandTests
{
    private const string Title = "orders_note_index";
    private const string Rows =
        $"SELECT count(*) FROM _prisma_migrations WHERE migration_name LIKE '%_{Title}' AND finished_at IS NOT NULL";

    [Fact]
    public async Task What_was_done_by_hand_becomes_a_migration_an_entry_and_a_row_and_then_nothing_differs()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(DriftedShop.Index);
        Outcome outcome = await shop.AdoptAsync("Orders note index");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        string name = Assert.Single(shop.MigrationNames, name => name.EndsWith($"_{Title}", StringComparison.Ordinal));
        Assert.Equal(name, shop.MigrationNames[^1]);
        Assert.Contains($"{name} is marked as applied", outcome.Output, StringComparison.Ordinal);
        ChangelogEntry entry = Assert.Single(ChangelogParser.Parse(shop.Shop.Document).Entries, entry => entry.Name == name);
        Assert.Equal(ChangelogStatus.Migrated, entry.Status);
        Assert.Equal($"prisma/migrations/{name}/migration.sql", entry.Field("Migration File")!.Text);
        Assert.NotNull(entry.Risk);
        Assert.Equal(["1"], await shop.Database.QueryAsync(Rows));
        Assert.Equal(0, (await shop.DiffAsync()).Code);
        Assert.Equal(
            "Nothing to do: all 5 migrations are applied.\n", (await shop.RunAsync("migrate", shop.Shop.Root)).Output);
        await using TestDatabase fresh = await TestDatabase.CreateAsync();
        await DriftedShop.RunAsync(fresh.UrlText(), "migrate", shop.Shop.Root);
        Assert.Equal(0, (await shop.DiffAsync("--from", $"database:{fresh.UrlText()}")).Code);
        Assert.Contains("Nothing to adopt", (await shop.AdoptAsync(Title)).Output, StringComparison.Ordinal);
        Assert.Single(shop.MigrationNames, other => other.EndsWith($"_{Title}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pending_entry_of_that_name_becomes_the_migrations()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(DriftedShop.Index);
        shop.Shop.Document = shop.Shop.PendingDocument.Replace("add_coupons", Title, StringComparison.Ordinal);
        Assert.Equal(0, (await shop.AdoptAsync(Title)).Code);
        Assert.DoesNotContain(ChangelogParser.Parse(shop.Shop.Document).Entries, entry => entry.IsPending);
        Assert.Equal(0, (await shop.RunAsync("verify", shop.Shop.Root)).Code);
    }

    [Fact]
    public async Task A_dry_run_shows_all_of_it_and_writes_nothing()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(DriftedShop.Index);
        (string[] names, string document) = (shop.MigrationNames, shop.Shop.Document);
        Outcome outcome = await shop.AdoptAsync(Title, "--dry-run");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("CREATE INDEX", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("+- **Migration File:**", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("is marked as applied", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(names, shop.MigrationNames);
        Assert.Equal(document, shop.Shop.Document);
        Assert.Equal(["0"], await shop.Database.QueryAsync(Rows));
    }

    [Fact]
    public async Task What_destroys_is_adopted_only_where_that_is_allowed()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync("DROP TABLE sites");
        Outcome refused = await shop.AdoptAsync("drop_sites");
        Assert.Equal(1, refused.Code);
        Assert.Contains("--allow-destructive", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(shop.MigrationNames, name => name.EndsWith("drop_sites", StringComparison.Ordinal));
        Assert.Equal(0, (await shop.AdoptAsync("drop_sites", "--allow-destructive")).Code);
        Assert.Equal(0, (await shop.DiffAsync()).Code);
    }

    [Fact]
    public async Task Broken_off_before_the_row_the_same_command_writes_it_and_nothing_else()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(DriftedShop.Index);
        Outcome begun = await shop.AdoptAsync(Title, "--no-resolve", "--output", "json");
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(begun.Output).RootElement.GetProperty("history").ValueKind);
        (string[] names, string document) = (shop.MigrationNames, shop.Shop.Document);
        Assert.Equal(["0"], await shop.Database.QueryAsync(Rows));
        Assert.Equal(0, (await shop.AdoptAsync(Title)).Code);
        Assert.Equal(["1"], await shop.Database.QueryAsync(Rows));
        Assert.Equal(names, shop.MigrationNames);
        Assert.Equal(document, shop.Shop.Document);
    }

    [Fact]
    public async Task Another_pending_migration_of_that_name_is_not_taken_for_it()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(DriftedShop.Index);
        shop.Shop.Migrate($"20250401000000_{Title}", "CREATE INDEX orders_total ON orders (total);");
        Outcome outcome = await shop.AdoptAsync(Title);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("does not make what the database has", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(["0"], await shop.Database.QueryAsync(Rows));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_another_checkouts_migrations_made_is_not_adopted(bool lacks)
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(DriftedShop.Index);
        if (lacks)
        {
            Directory.Delete(Path.GetDirectoryName(shop.Shop.Script(Shop.Third))!, recursive: true);
        }
        else
        {
            shop.Shop.Migrate(Shop.Second, "CREATE TABLE sites (id int, name text);");
        }

        string[] names = shop.MigrationNames;
        Outcome outcome = await shop.AdoptAsync(Title, "--allow-destructive");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("The files and the history disagree", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(lacks ? Shop.Third : Shop.Second, outcome.Output, StringComparison.Ordinal);
        Assert.Equal(names, shop.MigrationNames);
        Assert.Equal(["0"], await shop.Database.QueryAsync(Rows));
    }

    /// <summary>As long as a whole run takes, in steps.</summary>
    [Fact]
    public async Task A_run_that_is_killed_at_any_time_is_finished_by_the_next()
    {
        await using DriftedShop shop = await DriftedShop.CreateAsync(DriftedShop.Index);
        int last = 0;
        for (int delay = 200; last == 0 && delay < 60_000; delay += delay < 2000 ? 300 : delay / 3)
        {
            using Process run = Process.Start(new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "schemagate"), ["drift", "adopt", Title, shop.Shop.Root])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                Environment = { ["DATABASE_URL"] = shop.Database.UrlText() },
            })!;
            last = run.WaitForExit(TimeSpan.FromMilliseconds(delay)) ? 1 : 0;
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(last == 0 || run.ExitCode == 0, $"exit code {run.ExitCode}");
        }

        Assert.Equal(1, last);
        Assert.Single(shop.MigrationNames, name => name.EndsWith($"_{Title}", StringComparison.Ordinal));
        Assert.Single(ChangelogParser.Parse(shop.Shop.Document).Entries, entry => entry.Name.EndsWith(Title, StringComparison.Ordinal));
        Assert.Equal(["1"], await shop.Database.QueryAsync(Rows));
        Assert.Equal(0, (await shop.DiffAsync()).Code);
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.Combine(shop.Shop.Root, "prisma")));
    }
}
