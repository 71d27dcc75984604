using System.Text.Json.Nodes;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary><c>schemagate explain --to</c>: from a cluster's record, images and a database to whether older code can come back.</summary>
public sealed class GoBackTests : IAsyncLifetime
{
    private const string Shapes = """
        [{"query": "SELECT total FROM orders WHERE id = $1", "calls": 9}, {"query": "SELECT note FROM orders"}]
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("schemagate-");
    private GoBackShop _shop = null!;

    public async ValueTask InitializeAsync() => _shop = await GoBackShop.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_older_code_has_asked_is_proved_on_the_database_as_it_is()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync("-c shared_preload_libraries=pg_stat_statements");
        await using TestDatabase live = await LiveAsync(server);
        await _shop.MigrateAsync(live, "2");
        await live.ExecuteAsync("INSERT INTO orders (id, note) VALUES (1, 'a')");
        Outcome outcome = await _shop.ExplainAsync("deployment/shop", "--to", _shop.Image("1"), "--database", live.UrlText());
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith(
            $"Going back to {_shop.Image("1")} is not safe: 1 statement that runs on its schema fails on the database as it is.\n\n"
            + $"deployment/shop  back to shop={_shop.Image("1")}\n  revision 1 (shop-1) requires it\n"
            + $"  the database has {GoBackShop.Drop}, which it lacks: breaks 1 of the statements below\n", outcome.Output,
            StringComparison.Ordinal);
        Assert.Contains("  broken  SELECT total FROM orders WHERE id = $1\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("The statements are those that the server has counted since ", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(await live.QueryAsync("SELECT 1 FROM pg_stat_activity WHERE datname LIKE 'schemagate_scratch%'"));
    }

    [Fact]
    public async Task What_harms_no_statement_is_safe_and_newer_codes_statements_do_not_matter()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync("-c shared_preload_libraries=pg_stat_statements");
        await using TestDatabase live = await LiveAsync(server, "3");
        await _shop.MigrateAsync(live, "3");
        await live.ExecuteAsync("SELECT paid FROM orders");
        JsonNode report = await _shop.ToAsync("1", "--database", live.UrlText());
        Assert.Equal(("safe", "proof"), ((string?)report["result"], (string?)report["basis"]));
        Assert.Equal(1, (int)report["newer"]!);
        Assert.Equal(0, (int)report["statements"]!["summary"]!["unproven"]!);
        Assert.Equal("To go back: `kubectl rollout undo deployment/shop -n shop --to-revision=1`.", (string?)report["next"]![0]);
    }

    [Fact]
    public async Task What_was_changed_by_hand_breaks_older_code_too()
    {
        await using TestDatabase live = await TestDatabase.CreateAsync();
        await _shop.MigrateAsync(live, "3");
        await _shop.GateAsync("3", live);
        string[] args = ["--database", live.UrlText(), "--statements", Write("shapes.json", Shapes)];
        JsonNode report = await _shop.ToAsync("1", args);
        Assert.Equal(("safe", 0), ((string?)report["result"], report["drifted"]!.AsArray().Count));
        await live.ExecuteAsync("ALTER TABLE orders RENAME total TO sum");
        report = await _shop.ToAsync("1", args);
        Assert.Equal(("unsafe", "proof"), ((string?)report["result"], (string?)report["basis"]));
        Assert.Equal(0, (int)report["statements"]!["summary"]!["broken"]!);
        Assert.Equal("SELECT total FROM orders WHERE id = $1", (string?)report["drifted"]![0]!["statement"]);
        Assert.Equal("42703", (string?)report["drifted"]![0]!["sqlState"]);
    }

    [Theory]
    [InlineData("0, 0, 0", "It is not proved. The server counts statements since ")]
    [InlineData("0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0", "It is not proved. This server keeps no time")]
    public async Task What_was_counted_after_the_migrations_proves_nothing_of_older_code(string reset, string says)
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync("-c shared_preload_libraries=pg_stat_statements");
        await using TestDatabase live = await LiveAsync(server);
        await _shop.MigrateAsync(live, "2");
        await live.ExecuteAsync($"SELECT pg_stat_statements_reset({reset})", "SELECT note FROM orders");
        JsonNode report = await _shop.ToAsync("1", "--database", live.UrlText());
        Assert.Equal(("unsafe", "rules"), ((string?)report["result"], (string?)report["basis"]));
        Assert.Contains(says, (string?)report["message"], StringComparison.Ordinal);
        Assert.Contains("--statements FILE", (string?)report["next"]![1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_counts_no_statements_leaves_it_to_the_rules()
    {
        await using TestDatabase live = await TestDatabase.CreateAsync();
        await _shop.MigrateAsync(live, "2");
        await _shop.GateAsync("2", live);
        JsonNode report = await _shop.ToAsync("1", "--database", live.UrlText());
        Assert.Equal(("unsafe", "rules"), ((string?)report["result"], (string?)report["basis"]));
        Assert.Contains("pg_stat_statements", (string?)report["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_statements_and_a_scratch_server_do_without_the_database()
    {
        await using TestDatabase server = await TestDatabase.CreateAsync();
        JsonNode report = await _shop.ToAsync("1", "--statements", Write("shapes.json", Shapes), "--scratch", server.UrlText());
        Assert.Equal(("unsafe", "proof"), ((string?)report["result"], (string?)report["basis"]));
        Assert.Equal(1, (int)report["migrations"]![0]!["broken"]!);
        _shop.Gate("3", []);
        report = await _shop.ToAsync("1", "--statements", Write("shapes.json", Shapes), "--scratch", server.UrlText());
        Assert.Equal(("safe", "proof"), ((string?)report["result"], (string?)report["basis"]));
        Outcome nowhere = await _shop.ExplainAsync(
            "deployment/shop", "--to", _shop.Image("1"), "--statements", Write("shapes.json", Shapes));
        Assert.Equal(2, nowhere.Code);
        Assert.Contains("--scratch", nowhere.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ALTER TABLE orders DROP COLUMN total;", "unsafe", "rules", "Breaks")]
    [InlineData("ALTER TABLE orders ADD COLUMN paid boolean;", "safe", "rules", "Safe")]
    [InlineData("DO $$ BEGIN EXECUTE 'ALTER TABLE ' || 'orders DROP total'; END $$;", "unknown", null, "Unknown")]
    public async Task Without_a_database_the_rules_decide_what_the_gates_record_names(
        string sql, string result, string? basis, string risk)
    {
        _shop.Push("2", (GoBackShop.First, "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric, note text);"), ("20250201_x", sql));
        JsonNode report = await _shop.ToAsync("1");
        Assert.Equal((result, basis), ((string?)report["result"], (string?)report["basis"]));
        Assert.Contains("It is not proved. No database is named", (string?)report["message"], StringComparison.Ordinal);
        Assert.Equal(("20250201_x", risk), (
            (string?)report["migrations"]![0]!["name"], (string?)report["migrations"]![0]!["risk"]));
        Assert.Null(report["statements"]);
    }

    [Fact]
    public async Task What_older_code_requires_and_the_database_lacks_is_held()
    {
        _shop.Gate("3", [GoBackShop.Add]);
        JsonNode report = await _shop.ToAsync("2");
        Assert.Equal("held", (string?)report["result"]);
        Assert.Equal((GoBackShop.Drop, true), ((string?)report["missing"]![0], (bool?)report["held"]));
        Assert.Contains($"the database lacks {GoBackShop.Drop}, which it requires", (string?)report["message"], StringComparison.Ordinal);
        _shop.Gate("3", [GoBackShop.Add], spec: """, "enforcement": "Observe" """);
        report = await _shop.ToAsync("2");
        Assert.Equal(("unsafe", "history", false), ((string?)report["result"], (string?)report["basis"], (bool?)report["held"]));
    }

    [Fact]
    public async Task The_same_migrations_are_safe_and_what_lets_them_start_is_said()
    {
        string released = $$"""
            {"requirement": "{{_shop.Image("2")}}", "identity": "7/shop/public", "at": "2026-01-02T03:04:05Z", "reason": "Satisfied"}
            """;
        _shop.Gate("2", [], released: released);
        JsonNode report = await _shop.ToAsync("2");
        Assert.Equal(("safe", "history"), ((string?)report["result"], (string?)report["basis"]));
        Assert.Equal(
            (false, "The gate shop lets it start at once: it was released on 2026-01-02."),
            ((bool?)report["held"], (string?)report["hold"]));
        _shop.Gate("2", [], identity: null, released: released);
        report = await _shop.ToAsync("2");
        Assert.Equal(("held", true), ((string?)report["result"], (bool?)report["held"]));
    }

    [Fact]
    public async Task A_gate_that_has_gone_back_itself_leaves_the_files_to_the_revisions()
    {
        await using TestDatabase live = await TestDatabase.CreateAsync();
        await _shop.MigrateAsync(live, "2");
        await _shop.GateAsync("1", live, required: 1);
        JsonNode report = await _shop.ToAsync("1", "--database", live.UrlText());
        Assert.Equal("unsafe", (string?)report["result"]);
        Assert.StartsWith($"{_shop.Image("2")}/", (string?)report["migrations"]![0]!["file"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_of_which_nobody_has_the_file_is_not_known()
    {
        await using TestDatabase live = await TestDatabase.CreateAsync();
        await _shop.MigrateAsync(live, "2");
        await live.ExecuteAsync($"UPDATE _prisma_migrations SET migration_name = '2_stray' WHERE migration_name = '{GoBackShop.Drop}'");
        await _shop.GateAsync("2", live);
        JsonNode report = await _shop.ToAsync("1", "--database", live.UrlText());
        Assert.Equal("unknown", (string?)report["result"]);
        Assert.Contains("the database has 2_stray, and no image on record has their files", (string?)report["message"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_has_failed_leaves_nobody_knowing_what_is_there()
    {
        await using TestDatabase live = await TestDatabase.CreateAsync();
        await _shop.MigrateAsync(live, "2");
        await live.ExecuteAsync($"UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '{GoBackShop.Drop}'");
        await _shop.GateAsync("2", live);
        JsonNode report = await _shop.ToAsync("1", "--database", live.UrlText());
        Assert.Equal("unknown", (string?)report["result"]);
        Assert.Contains($"the run of {GoBackShop.Drop} has failed", (string?)report["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_database_than_the_gates_is_wrong_usage()
    {
        await using TestDatabase other = await TestDatabase.CreateAsync();
        Outcome outcome = await _shop.ExplainAsync("deployment/shop", "--to", _shop.Image("1"), "--database", other.UrlText());
        Assert.Equal(2, outcome.Code);
        Assert.Contains("is not the one of the gate shop", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_that_has_moved_is_the_image_that_was_released()
    {
        string digest = _shop.Push("0", (GoBackShop.First, "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric, note text);"));
        _shop.Push("1", (GoBackShop.First, "SELECT 1;"), (GoBackShop.Drop, "SELECT 1;"));
        Assert.Contains("another text of", (string?)(await _shop.ToAsync("1"))["message"], StringComparison.Ordinal);
        _shop.Gate("2", [], released: $$"""
            {"requirement": "{{_shop.Image("1")}}", "digest": "{{digest}}", "identity": "7/shop/public", "reason": "Satisfied"}
            """);
        JsonNode report = await _shop.ToAsync("1");
        Assert.Equal(("rules", $"{_shop.Image("1")}@{digest}"), ((string?)report["basis"], (string?)report["image"]));
    }

    [Fact]
    public async Task A_StatefulSet_goes_back_by_a_containers_image()
    {
        _shop.Cluster.Add(StoredCluster.StatefulSets, "db", _shop.Workload("s-1", "2", ""));
        foreach (string tag in (string[])["1", "2"])
        {
            _shop.Cluster.Add(StoredCluster.ControllerRevisions, $"db-{tag}", JsonNode.Parse($$"""
                {"metadata": {"namespace": "shop", "labels": {"app": "shop"}, "ownerReferences": [
                  {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": "s-1", "controller": true}]},
                 "revision": {{tag}}, "data": {"spec": {"template": {{_shop.Template(tag)}} } } }
                """)!.AsObject());
        }

        Outcome outcome = await _shop.ExplainAsync("sts/db", "--to", "registry.example.com/shop:1");
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.Contains(
            $"statefulset/db  back to shop={_shop.Image("1")}\n  revision 1 (db-1) requires it\n", outcome.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migrations_name_is_gone_back_to_by_the_gates_image()
    {
        Outcome outcome = await _shop.ExplainAsync("deployment/shop", "--to", GoBackShop.First);
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.Contains($"the database has {GoBackShop.Drop}, which it lacks", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("no revision on record requires it", outcome.Output, StringComparison.Ordinal);
        outcome = await _shop.ExplainAsync("deployment/shop", "--to", "20250101000000_order");
        Assert.Equal(2, outcome.Code);
        Assert.Contains($"did you mean {GoBackShop.First}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_does_not_name_all_that_is_applied_decides_nothing()
    {
        _shop.Gate("2", [], required: 1);
        JsonNode report = await _shop.ToAsync("1");
        Assert.Equal("unknown", (string?)report["result"]);
        Assert.Contains("Name its database with --database", (string?)report["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "deployment/none", "--to", "r/schema:1", "There is no Deployment none in namespace shop.")]
    [InlineData(1, "deployment/shop", "--to", "other=r/schema:1", "There is no gate other in namespace shop")]
    [InlineData(2, "pod/shop-1-a", "--to", "r/schema:1", "--to asks about what can be rolled back")]
    [InlineData(2, "MigrationsPending", "--to", "r/schema:1", "TARGET is a gate")]
    [InlineData(2, "deployment/shop", "--to", "Shop:::1", "--to: ")]
    [InlineData(2, "deployment/shop", "--statements", "f", "--statements goes with --to IMAGE")]
    [InlineData(3, "deployment/shop", "--to", "127.0.0.1:1/shop/schema:1", "127.0.0.1:1")]
    public async Task What_cannot_be_asked_is_said(int code, string target, string option, string value, string says)
    {
        Outcome outcome = await _shop.ExplainAsync(target, option, value);
        Assert.Equal(code, outcome.Code);
        Assert.Contains(says, code == 1 ? outcome.Output : outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>A database with the first image's migrations, in which older code has run; the gate's image is a later one.</summary>
    private async Task<TestDatabase> LiveAsync(ThrowawayServer server, string gate = "2")
    {
        TestDatabase live = await TestDatabase.CreateAsync(server.Url);
        await _shop.MigrateAsync(live, "1");
        await live.ExecuteAsync("CREATE EXTENSION pg_stat_statements", "SELECT total FROM orders WHERE id = 1");
        _shop.Revision(2, "2", DateTime.UtcNow.AddSeconds(1));
        await _shop.GateAsync(gate, live);
        return live;
    }

    private string Write(string file, string text)
    {
        string path = Path.Combine(_directory.FullName, file);
        File.WriteAllText(path, text);
        return path;
    }
}
