using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Postgres.Tests;

public sealed class MigrationApplierTests
{
    private static readonly (string, string) One =
        ("20240101000000_one", "CREATE TABLE a (id int PRIMARY KEY);\nINSERT INTO a VALUES (1);\n");
    private static readonly (string, string) Two = ("20240102000000_two", "ALTER TABLE a ADD COLUMN b text;\r\n");

    private const string Rows = "SELECT migration_name, applied_steps_count, finished_at >= started_at, rolled_back_at, "
        + "logs FROM _prisma_migrations ORDER BY started_at";

    private static string Names(ApplyReport report) => string.Join(' ', report.Applied.Select(migration => migration.Name));

    [Fact]
    public async Task An_empty_database_gets_the_history_that_prisma_would_leave()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyReport report = await database.ApplyAsync(One, Two);
        Assert.Null(report.Failure);
        Assert.Equal(("20240101000000_one 20240102000000_two", 0), (Names(report), report.AlreadyApplied));
        Assert.Equal("20240101000000_one|1|True||\n20240102000000_two|1|True||", string.Join('\n', await database.QueryAsync(Rows)));
        Assert.Equal(
            "applied_steps_count integer NO 0,checksum varchar(64) NO,finished_at timestamptz YES,id varchar(36) NO,logs text "
                + "YES,migration_name varchar(255) NO,rolled_back_at timestamptz YES,started_at timestamptz NO now()",
            string.Join(',', await database.QueryAsync(
                """
                SELECT concat_ws(' ', column_name,
                       CASE data_type WHEN 'character varying' THEN 'varchar(' || character_maximum_length || ')'
                         WHEN 'timestamp with time zone' THEN 'timestamptz' ELSE data_type END,
                       is_nullable, column_default)
                FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY column_name
                """)));
        Assert.Equal(
            ["4"], await database.QueryAsync("SELECT substr(id, 15, 1) FROM _prisma_migrations WHERE id ~ "
                + "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' LIMIT 1"));
        // Computed with sha256sum over the file.
        Assert.Equal(
            ["aec35600b803407e81c1e6f9d736ebce3ddd5954e3ae6ec6fcec46e40318e20d"],
            await database.QueryAsync("SELECT checksum FROM _prisma_migrations ORDER BY started_at LIMIT 1"));
    }

    [Fact]
    public async Task A_second_run_has_nothing_to_do()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(One);
        ApplyReport report = await database.ApplyAsync(One, Two);
        Assert.Equal(("20240102000000_two", 1), (Names(report), report.AlreadyApplied));
        report = await database.ApplyAsync(One, Two);
        Assert.Equal(("", 2, null), (Names(report), report.AlreadyApplied, report.Failure));
    }

    [Fact]
    public async Task An_empty_set_creates_the_table()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Null((await database.ApplyAsync()).Failure);
        Assert.Empty(await database.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_missing_database_is_created()
    {
        await using TestDatabase database = TestDatabase.Absent();
        Assert.Null((await database.ApplyAsync(One)).Failure);
        Assert.Single(await database.QueryAsync(Rows));
    }

    [Fact]
    public async Task The_urls_schema_is_created_and_is_where_unqualified_names_go()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyReport report = await TestDatabase.ApplyAsync(database.Url("schema=My%20%22App"), ApplyOptions.Default, One, Two);
        Assert.Null(report.Failure);
        Assert.Equal(
            ["My \"App|_prisma_migrations", "My \"App|a"],
            await database.QueryAsync("SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information)' ORDER BY 2"));
    }

    [Fact]
    public async Task A_schema_with_tables_and_no_history_wants_a_baseline()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t (id int)");
        ApplyReport report = await database.ApplyAsync(One);
        Assert.Equal(DatabaseFailure.BaselineRequired, report.Failure!.Kind);
        Assert.Equal([""], await database.QueryAsync("SELECT to_regclass('_prisma_migrations')::text"));
    }

    [Fact]
    public async Task A_set_with_problems_is_refused()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyReport report = await new MigrationApplier(TimeProvider.System).ApplyAsync(
            database.Url(), TestDatabase.Set(One) with { Problems = ["It is for MySQL."] }, ApplyOptions.Default, null,
            TestContext.Current.CancellationToken);
        Assert.Equal((DatabaseFailure.SetUnusable, "It is for MySQL."), (report.Failure!.Kind, report.Failure.Message));
    }

    [Fact]
    public async Task A_transaction_pooler_is_refused()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Equal(
            DatabaseFailure.TransactionPooler,
            (await TestDatabase.ApplyAsync(database.Url("pgbouncer=true"), ApplyOptions.Default, One)).Failure!.Kind);
    }

    [Fact]
    public async Task A_rolled_back_row_counts_as_never_run()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1_a", "SELECT 1"));
        await database.ExecuteAsync("UPDATE _prisma_migrations SET rolled_back_at = now()");
        Assert.Equal("1_a", Names(await database.ApplyAsync(("1_a", "SELECT 1"))));
        Assert.Equal(2, (await database.QueryAsync(Rows)).Count);
    }

    [Fact]
    public async Task An_edited_migration_stays_applied()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(One);
        Assert.Equal(1, (await database.ApplyAsync((One.Item1, "SELECT 'edited'"))).AlreadyApplied);
    }

    [Fact]
    public async Task A_history_whose_ids_are_uuid_is_written()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE _prisma_migrations (id uuid PRIMARY KEY, checksum text NOT NULL, finished_at timestamptz, "
                + "migration_name text NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL, "
                + "applied_steps_count int NOT NULL DEFAULT 0)");
        Assert.Null((await database.ApplyAsync(One, ("2", "CREATE INDEX CONCURRENTLY i ON a (id)"))).Failure);
        Assert.NotNull((await database.ApplyAsync(One, ("2", ""), ("3", "SELECT nope"))).Failure);
    }

    [Fact]
    public async Task Progress_names_each_migration()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Recorder recorder = new();
        await new MigrationApplier(TimeProvider.System).ApplyAsync(
            database.Url(), TestDatabase.Set(One, Two), ApplyOptions.Default, recorder, TestContext.Current.CancellationToken);
        Assert.Equal(new ApplyProgress.Applying(Two.Item1, 2, 2), recorder.Seen[2]);
        Assert.IsType<ApplyProgress.Applied>(recorder.Seen[3]);
    }

    [Fact]
    public async Task A_login_with_a_default_role_leaves_what_it_makes_to_that_role()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        (string owner, string login) = ($"o{Guid.NewGuid():N}", $"l{Guid.NewGuid():N}");
        await database.ExecuteAsync(
            $"CREATE ROLE {owner}", $"GRANT ALL ON SCHEMA public TO {owner}", $"GRANT EXECUTE ON FUNCTION pg_control_system() TO {owner}",
            $"CREATE ROLE {login} LOGIN PASSWORD 'planted-secret' IN ROLE {owner}", $"ALTER ROLE {login} SET role = '{owner}'");
        Task<ApplyReport> run = TestDatabase.ApplyAsync(
            database.Url(user: login, password: "planted-secret"), ApplyOptions.Default, One, ("2", "SET ROLE NONE"),
            ("3", "CREATE TABLE c (a int)"), ("4", "SELECT pg_sleep(60)"));
        await database.UntilAsync(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'",
            "1");
        ApplyReport report = await run;
        IReadOnlyList<string> owners = await database.QueryAsync("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'");
        await database.ExecuteAsync($"DROP OWNED BY {owner}, {login}", $"DROP ROLE {owner}, {login}");
        Assert.Equal((3, DatabaseFailure.Unreachable, true), (report.Applied.Count, report.Failure!.Kind, report.Failure.NextRun));
        Assert.Equal([owner], owners);
    }

    [Fact]
    public async Task A_database_that_is_not_the_one_that_was_judged_is_left_alone()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string system = (await database.QueryAsync("SELECT system_identifier FROM pg_control_system()"))[0];
        string identity = $"{system}/{database.Name}/public";
        ApplyFailure failure = (await TestDatabase.ApplyAsync(
            database.Url(), new() { ExpectedIdentity = $"{system}/{database.Name}/shop" }, One)).Failure!;
        Assert.Equal((DatabaseFailure.SettingsUnusable, FailureClass.Permanent), (failure.Kind, failure.Class));
        Assert.Contains(
            $"its identity is {identity}, {system}/{database.Name}/shop was judged.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["0"], await database.QueryAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        Assert.Null((await TestDatabase.ApplyAsync(database.Url(), new() { ExpectedIdentity = identity }, One)).Failure);
    }

    private sealed class Recorder : IProgress<ApplyProgress>
    {
        public List<ApplyProgress> Seen { get; } = [];

        public void Report(ApplyProgress value) => Seen.Add(value);
    }
}
