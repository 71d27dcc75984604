using System.Text.Json.Nodes;
using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Cli;

public sealed class ChangelogSyncTests : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("schemagate-").FullName;
    private StoredCluster cluster = null!;

    private string Document => Path.Combine(root, "docs", "DATABASE_SCHEMA_CHANGELOG.md");

    public async ValueTask InitializeAsync()
    {
        cluster = await StoredCluster.StartAsync();
        foreach (string name in (string[])["1_a", "2_b", "3_c", "4_d"])
        {
            string directory = Directory.CreateDirectory(Path.Combine(root, "prisma", "migrations", name)).FullName;
            await File.WriteAllTextAsync(Path.Combine(directory, "migration.sql"), $"CREATE TABLE t{name} (id int);");
        }

        await Schemagate.RunAsync("changelog", "init", "--changelog", Document);
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task What_a_gates_status_says_is_applied_is_deployed_and_nothing_else()
    {
        Add(_ => { });
        Outcome outcome = await SyncAsync();
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Equal(["1_a", "3_c"], Deployed());
        Assert.Contains(
            "'2_b' stays: in shop/shop it is applied, and its file has changed since.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_tells_the_day_where_the_record_goes_back_to_before()
    {
        Add(_ => { });
        await SyncAsync();
        Changelog changelog = ChangelogParser.Parse(await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken));
        Assert.Equal(
            "1_a , 3_c January 3, 2020",
            string.Join(", ", changelog.Entries.Where(entry => entry.Status == ChangelogStatus.Deployed)
                .Select(entry => $"{entry.Name} {entry.Field("Date Deployed")?.Text}")));
    }

    [Fact]
    public async Task The_first_release_on_record_tells_no_day()
    {
        Add(gate => gate["status"]!["released"]!.AsArray().RemoveAt(2));
        await SyncAsync();
        Assert.Null(ChangelogParser.Parse(await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken)).Entries
            .First(entry => entry.Name == "3_c").Field("Date Deployed"));
    }

    [Theory]
    [InlineData("Open", 0, "nothing says that '000002_b' ever ran")]
    [InlineData("MigrationOutOfOrder", 3, "may never run")]
    public async Task Of_a_tool_with_one_number_a_migration_below_it_may_never_have_run(string reason, int code, string sentence)
    {
        string directory = Directory.CreateDirectory(Path.Combine(root, "db", "migrations")).FullName;
        string[] names = ["000001_a", "000002_b", "000003_c"];
        foreach (string name in names)
        {
            await File.WriteAllTextAsync(Path.Combine(directory, $"{name}.up.sql"), "SELECT 1;", TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(
            Document,
            "## Pending\n\n## Migrated\n\n### 000002_b\n- **Status:** `MIGRATED`\n\n## Deployed\n\n### 000003_c\n"
                + "- **Status:** `DEPLOYED`\n\n### 000001_a\n- **Status:** `DEPLOYED`\n",
            TestContext.Current.CancellationToken);
        Add(gate =>
        {
            gate["status"]!["reason"] = reason;
            gate["status"]!["migrations"] = JsonNode.Parse(
                """{"required":3,"applied":3,"pending":[],"failed":[],"edited":[],"unknown":[],"through":"000003_c"}""");
        });
        Outcome outcome = await SyncAsync("--migrations", directory, "--tool", "GolangMigrate");
        Assert.Equal(code, outcome.Code);
        Assert.Contains(sentence, outcome.Output + outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("000002_b", Deployed(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task To_check_writes_nothing_and_fails_where_something_is_to_be_done()
    {
        Add(_ => { });
        string before = await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken);
        Outcome check = await SyncAsync("--check", "--output", "json");
        JsonNode report = JsonNode.Parse(check.Output)!;
        Assert.Equal((1, false, true), (check.Code, (bool)report["written"]!, (bool)report["changed"]!));
        Assert.Equal(before, await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken));
        await SyncAsync();
        Assert.Equal(0, (await SyncAsync("--check")).Code);
    }

    [Theory]
    [InlineData("generation", "the operator has not looked yet")]
    [InlineData("outage", "it cannot read its database now")]
    [InlineData("unread", "it cannot read its database now")]
    [InlineData("standby", "it cannot read its database now")]
    [InlineData("other", "those beside the document are others")]
    [InlineData("many", "has no room for more")]
    [InlineData("nothing", "does not say which migrations are applied")]
    public async Task A_status_that_tells_nothing_for_certain_moves_nothing(string fault, string sentence)
    {
        Add(gate =>
        {
            JsonNode status = gate["status"]!;
            switch (fault)
            {
                case "generation": gate["metadata"]!["generation"] = 2; break;
                case "outage": status["conditions"]![0]!["status"] = "False"; break;
                case "unread": status["database"]!["identity"] = "unread"; break;
                case "standby": status["database"]!["standby"] = true; break;
                case "other": status["migrations"]!["required"] = 5; break;
                case "many":
                    status["migrations"]!["edited"] = new JsonArray([.. Enumerable.Range(0, 50).Select(number => (JsonNode)$"{number}_x")]);
                    break;
                default: status.AsObject().Remove("migrations"); break;
            }
        });
        Outcome outcome = await SyncAsync();
        Assert.Equal(3, outcome.Code);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Deployed());
    }

    [Fact]
    public async Task A_gate_that_is_not_there_tells_nothing()
    {
        Outcome outcome = await SyncAsync();
        Assert.Equal((1, "schemagate: There is no gate shop/shop.\n"), (outcome.Code, outcome.Error));
    }

    [Theory]
    [InlineData("--gate", "shop", "--database", "postgresql://x/y")]
    [InlineData("--namespace", "shop")]
    [InlineData("--environment", "staging=NOT_SET")]
    [InlineData("--environment", "staging=postgresql://x/y", "--production", "live")]
    [InlineData("--environment", "a=postgresql://x/y", "--environment", "A=postgresql://x/z")]
    [InlineData("--environment", "postgresql://x/y")]
    public async Task What_contradicts_itself_is_refused(params string[] args) =>
        Assert.Equal(2, (await Schemagate.RunAsync(["changelog", "sync", "--changelog", Document, .. args])).Code);

    [Theory]
    [InlineData("sync", "--database", "-")]
    [InlineData("checklist", "x", "--scratch", "-")]
    public async Task Standard_input_is_one_thing(params string[] args)
    {
        Outcome outcome = await Schemagate.RunAsync(["changelog", .. args, "--changelog", "-"]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("cannot be both", outcome.Error, StringComparison.Ordinal);
    }

    private string[] Deployed() =>
    [
        .. ChangelogParser.Parse(File.ReadAllText(Document)).Entries.Where(entry => entry.Status == ChangelogStatus.Deployed)
            .Select(entry => entry.Name),
    ];

    private Task<Outcome> SyncAsync(params string[] args) =>
        cluster.RunAsync(["changelog", "sync", "--gate", "shop", "--changelog", Document, .. args]);

    /// <summary>Of 1_a to 4_d, the last is pending and the second edited.</summary>
    private void Add(Action<JsonObject> change)
    {
        JsonObject gate = JsonNode.Parse("""
            {"apiVersion":"schemagate.dev/v1alpha1","kind":"SchemaGate","metadata":{"namespace":"shop","generation":1},
             "spec":{"changelog":{"image":"registry.example.com/shop:1"},"database":{"urlFrom":{"name":"db","key":"url"} } },
             "status":{"observedGeneration":1,"database":{"identity":"7/shop/public","standby":false},
              "migrations":{"required":4,"applied":3,"pending":["4_d"],"failed":[],"edited":["2_b"],"unknown":[],"through":"4_d"},
              "released":[
               {"requirement":"x:2","through":"3_c","identity":"7/shop/public","at":"2020-01-03T00:00:00Z","reason":"Satisfied"},
               {"requirement":"x:1","through":"1_a","identity":"7/shop/public","at":"2020-01-02T00:00:00Z","reason":"Adopted"},
               {"requirement":"x:1","through":"2_b","identity":"7/shop/public","at":"2020-01-02T12:00:00Z","reason":"Satisfied"},
               {"requirement":"x:1","through":"3_c","identity":"8/shop/public","at":"2020-01-01T00:00:00Z","reason":"Satisfied"}],
              "conditions":[{"type":"DatabaseReachable","status":"True","reason":"Reachable","message":"",
               "lastTransitionTime":"2020-01-01T00:00:00Z"}]} }
            """)!.AsObject();
        change(gate);
        cluster.Add(StoredCluster.Gates, "shop", gate);
    }
}
