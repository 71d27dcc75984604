using System.Text.Json.Nodes;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>Where <c>schemagate explain --to</c> must not say that going back is safe by proof, or by history.</summary>
public sealed class GoBackLimitsTests : IAsyncLifetime
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

    [Theory]
    [InlineData("ALTER TABLE orders ALTER note SET NOT NULL;", "unsafe", "rules", "NOT NULL (note) of public.orders")]
    [InlineData("ALTER TABLE orders ADD CHECK (total > 0) NOT VALID;", "unknown", null, "CHECK ((total > (0)::numeric)) of public.orders")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (note);", "unsafe", "rules", "CREATE UNIQUE INDEX u ON")]
    [InlineData("CREATE TABLE x (o bigint REFERENCES orders);", "unknown", null, "FOREIGN KEY (o) REFERENCES orders(id) of public.orders")]
    [InlineData("REVOKE ALL ON orders FROM PUBLIC;", "unsafe", "rules", "Statements do not tell this")]
    [InlineData("CREATE TABLE x (id bigint);", "safe", "rules", "No statement names a table that the later migrations change")]
    [InlineData("ALTER TABLE orders ADD paid boolean NOT NULL DEFAULT false;", "safe", "proof", "as far as 2 statements tell")]
    [InlineData("ALTER TABLE orders ALTER note TYPE varchar(9);", "unsafe", "rules", "of another type")]
    public async Task What_values_and_rights_decide_no_statement_proves(string sql, string result, string? basis, string says)
    {
        await using TestDatabase server = await TestDatabase.CreateAsync();
        _shop.Push("2", (GoBackShop.First, "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric, note text);"), ("20250201_x", sql));
        JsonNode report = await _shop.ToAsync("1", "--statements", Write("shapes.json", Shapes), "--scratch", server.UrlText());
        Assert.Equal((result, basis), ((string?)report["result"], (string?)report["basis"]));
        Assert.Contains(says, (string?)report["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statements_that_name_no_table_prove_nothing()
    {
        await using TestDatabase server = await TestDatabase.CreateAsync();
        _shop.Gate("3", []);
        string file = Write("shapes.json", """[{"query": "SELECT version()"}]""");
        JsonNode report = await _shop.ToAsync("1", "--statements", file, "--scratch", server.UrlText());
        Assert.Equal(("safe", "rules"), ((string?)report["result"], (string?)report["basis"]));
        Assert.Contains("No statement that runs on the older schema names a table of it", (string?)report["message"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_made_by_hand_is_tried_and_what_values_decide_is_not_known()
    {
        await using TestDatabase live = await TestDatabase.CreateAsync();
        await _shop.MigrateAsync(live, "3");
        await _shop.GateAsync("3", live);
        string[] args =
        [
            "--database", live.UrlText(), "--statements",
            Write("i.json", """[{"query": "INSERT INTO orders (id, note) VALUES ($1, $2)"}]"""),
        ];
        Assert.Equal("proof", (string?)(await _shop.ToAsync("1", args))["basis"]);
        await live.ExecuteAsync("ALTER TABLE orders ADD made text NOT NULL");
        JsonNode report = await _shop.ToAsync("1", args);
        Assert.Equal(("unsafe", "23502"), ((string?)report["result"], (string?)report["drifted"]![0]!["sqlState"]));
        await live.ExecuteAsync("ALTER TABLE orders DROP made, ADD CHECK (note = 'x')");
        report = await _shop.ToAsync("1", args);
        Assert.Equal("unknown", (string?)report["result"]);
        Assert.Contains("by what was changed by hand: CHECK ((note = 'x'::text)) of public.orders", (string?)report["message"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_edited_since_it_ran_is_not_taken_for_what_is_there()
    {
        await using TestDatabase live = await TestDatabase.CreateAsync();
        await _shop.MigrateAsync(live, "2");
        await _shop.GateAsync("2", live);
        _shop.Push("2", (GoBackShop.First, "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);"), (GoBackShop.Drop, "SELECT 1;"));
        JsonNode report = await _shop.ToAsync("2", "--database", live.UrlText(), "--statements", Write("shapes.json", Shapes));
        Assert.Equal("unknown", (string?)report["result"]);
        Assert.Contains($"another text of {GoBackShop.First}, {GoBackShop.Drop}", (string?)report["message"], StringComparison.Ordinal);
        Assert.Contains("The statements of the file were not used", (string?)report["notes"]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_other_gates_a_revision_requires_is_another_question()
    {
        _shop.Gate("3", []);
        JsonObject old = _shop.Workload("r-1", "1", """
            , "annotations": {"deployment.kubernetes.io/revision": "1"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop", "uid": "d-1", "controller": true}]
            """);
        old["spec"]!["template"]!["metadata"]!["annotations"]!["schemagate.dev/requires"] = $"shop={_shop.Image("1")},bills=r/bills:1";
        _shop.Cluster.Add(StoredCluster.ReplicaSets, "shop-1", old);
        JsonNode report = await _shop.ToAsync("1");
        Assert.Equal("safe", (string?)report["result"]);
        Assert.Contains("Ask `--to bills=r/bills:1` first", (string?)report["next"]![0], StringComparison.Ordinal);
        Assert.DoesNotContain("rollout undo", report.ToJsonString(), StringComparison.Ordinal);
    }

    private string Write(string file, string text)
    {
        string path = Path.Combine(_directory.FullName, file);
        File.WriteAllText(path, text);
        return path;
    }
}
