using System.Text.Json;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary><c>schemagate prove</c>, from what ran in a live database to its exit code.</summary>
public sealed class ProveCommandTests : IDisposable
{
    private const string Shapes = """
        [{"query": "SELECT total FROM orders WHERE id = $1", "calls": 1200, "role": "shop"},
         {"query": "SELECT note FROM orders", "calls": 3}, {"query": "SET x TO 1"}]
        """;

    private readonly Migrations _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task What_ran_in_a_live_database_is_proved_and_nothing_of_the_proof_stays()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync("-c shared_preload_libraries=pg_stat_statements");
        await using TestDatabase live = await TestDatabase.CreateAsync(server.Url);
        await Schemagate.RunAsync(["migrate", _checkout.Root, "--through", Migrations.First, "--database", live.UrlText()]);
        await live.ExecuteAsync("CREATE EXTENSION pg_stat_statements", "SELECT total FROM orders WHERE id = 1", "SELECT note FROM orders");
        Outcome outcome = await Schemagate.RunAsync(["prove", _checkout.Root, "--database", live.UrlText()]);
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.Contains(
            $"{Migrations.Second}/migration.sql:2  ALTER TABLE orders DROP COLUMN total", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("  broken  SELECT total FROM orders WHERE id = $1\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(
            "column \"total\" does not exist (42703).\n    1 call by postgres; table orders", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\nFailed: ", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(await live.QueryAsync("SELECT 1 FROM pg_stat_activity WHERE datname LIKE 'schemagate_scratch%'"));
        Assert.Equal(["id", "note", "total"], await live.QueryAsync(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0 ORDER BY 1"));
    }

    [Theory]
    [InlineData("shapes.json", Shapes)]
    [InlineData("shapes.jsonl", "{\"query\": \"SELECT total FROM orders\"}\n{\"query\": \"SELECT note FROM orders\", \"calls\": 2}\n")]
    [InlineData("shapes.csv", "query,calls\n\"SELECT total\nFROM \"\"orders\"\"\",7\nSELECT note FROM orders,2\n\"SET a TO 1\",1\n")]
    [InlineData("shapes.sql", "SELECT date $1, nothing FROM orders;\nSELECT total FROM orders;\n SELECT note FROM orders; BEGIN;")]
    public async Task A_file_of_statements_does_without_a_live_database(string file, string text)
    {
        await using TestDatabase server = await TestDatabase.CreateAsync();
        JsonElement report = JsonDocument.Parse((await ProveAsync(server, file, text, "--output", "json")).Output).RootElement;
        Assert.Equal("failed", report.GetProperty("result").GetString());
        Assert.Equal(1, report.GetProperty("summary").GetProperty("broken").GetInt32());
        Assert.Equal(1, report.GetProperty("summary").GetProperty("surviving").GetInt32());
        JsonElement broken = report.GetProperty("statements")[0];
        Assert.Equal(Migrations.Second, broken.GetProperty("migration").GetString());
        Assert.Equal(("42703", 2), (broken.GetProperty("sqlState").GetString(), broken.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData("github", "migration.sql,line=2,endLine=2,col=1,endColumn=2,title=statement-broken::SELECT total FROM orders")]
    [InlineData("markdown", "❌ schemagate prove failed")]
    [InlineData("junit", "<failure type=\"Breaks\"")]
    public async Task Pipelines_see_each_broken_statement_at_the_migrations_line(string format, string says)
    {
        await using TestDatabase server = await TestDatabase.CreateAsync();
        Outcome outcome = await ProveAsync(server, "shapes.json", Shapes, "--output", format);
        Assert.Equal(1, outcome.Code);
        Assert.Contains(says, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_is_proved_for_the_code_that_it_would_meet()
    {
        _checkout.Write("down.sql", "ALTER TABLE orders ADD total numeric;\nDROP INDEX orders_note;\nALTER TABLE orders DROP note;");
        await using TestDatabase server = await TestDatabase.CreateAsync();
        Outcome outcome = await ProveAsync(server, "shapes.json", Shapes, "--rollback", _checkout.At("down.sql"));
        Assert.Equal(1, outcome.Code);
        Assert.Contains("down.sql:3  ALTER TABLE orders DROP note\n  broken  SELECT note", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Unproven\n  SELECT total", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "Name the database with --database", "shapes.json", Shapes)]
    [InlineData(2, "no JSON that can be read", "shapes.json", "[{\"query\": ", "--since", Migrations.First)]
    [InlineData(2, "there is no migration nothing", "shapes.json", Shapes, "--since", "nothing")]
    [InlineData(2, "no file", "", "", "--since", Migrations.First)]
    public async Task What_cannot_be_proved_is_said(int exitCode, string says, string file, string text, params string[] options)
    {
        string statements = file.Length == 0 ? "no file" : _checkout.Write(file, text);
        Outcome outcome = await Schemagate.RunAsync(["prove", _checkout.Root, "--statements", statements, .. options]);
        Assert.Equal(exitCode, outcome.Code);
        Assert.Contains(says, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_the_extension_is_told_how_to_have_it()
    {
        await using TestDatabase live = await TestDatabase.CreateAsync();
        Outcome outcome = await Schemagate.RunAsync(["prove", _checkout.Root, "--database", live.UrlText()]);
        Assert.Equal(3, outcome.Code);
        Assert.Contains("CREATE EXTENSION pg_stat_statements", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BEGIN;", "used.sql has no statement that can be prepared.")]
    [InlineData("SELECT nothing FROM orders;", "Nothing is proved: all 1 fail before the migrations, too.")]
    public async Task A_proof_of_no_statement_is_no_proof(string statements, string why)
    {
        await using TestDatabase server = await TestDatabase.CreateAsync();
        Outcome outcome = await ProveAsync(server, "used.sql", statements);
        Assert.Equal(1, outcome.Code);
        Assert.Contains(why, outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\nNothing proved: ", outcome.Output, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse((await ProveAsync(server, "used.sql", statements, "--output", "json")).Output).RootElement;
        Assert.Equal("nothing proved", report.GetProperty("result").GetString());
    }

    /// <summary>The column was made by hand: the history knows nothing of it.</summary>
    [Theory]
    [InlineData("history", "column \"by_hand\" of relation \"orders\" does not exist (42703). Nothing is proved beyond it.")]
    [InlineData("live", "  broken  SELECT by_hand FROM orders\n    It fails")]
    public async Task What_was_made_by_hand_is_there_in_a_scratch_database_like_the_live_one(string like, string says)
    {
        _checkout.Migrate(Migrations.Third, "ALTER TABLE orders DROP COLUMN by_hand;");
        await using TestDatabase live = await TestDatabase.CreateAsync();
        await Schemagate.RunAsync(["migrate", _checkout.Root, "--through", Migrations.First, "--database", live.UrlText()]);
        await live.ExecuteAsync("ALTER TABLE orders ADD COLUMN by_hand text");
        string[] prove = ["prove", _checkout.Root, "--database", live.UrlText(), "--like", like];
        string statements = _checkout.Write("used.sql", "SELECT by_hand FROM orders; SELECT note FROM orders;");
        Outcome outcome = await Schemagate.RunAsync([.. prove, "--statements", statements]);
        Assert.Equal(1, outcome.Code);
        Assert.Contains(says, outcome.All, StringComparison.Ordinal);
        Outcome since = await Schemagate.RunAsync([.. prove, "--statements", statements, "--since", Migrations.First]);
        Assert.Equal(like == "live" ? 2 : 1, since.Code);
    }

    [Fact]
    public async Task A_migration_that_changes_the_server_is_not_run_beside_it()
    {
        _checkout.Migrate(Migrations.Third, "CREATE ROLE schemagate_proof_stranger;");
        await using TestDatabase server = await TestDatabase.CreateAsync();
        Outcome outcome = await ProveAsync(server, "shapes.json", Shapes);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("changes the server itself", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(await server.QueryAsync("SELECT 1 FROM pg_roles WHERE rolname = 'schemagate_proof_stranger'"));
    }

    [Fact]
    public async Task What_one_migration_makes_and_a_later_one_runs_is_not_run_beside_the_server_either()
    {
        _checkout.Migrate(Migrations.First,
            "CREATE FUNCTION mk() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE ROLE schemagate_proof_stranger; END $$;");
        _checkout.Migrate(Migrations.Third, "SELECT mk();");
        await using TestDatabase server = await TestDatabase.CreateAsync();
        Outcome outcome = await ProveAsync(server, "shapes.json", Shapes);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("changes the server itself", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(await server.QueryAsync("SELECT 1 FROM pg_roles WHERE rolname = 'schemagate_proof_stranger'"));
    }

    [Fact]
    public async Task Where_nothing_tells_what_is_applied_nothing_is_proved()
    {
        await using TestDatabase live = await TestDatabase.CreateAsync();
        await live.ExecuteAsync("CREATE TABLE orders (id int)");
        Outcome outcome = await Schemagate.RunAsync(
            ["prove", _checkout.Root, "--statements", _checkout.Write("shapes.json", Shapes), "--database", live.UrlText()]);
        Assert.Equal(3, outcome.Code);
        Assert.Contains("nothing tells what is applied", outcome.Error, StringComparison.Ordinal);
    }

    private Task<Outcome> ProveAsync(TestDatabase server, string file, string text, params string[] options) => Schemagate.RunAsync(
        [
            "prove", _checkout.Root, "--statements", _checkout.Write(file, text), "--since", Migrations.First,
            "--scratch", server.UrlText(), .. options,
        ]);
}
