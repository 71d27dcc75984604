using Npgsql;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Postgres.Tests;

/// <summary>Failures for every reason: what they are called, what the row says, and what the next run makes of it.</summary>
public sealed class MigrationRecoveryTests
{
    private const string Rows = "SELECT migration_name, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, "
        + "logs IS NOT NULL FROM _prisma_migrations ORDER BY started_at";
    private const string Unfinished = "2|False|False|True";
    private const string RolledBack = "2|False|True|True";

    private static readonly (string, string) Table = ("1", "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)");

    private static async Task<NpgsqlConnection> HoldAsync(TestDatabase database, params string[] statements)
    {
        NpgsqlConnection holder = await database.ConnectAsync();
        foreach (string statement in statements)
        {
            await new NpgsqlCommand(statement, holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return holder;
    }

    [Theory]
    [InlineData("SELEC 1", "42601", FailureClass.Permanent)]
    [InlineData("ALTER TABLE t ADD UNIQUE (a)", "23505", FailureClass.Permanent)]
    [InlineData("SET LOCAL statement_timeout = 100; SELECT pg_sleep(60)", "57014", FailureClass.Permanent)]
    [InlineData("SET LOCAL temp_file_limit = '1MB'; SELECT a FROM generate_series(1, "
        + "1000000) a ORDER BY random()", "53400", FailureClass.Permanent)]
    [InlineData("DO $$ BEGIN RAISE SQLSTATE 'XX001'; END $$", "XX001", FailureClass.Unknown)]
    public async Task What_does_not_pass_leaves_the_row_as_prisma_would(string sql, string state, FailureClass expected)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyFailure failure = (await database.ApplyAsync(Table, ("2", sql))).Failure!;
        Assert.Equal(
            (DatabaseFailure.MigrationFailed, state, expected, true, false),
            (failure.Kind, failure.SqlState, failure.Class, failure.RolledBack, failure.NextRun));
        Assert.Equal(Unfinished, (await database.QueryAsync(Rows))[1]);
        Assert.StartsWith("schemagate resolve --rolled-back 2 ", failure.NextCommands[0], StringComparison.Ordinal);
        Assert.Equal(FailureClass.Permanent, (await database.ApplyAsync(Table, ("2", ""))).Failure!.Class);
    }

    [Theory]
    [InlineData("ALTER ROLE nobody_of_that_name PASSWORD 'planted secret'", "ALTER ROLE nobody_of_that_name PASSWORD …")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'postgresql://u:planted@127.0.0.1:1/x' PUBLICATION p", "CREATE SUBSCRIPTION s CONNECTION "
        + "'postgresql:// …")]
    [InlineData("ALTER ROLE nobody_of_that_name PASSWORD planted", "ALTER ROLE nobody_of_that_name PASSWORD …")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'host=h password=a planted' PUBLICATION p", "CREATE SUBSCRIPTION s CONNECTION "
        + "'host=h password …")]
    [InlineData("DO $$ BEGIN PERFORM 'password=x'; RAISE 'planted' USING DETAIL = 'planted', "
        + "HINT = 'planted'; END $$", "DO $$ BEGIN PERFORM 'password …")]
    public async Task A_password_in_a_statement_is_not_repeated(string sql, string shown)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyFailure failure = (await database.ApplyAsync(("1", sql))).Failure!;
        Assert.Equal(shown, failure.Statement);
        Assert.Contains($"({failure.SqlState}): its words are left out, because the statement holds a credential; "
            + "the server's log has them.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "planted", failure + (await database.QueryAsync("SELECT logs FROM _prisma_migrations"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_is_called_password_is_no_secret()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Contains("relation \"users\" does not exist", (await database.ApplyAsync(
            ("1", "ALTER TABLE users ADD password_hash text"))).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_timeout_ends_a_statement()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyOptions options = new() { StatementTimeout = TimeSpan.FromMilliseconds(100) };
        Assert.Equal("57014", (await TestDatabase.ApplyAsync(database.Url(), options, ("1", "SELECT pg_sleep(60)"))).Failure!.SqlState);
    }

    [Fact]
    public async Task A_lock_that_does_not_come_free_is_named_with_its_holder_and_the_next_run_goes_on()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(Table);
        NpgsqlConnection holder = await HoldAsync(database, "SET application_name = 'a report'", "BEGIN", "SELECT 'planted secret' FROM t");
        ApplyOptions options = new() { TableLockTimeout = TimeSpan.FromMilliseconds(500) };
        ApplyFailure failure = (await TestDatabase.ApplyAsync(database.Url(), options, Table, ("2", "ALTER TABLE t ADD b int"))).Failure!;
        Assert.Equal(("55P03", FailureClass.Transient, true), (failure.SqlState, failure.Class, failure.NextRun));
        Assert.Contains($"It waited for AccessExclusiveLock on public.t, held by server process {holder.ProcessID} (a report, "
            + "idle in transaction, its", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted secret", failure.Message, StringComparison.Ordinal);
        await holder.DisposeAsync();
        Assert.Null((await database.ApplyAsync(Table, ("2", "ALTER TABLE t ADD b int"))).Failure);
        Assert.Equal(["1|True|False|False", RolledBack, "2|True|False|False"], await database.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_serialization_failure_is_tried_again_by_the_next_run()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(Table);
        (string, string) update = ("2", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM t; "
            + "SELECT pg_advisory_xact_lock(7); UPDATE t SET a = a + 1");
        NpgsqlConnection holder = await HoldAsync(database, "SELECT pg_advisory_lock(7)");
        Task<ApplyReport> run = database.ApplyAsync(Table, update);
        await database.UntilAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'", "1");
        await database.ExecuteAsync("UPDATE t SET a = 5");
        await holder.DisposeAsync();
        ApplyFailure failure = (await run).Failure!;
        Assert.Equal(("40001", FailureClass.Transient, true), (failure.SqlState, failure.Class, failure.NextRun));
        Assert.Null((await database.ApplyAsync(Table, update)).Failure);
        Assert.Equal(["6"], await database.QueryAsync("SELECT DISTINCT a FROM t"));
    }

    [Theory]
    [InlineData("CREATE TABLE s (a int); SELECT pg_sleep(60)", FailureClass.Transient)]
    [InlineData("VACUUM; SELECT pg_sleep(60)", FailureClass.Permanent)]
    public async Task A_session_that_is_ended_is_tried_again_where_nothing_of_it_remains(string sql, FailureClass expected)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Task<ApplyReport> run = database.ApplyAsync(Table, ("2", sql));
        await database.UntilAsync(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'",
            "1");
        ApplyFailure failure = (await run).Failure!;
        Assert.Equal((DatabaseFailure.Unreachable, "57P01", expected), (failure.Kind, failure.SqlState, failure.Class));
        Assert.Equal(expected == FailureClass.Transient ? RolledBack : Unfinished, (await database.QueryAsync(Rows))[1]);
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_server_that_restarts_midway_is_waited_for_and_the_next_run_goes_on()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(server.Url);
        Task<ApplyReport> run = database.ApplyAsync(Table, ("2", "CREATE TABLE s (a int); SELECT pg_sleep(60)"));
        await database.UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "1");
        await server.StopAsync("immediate");
        await server.StartAgainAsync();
        ApplyFailure failure = (await run).Failure!;
        Assert.Equal((DatabaseFailure.Unreachable, FailureClass.Transient, true), (failure.Kind, failure.Class, failure.RolledBack));
        Assert.Equal(["1|True|False|False", RolledBack], await database.QueryAsync(Rows));
        Assert.Null((await database.ApplyAsync(Table, ("2", "CREATE TABLE s (a int)"))).Failure);
    }

    [Fact]
    public async Task A_migration_whose_bookkeeping_lost_its_connection_is_finished_over_another()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Task<ApplyReport> run = database.ApplyAsync(Table, ("2", "VACUUM; SELECT pg_sleep(1)"));
        await database.UntilAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'", "1");
        await database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
            + "application_name = 'schemagate' AND state = 'idle'");
        Assert.Equal(2, (await run).Applied.Count);
        Assert.Equal(["1|True|False|False", "2|True|False|False"], await database.QueryAsync(Rows));
    }

    [Fact]
    public async Task An_index_that_was_left_invalid_is_named_with_its_drop()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        (string, string) index = ("2", "CREATE UNIQUE INDEX CONCURRENTLY \"An index\" ON t (a)");
        ApplyFailure failure = (await database.ApplyAsync(Table, index)).Failure!;
        Assert.Equal(("23505", false), (failure.SqlState, failure.RolledBack));
        Assert.Contains("It left public.\"An index\" INVALID", failure.Message, StringComparison.Ordinal);
        Assert.Equal("psql -c 'DROP INDEX CONCURRENTLY public.\"An index\"'", failure.NextCommands[0]);
        await database.ExecuteAsync("DROP INDEX CONCURRENTLY public.\"An index\"", "DELETE FROM t", "UPDATE _prisma_migrations SET "
            + "rolled_back_at = now() WHERE finished_at IS NULL");
        Assert.Null((await database.ApplyAsync(Table, index)).Failure);
    }

    [Fact]
    public async Task A_migration_that_empties_the_history_is_rolled_back_and_not_called_applied()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyReport report = await database.ApplyAsync(Table, ("2", "CREATE TABLE s (a int); TRUNCATE _prisma_migrations"));
        Assert.Equal(
            (DatabaseFailure.HistoryUnreadable, FailureClass.Permanent, true, "1"),
            (report.Failure!.Kind, report.Failure.Class, report.Failure.RolledBack, Assert.Single(report.Applied).Name));
        Assert.Equal(
            "2, at the end of its transaction: Its row is gone from the history, or somebody resolved it meanwhile. "
                + "It ran in one transaction: nothing of it remains.", report.Failure.Message);
        Assert.Equal(["1|True|False|False", Unfinished], await database.QueryAsync(Rows));
        Assert.Equal([""], await database.QueryAsync("SELECT to_regclass('s')::text"));
    }

    [Theory]
    [InlineData("rolled_back_at = now()", "2|False|True|True")]
    [InlineData("finished_at = now()", "2|True|False|False")]
    public async Task A_row_that_somebody_resolves_meanwhile_is_not_finished(string resolved, string row)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Task<ApplyReport> run = database.ApplyAsync(Table, ("2", "CREATE TABLE s (a int); SELECT pg_sleep(2)"));
        await database.UntilAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'", "1");
        await database.ExecuteAsync($"UPDATE _prisma_migrations SET {resolved} WHERE migration_name = '2'");
        Assert.Contains("somebody resolved it meanwhile", (await run).Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(row, (await database.QueryAsync(Rows))[1]);
        Assert.Equal([""], await database.QueryAsync("SELECT to_regclass('s')::text"));
    }

    [Fact]
    public async Task A_row_that_a_migration_deletes_statement_by_statement_is_said_to_be_gone()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyReport report = await database.ApplyAsync(("1", "DELETE FROM _prisma_migrations; VACUUM"));
        Assert.Empty(report.Applied);
        Assert.StartsWith("1 ran to its end, but its row in the history could not be finished: "
            + "Its row is gone from the history, or", report.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(["schemagate resolve --applied 1"], report.Failure.NextCommands);
    }

    [Fact]
    public async Task A_history_that_a_migration_drops_is_said_to_be_gone()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyFailure failure = (await database.ApplyAsync(("1", "DROP TABLE _prisma_migrations; VACUUM"))).Failure!;
        Assert.Contains("1 ran to its end, but its row in the history could not be finished", failure.Message, StringComparison.Ordinal);
    }
}
