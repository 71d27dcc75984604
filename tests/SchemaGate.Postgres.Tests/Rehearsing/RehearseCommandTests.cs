using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using SchemaGate.Postgres.Tests.Cli;
using SchemaGate.Postgres.Tests.Scratch;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Rehearsing;

/// <summary><c>schemagate rehearse</c>: pending migrations and their rollbacks in a scratch database beside the live one.</summary>
public sealed class RehearseCommandTests(OwnServer own) : IClassFixture<OwnServer>, IDisposable
{
    private const string Added = "20250401000000_added";
    private const string Live = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        + "UNION ALL SELECT migration_name FROM _prisma_migrations ORDER BY 1";

    private readonly Migrations _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task What_is_pending_runs_beside_the_live_database_and_back_and_the_live_one_is_as_before()
    {
        await using TestDatabase live = await LiveAsync();
        await live.ExecuteAsync("INSERT INTO orders SELECT n, 'note' FROM generate_series(1, 20000) n", "ANALYZE orders");
        IReadOnlyList<string> before = await live.QueryAsync(Live);
        Pending("ALTER TABLE orders ALTER COLUMN id TYPE int;", "```sql\n  ALTER TABLE orders ALTER COLUMN id TYPE bigint;\n  ```");
        Outcome outcome = await RehearseAsync(live);
        Assert.True(outcome.Code == 0, outcome.All);
        Assert.StartsWith("The pending migration ran on a scratch database.\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("column public.orders.id: changes type from bigint to integer", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(
            @"public\.orders \(about 20,000 rows, [\d.]+ MB with indexes\): ACCESS EXCLUSIVE while all of it is rewritten; "
                + "reads and writes stop for",
            outcome.Output);
        Assert.Contains("rollback: it ran, and the schema is as it was\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(before, await live.QueryAsync(Live));
        Assert.Empty(await own.LeftAsync("schemagate_scratch_"));
    }

    [Fact]
    public async Task A_table_that_somebody_has_locked_takes_the_estimate_and_not_the_rehearsal()
    {
        await using TestDatabase live = await LiveAsync();
        Pending("ALTER TABLE orders ADD COLUMN more text;", null);
        await using NpgsqlConnection busy = await live.ConnectAsync();
        await using NpgsqlTransaction open = await busy.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand locks = new("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE", busy, open);
        await locks.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Outcome outcome = await RehearseAsync(live);
        Assert.True(outcome.Code == 0, outcome.All);
        Assert.Contains("The pending migration ran on a scratch database.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("How long locks last is not said", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP INDEX orders_more;", 1, "differs", "it ran, and the schema is not as it was: column public.orders.more is left")]
    [InlineData("SELECT 1;\nDROP TABLE nothing;", 1, "failed", "line 2, column 1: table \"nothing\" does not exist (42P01).")]
    [InlineData("ALTER TABLE orders DROP COLUMN more;", 0, "asItWas", "it ran, and the schema is as it was")]
    [InlineData("Drop the column", 0, "wordsOnly", "untested: the entry gives no SQL")]
    [InlineData(null, 0, "absent", "untested: nobody wrote one")]
    public async Task A_rollback_leads_back_or_not_and_words_are_untested(string? rollback, int code, string result, string says)
    {
        await using TestDatabase live = await LiveAsync();
        Pending(
            "ALTER TABLE orders ADD COLUMN more text; CREATE INDEX orders_more ON orders (more);",
            rollback?.EndsWith(';') == true ? $"```sql\n  {rollback.Replace("\n", "\n  ", StringComparison.Ordinal)}\n  ```" : rollback);
        Outcome outcome = await RehearseAsync(live, "--output", "json");
        Assert.True(outcome.Code == code, outcome.All);
        JsonElement back = Migration(outcome).GetProperty("rollback");
        Assert.Equal(result, back.GetProperty("result").GetString());
        Assert.Contains(says, back.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_done_last_is_undone_first_and_one_without_a_way_back_stops_no_other()
    {
        await using TestDatabase live = await LiveAsync();
        Pending("CREATE TABLE a (id int PRIMARY KEY);", null);
        _checkout.Write($"prisma/migrations/{Added}/down.sql", "DROP TABLE a;");
        _checkout.Migrate("20250402000000_b", "CREATE TABLE b (id int REFERENCES a);");
        _checkout.Write("prisma/migrations/20250402000000_b/down.sql", "DROP TABLE b;");
        _checkout.Migrate("20250403000000_c", "CREATE TABLE c (id int);");
        Outcome outcome = await RehearseAsync(live, "--output", "json");
        Assert.True(outcome.Code == 0, outcome.All);
        Assert.Equal(
            ["asItWas", "asItWas", "absent"],
            JsonDocument.Parse(outcome.Output).RootElement.GetProperty("migrations").EnumerateArray()
                .Select(migration => migration.GetProperty("rollback").GetProperty("result").GetString()).ToArray());
    }

    [Fact]
    public async Task A_migration_that_fails_is_told_with_its_place_and_what_is_behind_it_is_not_run()
    {
        await using TestDatabase live = await LiveAsync();
        Pending("SELECT 1;\nALTER TABLE nothing ADD COLUMN a int;", null);
        _checkout.Migrate("20250402000000_b", "SELECT 1;");
        Outcome outcome = await RehearseAsync(live);
        Assert.Equal(1, outcome.Code);
        Assert.Contains($"{Added} fails on a scratch database.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("line 2, column 1: relation \"nothing\" does not exist (42P01)", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith("Not run\n  20250402000000_b\n", outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>Rows that are gone do not come back with their column.</summary>
    [Fact]
    public async Task A_rollback_that_brings_back_a_column_and_not_its_rows_says_so()
    {
        await using TestDatabase live = await LiveAsync();
        Pending("ALTER TABLE orders DROP COLUMN note;", null);
        _checkout.Write(
            $"prisma/migrations/{Added}/down.sql",
            "ALTER TABLE orders ADD COLUMN note text; CREATE INDEX orders_note ON orders (note);");
        Outcome outcome = await RehearseAsync(live);
        Assert.True(outcome.Code == 0, outcome.All);
        Assert.Contains("rows it does not bring back", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_only_read_is_enough_for_the_live_database()
    {
        await using TestDatabase live = await LiveAsync();
        await using TestDatabase server = await TestDatabase.CreateAsync(own.Url);
        string role = $"r{Guid.NewGuid():N}";
        await live.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'planted-secret'", $"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
            $"ALTER ROLE {role} SET default_transaction_read_only = on", $"GRANT EXECUTE ON FUNCTION pg_control_system() TO {role}");
        Pending("CREATE TABLE more (id int);", "`DROP TABLE more;`");
        Outcome outcome = await new Schemagate { Input = server.UrlText() }.InvokeAsync(
            ["rehearse", _checkout.Root, "--database", live.UrlText(user: role, password: "planted-secret"), "--scratch", "-"],
            TestContext.Current.CancellationToken);
        await live.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        Assert.True(outcome.Code == 0, outcome.All);
        Assert.DoesNotContain("planted-secret", outcome.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_create_databases_is_told_what_to_do()
    {
        await using TestDatabase live = await LiveAsync();
        string role = $"r{Guid.NewGuid():N}";
        await live.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'planted-secret'", $"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
            $"GRANT EXECUTE ON FUNCTION pg_control_system() TO {role}");
        Pending("CREATE TABLE more (id int);", null);
        Outcome outcome = await new Schemagate { DatabaseUrl = live.UrlText(user: role, password: "planted-secret") }.InvokeAsync(
            ["rehearse", _checkout.Root], TestContext.Current.CancellationToken);
        await live.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("CREATEDB", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("--scratch", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREATE EXTENSION nothing_there;", "has not the extension nothing_there, which the migrations create")]
    [InlineData("CREATE ROLE somebody;", "changes the server itself")]
    public async Task What_cannot_be_run_beside_a_live_database_is_refused_before_anything_runs(string sql, string says)
    {
        await using TestDatabase live = await LiveAsync();
        Pending(sql, null);
        Outcome outcome = await RehearseAsync(live);
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains(says, outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>The index was made by hand: the history knows nothing of it.</summary>
    [Theory]
    [InlineData("history", 1)]
    [InlineData("live", 0)]
    public async Task What_was_made_by_hand_is_there_in_a_scratch_database_like_the_live_one(string like, int code)
    {
        await using TestDatabase live = await LiveAsync();
        await live.ExecuteAsync("CREATE INDEX by_hand ON orders (note)");
        Pending("DROP INDEX by_hand;", "`CREATE INDEX by_hand ON orders (note);`");
        Outcome outcome = await RehearseAsync(live, "--like", like);
        Assert.True(outcome.Code == code, outcome.All);
        Assert.Equal(code == 0, outcome.Output.Contains("it ran, and the schema is as it was", StringComparison.Ordinal));
        Assert.Empty(await own.LeftAsync("schemagate_scratch_"));
    }

    [Fact]
    public async Task Two_at_once_do_not_disturb_each_other()
    {
        await using TestDatabase live = await LiveAsync();
        Pending("CREATE TABLE more (id int);", "`DROP TABLE more;`");
        Outcome[] outcomes = await Task.WhenAll(RehearseAsync(live), RehearseAsync(live));
        Assert.All(outcomes, outcome => Assert.True(outcome.Code == 0, outcome.All));
        Assert.Empty(await own.LeftAsync("schemagate_scratch_"));
    }

    /// <summary>In the middle of a statement; the next rehearsal, of whatever, removes what it left.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_killed_rehearsal_leaves_goes_with_the_next_one(bool inRollback)
    {
        await using TestDatabase live = await LiveAsync();
        string mark = Guid.NewGuid().ToString("N");
        string sleeping = $"SELECT pg_sleep(300) /* {mark} */;";
        Pending(inRollback ? "SELECT 1;" : sleeping, inRollback ? $"`{sleeping}`" : null);
        string running =
            $"SELECT datname FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%{mark}%' AND pid <> pg_backend_pid()";
        using Process run = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "schemagate"), ["rehearse", _checkout.Root])
        {
            Environment = { ["DATABASE_URL"] = live.UrlText() },
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await live.UntilAsync($"SELECT count(*) FROM ({running}) AS at", "1");
        string scratch = Assert.Single(await live.QueryAsync(running));
        Assert.StartsWith("schemagate_scratch_", scratch, StringComparison.Ordinal);
        run.Kill();
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Pending("SELECT 1;", null);
        Assert.Equal(0, (await RehearseAsync(live)).Code);
        Assert.Empty(await own.LeftAsync("schemagate_scratch_"));
    }

    [Fact]
    public async Task Nothing_pending_is_nothing_to_rehearse_and_nowhere_is_a_usage_error()
    {
        await using TestDatabase live = await LiveAsync();
        Outcome outcome = await RehearseAsync(live);
        Assert.Equal((0, "Nothing to rehearse: all 3 migrations are applied.\n"), (outcome.Code, outcome.Output));
        Assert.Equal(2, (await Schemagate.RunAsync("rehearse", _checkout.Root)).Code);
    }

    [Fact]
    public async Task A_comment_for_a_pull_request_has_all_of_it_and_quotes_nothing_as_markdown()
    {
        await using TestDatabase live = await LiveAsync();
        Pending("CREATE TABLE \"<b>@all\" (id int);", "`DROP TABLE \"<b>@all\";`");
        Outcome outcome = await RehearseAsync(live, "--output", "markdown");
        Assert.True(outcome.Code == 0, outcome.All);
        Assert.Contains("### ✅ Rehearsal: The pending migration ran on a scratch database.\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("- makes table public.&lt;b>&#64;all\n", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comment_for_a_pull_request_names_the_statements_that_break()
    {
        await using TestDatabase live = await LiveAsync();
        Pending("ALTER TABLE orders RENAME TO purchases;", null);
        string file = _checkout.Write("statements.sql", "SELECT 1 FROM orders;");
        Outcome outcome = await RehearseAsync(live, "--output", "markdown", "--statements", file);
        Assert.True(outcome.Code == 1, outcome.All);
        Assert.Matches(@"- broken \(\S+:1\): It fails .* SELECT 1 FROM orders\n", outcome.Output);
    }

    /// <summary>A database that has the checkout's three migrations.</summary>
    private async Task<TestDatabase> LiveAsync()
    {
        TestDatabase live = await TestDatabase.CreateAsync(own.Url);
        Outcome outcome = await new Schemagate { DatabaseUrl = live.UrlText() }.InvokeAsync(
            ["migrate", _checkout.Root], TestContext.Current.CancellationToken);
        Assert.True(outcome.Code == 0, outcome.All);
        return live;
    }

    /// <summary>One more migration, and its entry.</summary>
    private void Pending(string sql, string? rollback)
    {
        _checkout.Migrate(Added, sql);
        string line = rollback?.StartsWith("```", StringComparison.Ordinal) == true ? $"\n\n  {rollback}" : $" {rollback}";
        string back = rollback is null ? "" : $"- **Rollback:**{line}\n";
        _checkout.Write("docs/DATABASE_SCHEMA_CHANGELOG.md", $"## Migrated\n\n### {Added}\n\n- **Status:** MIGRATED\n{back}");
    }

    private Task<Outcome> RehearseAsync(TestDatabase live, params string[] more) => new Schemagate { DatabaseUrl = live.UrlText() }
        .InvokeAsync(["rehearse", _checkout.Root, .. more], TestContext.Current.CancellationToken);

    private static JsonElement Migration(Outcome outcome) =>
        Assert.Single(JsonDocument.Parse(outcome.Output).RootElement.GetProperty("migrations").EnumerateArray());
}
