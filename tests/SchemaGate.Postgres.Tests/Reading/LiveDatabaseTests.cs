using SchemaGate.Postgres.History;
using SchemaGate.Postgres.Scratch;
using SchemaGate.Postgres.Tests.Cli;
using SchemaGate.Tests.Cli;
using SchemaGate.Tests.Oci;

namespace SchemaGate.Postgres.Tests.Reading;

/// <summary>What a live database is sent, as its server logs it: whatever the role might do, nothing is done but to read.</summary>
public sealed class LiveDatabaseTests(LoggedServer server) : IClassFixture<LoggedServer>, IDisposable
{
    private const string Added = "20250401000000_added";

    /// <summary>What no command of the list does without.</summary>
    private const string Sizes = "pg_total_relation_size";
    private const string Shapes = "pg_stat_statements";
    private const string Catalog = "pg_attribute";

    private readonly Migrations _checkout = new();

    public void Dispose() => _checkout.Dispose();

    /// <summary>Each with what it reads; verify compares as a gate does.</summary>
    public static TheoryData<string, string> Commands => new()
    {
        { "rehearse ROOT --statements live", Sizes },
        { "rehearse ROOT --statements live --like live", Sizes },
        { "prove ROOT", Shapes },
        { "prove ROOT --like live", Shapes },
        { "diff ROOT", Catalog },
        { "diff ROOT --output sql --direction database", Catalog },
        { "diff ROOT --from migrations --to live --output sql", Catalog },
        { "drift adopt by_hand ROOT --dry-run", Catalog },
        { "verify ROOT --drift block", Catalog },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_role_that_may_do_anything_is_only_used_to_read(string command, string reads)
    {
        await using TestDatabase live = await LiveAsync();
        await RunAsync(live, command, reads, await OnlyReading.OfAsync(live), live.UrlText(), server.Url);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_role_that_may_only_read_is_enough(string command, string reads)
    {
        await using TestDatabase live = await LiveAsync();
        string role = $"r{Guid.NewGuid():N}";
        await live.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN", $"GRANT SELECT ON _prisma_migrations TO {role}", $"GRANT pg_read_all_stats TO {role}",
            $"GRANT EXECUTE ON FUNCTION pg_control_system() TO {role}");
        try
        {
            await RunAsync(live, command, reads, await OnlyReading.OfAsync(live), live.UrlText(user: role), server.Url);
        }
        finally
        {
            await live.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task On_the_live_database_s_server_nothing_is_made_or_dropped_but_databases_of_our_own(string command, string reads)
    {
        await using TestDatabase live = await LiveAsync();
        await RunAsync(live, command, reads, await OnlyReading.OfAsync(live), live.UrlText(), scratch: null);
    }

    /// <summary>The arguments are those of <c>OwnRunner</c>.</summary>
    [Fact]
    public async Task A_gate_s_rehearsal_only_reads()
    {
        using FakeRegistry registry = new();
        await using LoopbackRegistry image = await LoopbackRegistry.StartAsync(registry);
        await using TestDatabase live = await LiveAsync();
        (string, string)[] files = [.. Directory.EnumerateFiles(_checkout.Set, "migration.sql", SearchOption.AllDirectories)
            .Select(path => (Path.GetRelativePath(_checkout.Root, path), File.ReadAllText(path)))];
        string pinned = $"{image.Repository}@{registry.Push(Archive.Tar(files))}";
        string report = _checkout.At("report");
        await RunAsync(
            live,
            $"rehearse --image={pinned} --migrations=prisma/migrations --report-file={report} --statements=live --schema=public "
                + $"--through={Added} --plain-http",
            Sizes, await OnlyReading.OfAsync(live), live.UrlText(), server.Url);
        Assert.Contains(
            "\"proven\":", await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>Which a server does with what it takes for dear: of a gate it would be asked every thirty seconds.</summary>
    [Fact]
    public async Task No_query_of_the_history_is_compiled_by_the_server()
    {
        await using TestDatabase live = await LiveAsync();
        await live.ExecuteAsync($"ALTER DATABASE {live.Name} SET jit_above_cost = 0");
        Outcome outcome = await new Schemagate { DatabaseUrl = live.UrlText() }.InvokeAsync(
            ["status"], TestContext.Current.CancellationToken);
        Assert.True(outcome.Code == 0, outcome.All);
        await live.QueryAsync("/* as it would be */ SELECT count(*) FROM pg_catalog.pg_class");
        Assert.Equal(["False|False", "True|True"], await live.QueryAsync("""
            SELECT DISTINCT query LIKE '/* as it would be */%', coalesce(to_jsonb(s) ->> 'jit_functions', '0') <> '0'
            FROM pg_stat_statements s JOIN pg_database d ON d.oid = dbid AND d.datname = current_database()
            WHERE query LIKE '/* as it would be */%' OR query LIKE '%pg_control_system()%' ORDER BY 1
            """));
    }

    [Theory]
    [InlineData("INSERT INTO orders (id) VALUES (1000)")]
    [InlineData("WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone")]
    [InlineData("SELECT id FROM orders FOR UPDATE")]
    [InlineData("SELECT nextval('numbers')")]
    [InlineData("SELECT count(*) FROM (SELECT pg_catalog.pg_notify('a', 'b')) told")]
    [InlineData("SELECT pg_advisory_lock(1)")]
    [InlineData("SELECT 1 AS one INTO made")]
    [InlineData("CREATE TEMPORARY TABLE made (id int)")]
    [InlineData("LOCK TABLE orders IN ACCESS SHARE MODE", "BEGIN")]
    [InlineData("ANALYZE orders")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM orders")]
    [InlineData("DO $$ BEGIN PERFORM 1; END $$")]
    [InlineData("GRANT SELECT ON orders TO PUBLIC")]
    [InlineData("COMMENT ON TABLE orders IS 'seen'")]
    [InlineData("DROP DATABASE IF EXISTS schemagate_scratch_of_somebody")]
    [InlineData("ALTER DATABASE postgres SET work_mem = '4MB'")]
    public async Task What_does_more_than_to_read_is_found_in_the_log(string planted, string? before = null)
    {
        await using TestDatabase live = await LiveAsync();
        OnlyReading reading = await OnlyReading.OfAsync(live);
        int already = server.Sent().Count;
        await live.ExecuteAsync(before is null ? [planted] : [before, planted]);
        string[] sent = [.. server.Sent().Skip(already).Where(one => one.Database == live.Name).Select(one => one.Sql)];
        Assert.Equal([planted], reading.Objections(sent, makesScratch: false));
        Assert.Equal([planted], reading.Objections(sent, makesScratch: true));
    }

    private async Task RunAsync(
        TestDatabase live, string command, string reads, OnlyReading reading, string url, string? scratch)
    {
        int already = server.Sent().Count;
        string[] words = [.. command.Split(' ').Select(word => word == "ROOT" ? _checkout.Root : word)];
        bool isBuilt = words[0] != "verify";
        bool takesScratch = scratch is not null && isBuilt;
        Outcome outcome = await new Schemagate { DatabaseUrl = url, Input = scratch ?? "" }.InvokeAsync(
            takesScratch ? [.. words, "--scratch", "-"] : words, TestContext.Current.CancellationToken);
        Assert.True(outcome.Code is 0 or 1 && outcome.Output.Length > 0, outcome.All);

        ILookup<string, string> sent = server.Sent().Skip(already).ToLookup(one => one.Database, one => one.Sql, StringComparer.Ordinal);
        Assert.Contains(sent[live.Name], sql => sql.Contains(reads, StringComparison.Ordinal));
        // What would be resolved is looked at under the lock that runs take.
        IEnumerable<string> told = sent[live.Name].Where(
            sql => words[0] != "drift" || !sql.EndsWith($"advisory_lock({HistoryTable.LockKey})", StringComparison.Ordinal)
                && !sql.EndsWith($"advisory_unlock({HistoryTable.LockKey})", StringComparison.Ordinal));
        Assert.Empty(reading.Objections(told, makesScratch: isBuilt && !takesScratch));
        string[] others = [.. sent.Select(database => database.Key).Where(name => name != live.Name && !IsOurs(name))];
        Assert.Equal(takesScratch ? (string[])["postgres"] : [], others);
        Assert.Empty(reading.Objections(sent["postgres"], makesScratch: true));
        Assert.Equal(isBuilt, sent.Any(database => IsOurs(database.Key)));
    }

    private static bool IsOurs(string database) => ScratchName.IsMade(database);

    /// <summary>A database with the checkout's three migrations, what was made by hand, and statements that ran; one is pending.</summary>
    private async Task<TestDatabase> LiveAsync()
    {
        TestDatabase live = await TestDatabase.CreateAsync(server.Url);
        Outcome outcome = await new Schemagate { DatabaseUrl = live.UrlText() }.InvokeAsync(
            ["migrate", _checkout.Root], TestContext.Current.CancellationToken);
        Assert.True(outcome.Code == 0, outcome.All);
        await live.ExecuteAsync(
            "CREATE EXTENSION pg_stat_statements", "CREATE SEQUENCE numbers", "CREATE INDEX by_hand ON orders (id, note)",
            "INSERT INTO orders SELECT n, 'note' FROM generate_series(1, 100) n", "SELECT note FROM orders WHERE id = 1");
        _checkout.Migrate(Added, "ALTER TABLE orders ADD COLUMN more text; CREATE INDEX orders_more ON orders (more);");
        _checkout.Write(
            "docs/DATABASE_SCHEMA_CHANGELOG.md",
            $"## Migrated\n\n### {Added}\n\n- **Status:** MIGRATED\n- **Rollback:** `ALTER TABLE orders DROP COLUMN more;`\n");
        return live;
    }
}
