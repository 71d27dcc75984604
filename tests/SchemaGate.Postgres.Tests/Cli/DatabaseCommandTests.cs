using System.Text.Json;
using SchemaGate.Core.Migrations;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>verify, status and migrate against a server.</summary>
public sealed class DatabaseCommandTests : IDisposable
{
    private const string Bad = "20250101000000_bad";

    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    /// <summary>By standard input, as the documents advise.</summary>
    private static Task<Outcome> RunAsync(string url, params string[] args) =>
        new Schemagate { Input = url }.InvokeAsync([.. args, "--database", "-"], TestContext.Current.CancellationToken);

    private static string[] Words(JsonElement report, string list, string key) =>
        [.. report.GetProperty(list).EnumerateArray().Select(item => item.GetProperty(key).ToString())];

    [Fact]
    public async Task A_fresh_database_is_blocked_by_its_pending_migrations_alone()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome outcome = await RunAsync(database.UrlText(), "verify", _shop.Root, "--output", "json");
        JsonElement report = JsonDocument.Parse(outcome.Output).RootElement;
        Assert.Equal((1, "MigrationsPending"), (outcome.Code, report.GetProperty("reason").GetString()));
        Assert.NotEmpty(Words(report, "findings", "severity"));
        Assert.All(Words(report, "findings", "severity"), severity => Assert.Equal("information", severity));
        Assert.Equal("True True True True False True", string.Join(' ', Words(report, "conditions", "status")));
    }

    [Fact]
    public async Task In_production_a_deployed_entry_that_is_not_applied_blocks()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome outcome = await RunAsync(database.UrlText(), "verify", _shop.Root, "--records-this-database");
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("Blocked: DeployedNotApplied\n", outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>Since 14, DETACH PARTITION locks the partition as it does its table; without a database, what 13 does counts.</summary>
    [Fact]
    public async Task Pending_migrations_are_judged_for_the_servers_own_version()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        _shop.Migrate(
            "20250101000000_parts", "CREATE TABLE p (id int) PARTITION BY LIST (id);\nCREATE TABLE q PARTITION OF p FOR VALUES IN (1);");
        _shop.Migrate("20250201000000_detach", "ALTER TABLE p DETACH PARTITION q;");
        Assert.Contains("1 more table is locked", (await RunAsync(
            database.UrlText(), "verify", _shop.Root, "--output", "json")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("1 more table is locked", (await Schemagate.RunAsync(
            "verify", _shop.Root, "--output", "json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_migrating_the_gate_is_open()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome migrated = await RunAsync(database.UrlText(), "migrate", _shop.Root);
        Assert.Equal((0, "Applied 3 migrations; 0 were there before.\n"), (migrated.Code, migrated.Output));
        Assert.Contains($"applying 2 of 3: {Shop.Second}\n", migrated.Error, StringComparison.Ordinal);
        Outcome verified = await RunAsync(database.UrlText(), "verify", _shop.Root);
        Assert.Equal(0, verified.Code);
        Assert.StartsWith("Open\nAll 3 required migrations are applied.\n", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrating_again_does_nothing()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await RunAsync(database.UrlText(), "migrate", _shop.Root);
        Assert.Equal(new Outcome(0, "Nothing to do: all 3 migrations are applied.\n", ""), await RunAsync(
            database.UrlText(), "migrate", _shop.Root));
    }

    [Fact]
    public async Task Migrating_creates_the_database_and_needs_no_document()
    {
        await using TestDatabase database = TestDatabase.Absent();
        File.Delete(_shop.DocumentPath);
        Assert.Equal(0, (await RunAsync(database.UrlText(), "migrate", _shop.Root)).Code);
        Assert.Equal(0, (await RunAsync(database.UrlText(), "status")).Code);
    }

    [Fact]
    public async Task Another_tools_migrations_are_not_applied_as_prismas_up_to_one_of_them_either()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        _shop.Write("db/migration/V1__a.sql", "CREATE TABLE a (id int);");
        _shop.Write("db/migration/V2__b.sql", "CREATE TABLE b (id int);");
        Outcome whole = await RunAsync(database.UrlText(), "migrate", _shop.Root, "--migrations", "db/migration");
        Assert.Contains("These are Flyway's migrations.", whole.Output, StringComparison.Ordinal);
        Assert.Equal(
            whole, await RunAsync(database.UrlText(), "migrate", _shop.Root, "--migrations", "db/migration", "--through", "V1__a"));
        Assert.Equal(
            ["0"],
            await database.QueryAsync("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task A_migration_that_fails_is_shown_with_file_and_line()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        _shop.Migrate(Bad, "SELECT 1;\n\nALTER TABLE nowhere\n  ADD COLUMN x int;\n");
        Outcome outcome = await RunAsync(database.UrlText(), "migrate", _shop.Root);
        Assert.Equal(1, outcome.Code);
        Assert.Contains($"{_shop.Script(Bad)}:3:1: MigrationFailed\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("relation \"nowhere\" does not exist (42P01)", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"schemagate resolve --rolled-back {Bad}", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_migration_stands_in_the_status_with_its_error()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        _shop.Migrate(Bad, "ALTER TABLE nowhere ADD COLUMN x int;");
        await RunAsync(database.UrlText(), "migrate", _shop.Root);
        Outcome outcome = await RunAsync(database.UrlText(), "status", "--output", "json");
        JsonElement report = JsonDocument.Parse(outcome.Output).RootElement;
        Assert.Equal((1, "MigrationFailed"), (outcome.Code, report.GetProperty("reason").GetString()));
        Assert.Equal("applied applied applied failed", string.Join(' ', Words(report, "history", "state")));
        Assert.Contains("does not exist", Words(report, "history", "error")[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("status")]
    [InlineData("migrate")]
    public async Task A_wrong_password_is_unreachable_and_in_no_output(string command)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string[] path = command == "status" ? [] : [_shop.Root];
        Outcome outcome = await RunAsync(database.UrlText(password: "planted-secret"), [command, .. path]);
        Assert.Equal(3, outcome.Code);
        Assert.Contains("refused the password", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", outcome.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("migrate")]
    public async Task A_server_that_is_not_there_is_unreachable(string command)
    {
        string[] path = command == "status" ? [] : [_shop.Root];
        Outcome outcome = await RunAsync("postgresql://root:planted-secret@127.0.0.1:1/shop", [command, .. path]);
        Assert.Equal(3, outcome.Code);
        Assert.DoesNotContain("planted-secret", outcome.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_output_of_a_whole_life_has_the_password()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string role = $"r{Guid.NewGuid():N}";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'planted-secret'");
        string url = database.UrlText(user: role, password: "planted-secret");
        _shop.Migrate(Bad, "ALTER TABLE nowhere ADD COLUMN x int;");
        string all = string.Concat(
            (await RunAsync(url, "migrate", _shop.Root)).All, (await RunAsync(url, "verify", _shop.Root, "-o", "json")).All,
            (await RunAsync(url, "status")).All);
        await database.ExecuteAsync($"REASSIGN OWNED BY {role} TO CURRENT_USER", $"DROP ROLE {role}");
        Assert.Contains("nowhere", all, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", all, StringComparison.Ordinal);
        Assert.DoesNotContain(role, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_statement_on_the_server()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        _shop.Migrate(Bad, "SELECT pg_sleep(100);");
        using CancellationTokenSource cancellation = new();
        Task<Outcome> run = new Schemagate { Input = database.UrlText() }.InvokeAsync(
            ["migrate", _shop.Root, "--database", "-"], cancellation.Token);
        const string Sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT "
            + "pg_sleep%' AND state = 'active'";
        while ((await database.QueryAsync(Sleeping))[0] == "0")
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await cancellation.CancelAsync();
        Outcome outcome = await run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(130, outcome.Code);
        Assert.Contains($"{Bad}/migration.sql:1:1: Canceled", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("0", (await database.QueryAsync(Sleeping))[0]);
    }

    [Fact]
    public async Task The_report_file_has_what_was_applied_and_what_failed()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        _shop.Migrate(Bad, "SELECT 1;\nALTER TABLE nowhere ADD COLUMN x int;");
        string path = Path.Combine(_shop.Root, "report.json");
        await RunAsync(database.UrlText(), "migrate", _shop.Root, "--report-file", path);
        RunReport report = RunReport.FromJson(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        Assert.Equal(
            (3, Bad, 2, "42P01", FailureClass.Permanent),
            (report.AppliedCount, report.Failure!.Migration, report.Failure.Line, report.Failure.SqlState, report.Failure.Class));
        Assert.Contains($"schemagate resolve --rolled-back {Bad}", report.Failure.Next[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://u:planted-secret@h:port/d", 2, FailureClass.Permanent, "SettingsUnusable")]
    [InlineData("postgresql://u:planted-secret@127.0.0.1:1/d", 3, FailureClass.Transient, "Unreachable")]
    public async Task The_report_file_also_says_why_nothing_ran(string url, int code, FailureClass expected, string kind)
    {
        string path = Path.Combine(_shop.Root, "report.json");
        Assert.Equal(code, (await RunAsync(url, "migrate", _shop.Root, "--report-file", path)).Code);
        string text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal((expected, kind), (RunReport.FromJson(text)!.Failure!.Class, RunReport.FromJson(text)!.Failure!.Kind));
        Assert.DoesNotContain("planted-secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_file_that_cannot_be_written_is_a_warning()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome outcome = await RunAsync(database.UrlText(), "migrate", _shop.Root, "--report-file", "/nowhere/report");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("the report could not be written to /nowhere/report", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_database_than_the_expected_one_is_wrong_usage_and_stays_as_it_is()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome outcome = await RunAsync(database.UrlText(), "migrate", _shop.Root, "--expect-database", "1/shop/public");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("1/shop/public was judged", outcome.Output, StringComparison.Ordinal);
        Assert.Equal([""], await database.QueryAsync("SELECT to_regclass('_prisma_migrations')::text"));
    }

    [Fact]
    public async Task Another_schema_is_another_history()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await RunAsync(database.UrlText(), "migrate", _shop.Root, "--schema", "shop");
        Assert.Equal(0, (await RunAsync(database.UrlText(), "verify", _shop.Root, "--schema", "shop")).Code);
        Assert.Equal(1, (await RunAsync(database.UrlText(), "verify", _shop.Root)).Code);
    }
}
