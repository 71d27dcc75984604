using Npgsql;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Postgres.Tests.Drifting;

/// <summary>A live schema beside what its applied migrations build, as a gate compares them.</summary>
public sealed class DriftReadingTests
{
    private static readonly (string Name, string Sql)[] s_migrations =
    [
        ("20250101000000_users", "CREATE TABLE users (id serial PRIMARY KEY, email varchar(200) NOT NULL);"),
        ("20250201000000_orders", """
            CREATE TYPE state AS ENUM ('new', 'paid');
            CREATE TABLE orders (id bigint PRIMARY KEY, owner int REFERENCES users (id), state state NOT NULL DEFAULT 'new');
            CREATE INDEX orders_owner ON orders (owner);
            """),
    ];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_schema_that_only_its_migrations_made_has_no_difference()
    {
        await using TestDatabase database = await MigratedAsync();
        DriftRecord record = await FoundAsync(database);
        Assert.Equal((0, 0), (record.Differences, record.Unjudged));
    }

    [Theory]
    [InlineData("ALTER TABLE users ADD COLUMN nickname text", "public.users.nickname")]
    [InlineData("ALTER TABLE users DROP COLUMN email", "public.users.email")]
    [InlineData("ALTER TABLE users ALTER COLUMN email DROP NOT NULL", "public.users.email")]
    [InlineData("DROP INDEX orders_owner", "orders_owner")]
    [InlineData("CREATE TABLE by_hand (id int)", "public.by_hand")]
    [InlineData("ALTER TYPE state ADD VALUE 'sent'", "public.state")]
    public async Task What_somebody_changed_by_hand_is_named(string change, string named)
    {
        await using TestDatabase database = await MigratedAsync();
        await database.ExecuteAsync(change);
        DriftRecord record = await FoundAsync(database);
        Assert.True(record.Differences > 0);
        Assert.Contains(record.First, words => words.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_policy_ignores_is_nobody_s_drift()
    {
        await using TestDatabase database = await MigratedAsync();
        await database.ExecuteAsync("CREATE TABLE audit_log (id int)", "CREATE INDEX orders_tmp_idx ON orders (state)");
        Assert.Equal(0, (await FoundAsync(database, "audit_*", "index:*_tmp_idx")).Differences);
        Assert.Equal(2, (await FoundAsync(database)).Differences);
    }

    [Fact]
    public async Task A_role_that_may_read_nothing_but_the_history_can_compare()
    {
        await using TestDatabase database = await MigratedAsync();
        string role = $"reader_{Guid.NewGuid():N}";
        await database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'p'", $"GRANT SELECT ON _prisma_migrations TO {role}", "CREATE TABLE by_hand (id int)");
        try
        {
            using DatabaseEvidence evidence = new(allowLocalFiles: true, TimeProvider.System);
            string url = database.UrlText(user: role, password: "p");
            Assert.Equal(1, Found(await AskAsync(evidence, await InputAsync(evidence, url), url)).Differences);
        }
        finally
        {
            await database.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        }
    }

    /// <summary>Somebody migrates between the reading of the history and that of the catalog.</summary>
    [Fact]
    public async Task What_is_migrated_meanwhile_is_no_drift()
    {
        await using TestDatabase database = await MigratedAsync();
        using DatabaseEvidence evidence = new(allowLocalFiles: true, TimeProvider.System);
        GateInput before = await InputAsync(evidence, database.UrlText());
        await database.ApplyAsync([.. s_migrations, ("20250301000000_more", "CREATE TABLE more (id int PRIMARY KEY);")]);
        var read = Assert.IsType<Evidence<DriftRecord>.Unreachable>(await AskAsync(evidence, before, database.UrlText()));
        Assert.Equal(Reasons.NotRead, read.Reason);
    }

    [Fact]
    public async Task What_was_found_is_shared_until_it_is_due_and_an_outage_is_not_asked_about_at_every_look()
    {
        TestDatabase database = await MigratedAsync();
        using DatabaseEvidence evidence = new(allowLocalFiles: true, TimeProvider.System);
        using DatabaseEvidence other = new(allowLocalFiles: true, TimeProvider.System);
        string url = database.UrlText();
        GateInput input = await InputAsync(evidence, url);
        DriftRecord first = Found(await AskAsync(evidence, input, url));
        await database.DisposeAsync();

        Assert.Same(first, Found(await AskAsync(evidence, input, url)));
        var failure = Assert.IsType<Evidence<DriftRecord>.Unreachable>(await AskAsync(other, input, url));
        Assert.Contains("not compared", failure.Message, StringComparison.Ordinal);
        Assert.Same(failure, await AskAsync(other, input, url));
    }

    [Fact]
    public async Task A_comparison_costs_four_round_trips_and_one_that_is_not_due_none()
    {
        await using TestDatabase database = await MigratedAsync();
        using RoundTripRelay relay = new(new Uri(database.UrlText()));
        using DatabaseEvidence evidence = new(allowLocalFiles: true, TimeProvider.System);
        string url = relay.Address.AbsoluteUri;
        GateInput input = await InputAsync(evidence, url);
        foreach (int expected in (int[])[4, 0])
        {
            int before = relay.RoundTrips;
            await AskAsync(evidence, input, url);
            Assert.Equal(expected, relay.RoundTrips - before);
        }
    }

    [Fact]
    public async Task A_catalog_for_which_there_is_no_room_is_not_compared_and_that_is_said()
    {
        await using TestDatabase database = await MigratedAsync();
        await database.ExecuteAsync(
            "DO $$ BEGIN EXECUTE format('ALTER TABLE users ALTER email SET DEFAULT %L', repeat('x', 3000000)); END $$");
        ReadingBudget small = new(8 << 20, TimeProvider.System);
        using DatabaseEvidence evidence = new(allowLocalFiles: true, TimeProvider.System, small);
        var read = Assert.IsType<Evidence<DriftRecord>.Missing>(
            await AskAsync(evidence, await InputAsync(evidence, database.UrlText()), database.UrlText()));
        Assert.StartsWith(
            "The schema is not compared with what the migrations build: it takes more than the 4 MiB of memory", read.Message,
            StringComparison.Ordinal);
        Assert.Equal(small.Total, small.Free);
    }

    [Fact]
    public async Task A_database_that_goes_away_while_its_catalog_is_read_is_an_outage()
    {
        TestDatabase database = await MigratedAsync();
        await database.ExecuteAsync("CREATE VIEW addresses AS SELECT email FROM users");
        using DatabaseEvidence evidence = new(allowLocalFiles: true, TimeProvider.System);
        GateInput input = await InputAsync(evidence, database.UrlText());
        await using NpgsqlConnection locking = await database.ConnectAsync();
        await using NpgsqlTransaction transaction = await locking.BeginTransactionAsync(Ending);
        await using NpgsqlCommand held = new("LOCK TABLE users IN ACCESS EXCLUSIVE MODE", locking, transaction);
        await held.ExecuteNonQueryAsync(Ending);
        Task<Evidence<DriftRecord>> reading = AskAsync(evidence, input, database.UrlText());
        await database.UntilAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", "1");

        await database.DisposeAsync();
        var read = Assert.IsType<Evidence<DriftRecord>.Unreachable>(await reading);
        Assert.Equal(Reasons.DriftNotJudged, read.Reason);
    }

    private static async Task<TestDatabase> MigratedAsync()
    {
        TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(s_migrations);
        return database;
    }

    private static async Task<DriftRecord> FoundAsync(TestDatabase database, params string[] ignored)
    {
        using DatabaseEvidence evidence = new(allowLocalFiles: true, TimeProvider.System);
        GateInput input = await InputAsync(evidence, database.UrlText(), ignored);
        return Found(await AskAsync(evidence, input, database.UrlText()));
    }

    private static DriftRecord Found(Evidence<DriftRecord> read) => Assert.IsType<Evidence<DriftRecord>.Found>(read).Value;

    private static Task<Evidence<DriftRecord>> AskAsync(DatabaseEvidence evidence, GateInput input, string url)
    {
        DriftStep.Compare step = Assert.IsType<DriftStep.Compare>(DriftSteps.Next(input, last: null));
        DatabaseState state = ((Evidence<DatabaseState>.Found)input.Database!).Value;
        return evidence.Drifts.ReadAsync(new(step, url, input.Spec, state, Tenant: "shop"), look: null, Ending);
    }

    private static async Task<GateInput> InputAsync(DatabaseEvidence evidence, string url, params string[] ignored)
    {
        MigrationSet set = TestDatabase.Set(s_migrations);
        GateSpec spec = new(
            new("x:1", null, ChangelogSource.DefaultMigrations, TimeSpan.Zero, PlainHttp: false, RecordsThisDatabase: false),
            new("", "", null, TimeSpan.Zero), Through: null, new(IgnoreDrift: ignored), Enforcement.Observe, Suspend: false);
        return new(
            spec, [], new Evidence<ChangelogEvidence>.Found(new("x:1", null, "", new([], []), set)),
            (await evidence.ReadAsync(url, null, null, Ending)).Evidence, null, [], GateMemory.None, DateTimeOffset.UtcNow);
    }
}
