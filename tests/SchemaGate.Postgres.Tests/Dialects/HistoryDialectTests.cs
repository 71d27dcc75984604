using System.Text;
using System.Text.Json;
using Npgsql;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.History;
using SchemaGate.Tests;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Dialects;

public sealed class HistoryDialectTests
{
    private const string Prisma =
        "CREATE TABLE _prisma_migrations (id text, checksum text, finished_at timestamptz, migration_name text, logs text, "
            + "rolled_back_at timestamptz, started_at timestamptz, applied_steps_count int)";

    private const string Flyway = "CREATE TABLE flyway_schema_history (installed_rank int, version text, type text, script text, "
        + "checksum int, installed_on timestamp, success bool)";
    private const string Goose = "CREATE TABLE goose_db_version (id int, version_id bigint, is_applied bool, tstamp timestamp)";
    private const string GolangMigrate = "CREATE TABLE schema_migrations (version bigint, dirty bool)";

    [Fact]
    public async Task Two_histories_are_none_until_a_tool_is_named()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Flyway, Goose, "INSERT INTO goose_db_version VALUES (1, 7, true, now())");
        string message = (await FailAsync(database)).Message;
        Assert.Contains("Flyway's (\"public\".flyway_schema_history) and goose's", message, StringComparison.Ordinal);
        Assert.Contains("spec.database.tool", message, StringComparison.Ordinal);
        Assert.Equal("7", Assert.Single((await ReadAsync(database, MigrationTool.Goose)).History!.Rows).Name);
        Assert.Null((await ReadAsync(database, MigrationTool.Prisma)).History);
        Assert.Null((await ReadAsync(database, MigrationTool.Rails)).History);
    }

    [Fact]
    public async Task Prismas_history_is_meant_where_it_stands_beside_another()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Flyway, Prisma);
        Assert.Equal(MigrationTool.Prisma, (await ReadAsync(database)).History!.Tool);
        Assert.Equal(MigrationTool.Flyway, (await ReadAsync(database, MigrationTool.Flyway)).History!.Tool);
    }

    [Fact]
    public async Task What_was_found_is_looked_for_again_when_the_tables_change()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        HistoryReader reader = new(database.Connections);
        async Task<MigrationTool?> FoundAsync() =>
            (await reader.ReadAsync(database.Url(), null, TestContext.Current.CancellationToken)).History?.Tool;
        Assert.Null(await FoundAsync());
        await database.ExecuteAsync(Flyway);
        Assert.Equal(MigrationTool.Flyway, await FoundAsync());
        await database.ExecuteAsync("DROP TABLE flyway_schema_history", Goose);
        Assert.Equal(MigrationTool.Goose, await FoundAsync());
        await database.ExecuteAsync(Prisma);
        Assert.Equal(MigrationTool.Prisma, await FoundAsync());
        await database.ExecuteAsync("DROP TABLE _prisma_migrations, goose_db_version");
        Assert.Null(await FoundAsync());
    }

    [Theory]
    [InlineData(Prisma, 1, 1)]
    [InlineData(Flyway, 3, 1)]
    [InlineData("SELECT", 2, 2)]
    public async Task A_look_costs_as_many_round_trips_as_it_must(string table, int first, int next)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(table);
        using RoundTripRelay relay = new(new Uri(database.UrlText()));
        HistoryReader reader = new(database.Connections);
        // The connection costs some of its own.
        await reader.ReadAsync(TestDatabase.Parse($"{relay.Address}?schema=other"), null, TestContext.Current.CancellationToken);
        foreach (int expected in (int[])[first, next, next])
        {
            int before = relay.RoundTrips;
            await reader.ReadAsync(TestDatabase.Parse(relay.Address.AbsoluteUri), null, TestContext.Current.CancellationToken);
            Assert.Equal(expected, relay.RoundTrips - before);
        }
    }

    [Theory]
    [InlineData("CREATE VIEW flyway_schema_history AS SELECT 1 AS installed_rank, '1' AS version", "is no table")]
    [InlineData("CREATE TABLE flyway_schema_history (installed_rank int)", "that has the columns installed_rank, version,")]
    [InlineData("CREATE TABLE schema_migrations (version int, dirty text); "
        + "INSERT INTO schema_migrations VALUES (1, 'perhaps')", "error 22P02")]
    [InlineData("CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version SELECT n FROM "
        + "generate_series(1, 100001) n", "more than 20000 rows")]
    [InlineData("CREATE TABLE django_migrations (id int, app text, name text, applied text); INSERT INTO django_migrations VALUES (1, 'a', "
        + "'b', '0044-03-15 BC')", "a time out of range")]
    [InlineData("CREATE TABLE knex_migrations (id int, name text, batch int, migration_time text)", "knex_migrations_lock is missing")]
    public async Task A_history_that_no_tool_wrote_is_unreadable_in_words(string statements, string words)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(statements.Split(';'));
        DatabaseException failure = await FailAsync(database);
        Assert.Equal(DatabaseFailure.HistoryUnreadable, failure.Kind);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Flyway)]
    [InlineData(Goose)]
    [InlineData(GolangMigrate)]
    [InlineData("CREATE TABLE databasechangelog (id text, author text, filename text, dateexecuted timestamp, orderexecuted int, "
        + "exectype text)", "CREATE TABLE databasechangeloglock (id int, locked bool)")]
    [InlineData("CREATE TABLE atlas_schema_revisions (version text, type int, applied int, total int, "
        + "executed_at timestamptz, error text)")]
    [InlineData("CREATE TABLE _sqlx_migrations (version bigint, installed_on timestamptz, success bool, checksum bytea)")]
    public async Task A_row_of_nothing_but_nulls_applies_nothing(params string[] tables)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync([.. tables, $"INSERT INTO {tables[0].Split(' ')[2]} DEFAULT VALUES"]);
        Assert.Empty((await ReadAsync(database)).History!.Applied);
    }

    [Fact]
    public async Task A_huge_name_is_cut_and_is_nobodys()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE knex_migrations (id int, name text, batch int, migration_time timestamptz)",
            "CREATE TABLE knex_migrations_lock (index int, is_locked int)", "INSERT INTO knex_migrations VALUES (1, repeat('x', "
                + "50000000), 1, now())");
        Assert.Equal(1000, Assert.Single((await ReadAsync(database)).History!.Rows).Name.Length);
    }

    [Fact]
    public async Task Ectos_table_of_the_same_name_is_no_history()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE schema_migrations (version bigint, inserted_at timestamp)", "INSERT INTO schema_migrations VALUES (1, now())");
        Assert.Null((await ReadAsync(database)).History);
        Assert.Contains("is not Rails's history", (await FailAsync(database, MigrationTool.Rails)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_role_is_told_to_be_granted_the_locks_table_too()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string role = $"reader_{Guid.NewGuid():N}";
        await database.ExecuteAsync([.. DialectScenarioTests.Statements("knex"), $"CREATE ROLE {role} LOGIN PASSWORD 'pw'"]);
        try
        {
            DatabaseException failure = await Assert.ThrowsAsync<DatabaseException>(
                () => new HistoryReader(
                    database.Connections).ReadAsync(database.Url("", role, "pw"), null, TestContext.Current.CancellationToken));
            Assert.Contains("GRANT SELECT ON \"public\".knex_migrations to it, "
                + "and on \"public\".knex_migrations_lock.", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            await database.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        }
    }

    /// <summary>The keys, written down as numbers, are those that the tools' own sources make.</summary>
    [Theory]
    [InlineData("flyway", 77433833903597)]
    [InlineData("goose", 5887940537704921958)]
    [InlineData("goose", 4097083626)]
    [InlineData("atlas", 2686470616)]
    [InlineData("node-pg-migrate", 7241865325823964)]
    public async Task A_run_in_progress_is_known_by_the_tools_lock(string scenario, long key) => await LockedAsync(scenario, _ => key);

    [Fact]
    public async Task A_run_in_progress_is_known_by_a_key_of_the_databases_name()
    {
        await LockedAsync("rails", name => 2053462845 * (long)Crc32.Of(Encoding.UTF8.GetBytes(name)));
        await LockedAsync("sqlx", name => 0x3d32ad9e * (long)Crc32.Of(Encoding.UTF8.GetBytes(name)));
        await LockedAsync(
            "golang-migrate", name => unchecked(1486364155 * Crc32.Of(Encoding.UTF8.GetBytes($"public\0schema_migrations\0{name}"))));
    }

    [Fact]
    public async Task A_dirty_version_is_a_run_in_progress_while_the_lock_is_held()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(DialectScenarioTests.Statements("golang-migrate-dirty"));
        await using NpgsqlConnection holder = await database.ConnectAsync();
        await HoldAsync(holder, unchecked(1486364155 * Crc32.Of(Encoding.UTF8.GetBytes($"public\0schema_migrations\0{database.Name}"))));
        using JsonDocument report = await DialectScenarioTests.VerifyAsync(database, "golang-migrate-dirty", "--tool", "GolangMigrate");
        Assert.Equal("Migrating", report.RootElement.GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(Flyway, null)]
    [InlineData(Flyway, MigrationTool.Flyway)]
    [InlineData(Goose, null)]
    public async Task The_history_is_no_table_of_the_schema(string history, MigrationTool? tool)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(history);
        HistoryReader reader = new(database.Connections);
        DatabaseState state = await reader.ReadAsync(database.Url(), tool, TestContext.Current.CancellationToken);
        Assert.Equal((0, false), (state.History!.Rows.Count, state.HasTables));
        await database.ExecuteAsync("CREATE TABLE box (id int)");
        Assert.True((await reader.ReadAsync(database.Url(), tool, TestContext.Current.CancellationToken)).HasTables);
    }

    [Fact]
    public async Task The_history_of_another_tool_than_the_files_opens_nothing()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(DialectScenarioTests.Statements("goose"));
        using JsonDocument report = await DialectScenarioTests.VerifyAsync(database, "flyway");
        Assert.Equal("HistoryUnreadable", report.RootElement.GetProperty("reason").GetString());
        Assert.Contains("goose's history, and the migrations are Flyway's", report.RootElement.GetProperty("message")
            .GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_tools_migrations_are_left_to_them()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string folder = Path.Combine(Repository.Root, "tests", "SchemaGate.Postgres.Tests", "Dialects", "goose");
        Outcome outcome = await Schemagate.RunAsync("migrate", folder, "--migrations", "migrations", "--database", database.UrlText());
        Assert.Equal(1, outcome.Code);
        Assert.Contains("These are goose's migrations.", outcome.All, StringComparison.Ordinal);
        Assert.Contains("`goose up`", outcome.All, StringComparison.Ordinal);
        Assert.Empty(await database.QueryAsync("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    private static async Task LockedAsync(string scenario, Func<string, long> key)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(DialectScenarioTests.Statements(scenario));
        await using NpgsqlConnection holder = await database.ConnectAsync();
        await HoldAsync(holder, key(database.Name) + 1);
        Assert.False((await ReadAsync(database)).RunInProgress);
        await HoldAsync(holder, key(database.Name));
        Assert.True((await ReadAsync(database)).RunInProgress);
    }

    private static async Task HoldAsync(NpgsqlConnection connection, long key) =>
        await new NpgsqlCommand($"SELECT pg_advisory_lock({key})", connection).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

    private static Task<DatabaseState> ReadAsync(TestDatabase database, MigrationTool? tool = null) =>
        new HistoryReader(database.Connections).ReadAsync(database.Url(), tool, TestContext.Current.CancellationToken);

    private static async Task<DatabaseException> FailAsync(TestDatabase database, MigrationTool? tool = null) =>
        await Assert.ThrowsAsync<DatabaseException>(() => ReadAsync(database, tool));
}
