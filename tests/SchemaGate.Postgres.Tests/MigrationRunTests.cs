using Npgsql;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Postgres.Tests;

/// <summary>How one migration's text runs, succeeds and fails.</summary>
public sealed class MigrationRunTests
{
    private const string Rows = "SELECT migration_name, applied_steps_count, finished_at IS NOT NULL, "
        + "logs IS NOT NULL FROM _prisma_migrations ORDER BY started_at";

    [Theory]
    [InlineData("")]
    [InlineData("-- nothing")]
    [InlineData("CREATE TABLE t (a int); CREATE INDEX CONCURRENTLY i ON t (a); DROP INDEX CONCURRENTLY i;")]
    [InlineData("VACUUM;")]
    [InlineData("BEGIN; CREATE TABLE t (a int); COMMIT; SELECT * FROM t")]
    [InlineData("CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'b'; SELECT 'b'::e;")]
    [InlineData("CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$; CALL p();")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT f()")]
    [InlineData("SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE public.t (a int)")]
    [InlineData("CREATE TABLE t (a int); SET ROLE pg_read_all_data")]
    [InlineData("SET SESSION AUTHORIZATION pg_read_all_data; SELECT 1")]
    [InlineData("SAVEPOINT a; SELECT 1; ROLLBACK TO a; RELEASE a")]
    [InlineData("SELECT pg_advisory_unlock_all(); CREATE TEMP TABLE x (a int); PREPARE q AS SELECT $1::int; EXECUTE q(1); "
        + "SET timezone = 'Asia/Tokyo'")]
    [InlineData("SELECT generate_series(1, 100000); VALUES (1), (2);")]
    public async Task It_applies_and_the_next_one_finds_a_session_as_new(string sql)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyReport report = await database.ApplyAsync(("1_a", sql), ("2_b", "CREATE TABLE after_all AS SELECT current_user AS u, "
            + "current_setting('search_path') AS p; CREATE TEMP TABLE x (a int)"));
        Assert.Null(report.Failure);
        Assert.Equal("1_a|1|True|False\n2_b|1|True|False", string.Join('\n', await database.QueryAsync(Rows)));
        Assert.Equal(["postgres|\"$user\", public"], await database.QueryAsync("SELECT u, p FROM public.after_all"));
    }

    [Theory]
    [InlineData("CREATE TABLE t (a int);\n  SELECT nope FROM t;", 2, 10, "42703", true)]
    [InlineData("-- 𝒳\nSELECT '𝒳', nope", 2, 14, "42703", true)]
    [InlineData("CREATE TABLE t (a int);\r\nINSERT INTO t VALUES (1);\r\nALTER TABLE t ADD CHECK (a > 1);", 3, 1, "23514", true)]
    [InlineData("SELECT 1;\nSELEC 2;", 2, 1, "42601", true)]
    [InlineData("SELECT 1;\nSELECT 'open", 2, 8, "42601", true)]
    [InlineData("SELECT 1;\nfoo bar;\nSELECT 1", 2, 1, "42601", true)]
    [InlineData("VACUUM;\nSELECT 1/0;", 2, 1, "22012", false)]
    [InlineData("BEGIN;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCOMMIT", 2, 1, "25001", false)]
    public async Task A_failure_has_its_place_and_code_and_leaves_a_failed_row(
        string sql, int line, int column, string state, bool rolledBack)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyFailure failure = (await database.ApplyAsync(("1_a", sql), ("2_b", "SELECT 1"))).Failure!;
        Assert.Equal(
            (DatabaseFailure.MigrationFailed, "1_a", line, column, state, rolledBack),
            (failure.Kind, failure.Migration, failure.Line, failure.Column, failure.SqlState, failure.RolledBack));
        Assert.Equal(["1_a|0|False|True"], await database.QueryAsync(Rows));
        Assert.Equal(["0"], await database.QueryAsync("SELECT count(*) FROM pg_tables WHERE tablename = 't'"));
    }

    [Fact]
    public async Task A_failed_migration_stops_the_next_run_until_it_is_resolved()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1_a", "SELECT nope"));
        ApplyFailure failure = (await database.ApplyAsync(("1_a", "SELECT 1"))).Failure!;
        Assert.Equal((DatabaseFailure.MigrationUnfinished, "1_a"), (failure.Kind, failure.Migration));
        Assert.Contains("\"nope\" does not exist", failure.Message, StringComparison.Ordinal);
        Assert.Contains(
            failure.NextCommands, command => command.StartsWith("schemagate resolve --rolled-back 1_a", StringComparison.Ordinal));
        await database.ExecuteAsync("UPDATE _prisma_migrations SET rolled_back_at = now()");
        Assert.Null((await database.ApplyAsync(("1_a", "SELECT 1"))).Failure);
    }

    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)';' }, "byte order mark")]
    [InlineData(new byte[] { (byte)'-', (byte)'-', 0xE9 }, "not UTF-8")]
    public async Task A_text_that_no_server_takes_is_refused_before_its_row(byte[] sql, string words)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        MigrationSet set = new([TestDatabase.Read("1_a", "SELECT 1"u8.ToArray()), TestDatabase.Read("2_b", sql)], []);
        ApplyFailure failure = (await new MigrationApplier(TimeProvider.System).ApplyAsync(
            database.Url(), set, ApplyOptions.Default, null, TestContext.Current.CancellationToken)).Failure!;
        Assert.Equal((DatabaseFailure.ScriptRefused, "2_b"), (failure.Kind, failure.Migration));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Empty(await database.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_replacement_character_that_somebody_wrote_runs()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Null((await database.ApplyAsync(("1_a", "SELECT '\uFFFD' -- \uFFFD"))).Failure);
    }

    [Fact]
    public async Task What_cannot_be_run_is_refused_before_anything_runs()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyFailure failure = (await database.ApplyAsync(
            ("1_a", "SELECT 1"), ("2_b", "CREATE TABLE t (a int);\nCOPY t FROM stdin;\n1\n\\.\n"))).Failure!;
        Assert.Equal((DatabaseFailure.ScriptRefused, 2, 1), (failure.Kind, failure.Line, failure.Column));
        failure = (await database.ApplyAsync(("1_a", "SELECT 1"), ("2_b", "\n\\restrict abc\nSELECT 1"))).Failure!;
        Assert.Equal((DatabaseFailure.ScriptRefused, 2), (failure.Kind, failure.Line));
        Assert.Empty(await database.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_transaction_left_open_is_an_error_that_says_so()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyFailure failure = (await database.ApplyAsync(("1_a", "CREATE TABLE s (a int);\nBEGIN;\nCREATE TABLE t (a int);"))).Failure!;
        Assert.Equal((DatabaseFailure.MigrationFailed, 2), (failure.Kind, failure.Line));
        Assert.Contains("still open", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["1_a|0|False|True"], await database.QueryAsync(Rows));
        Assert.Equal(["s"], await database.QueryAsync("SELECT tablename FROM pg_tables WHERE tablename IN ('s', 't')"));
    }

    [Fact]
    public async Task A_deferred_constraint_fails_at_the_end_of_the_transaction()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyFailure failure = (await database.ApplyAsync(
            ("1_a", "CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO t VALUES (1), (1)"))).Failure!;
        Assert.Equal(("23505", null), (failure.SqlState, failure.Line));
        Assert.Equal(["1_a|0|False|True"], await database.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_waiting_alter_table_gives_up_after_the_table_lock_timeout()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1_a", "CREATE TABLE t (a int)"));
        await using NpgsqlConnection reader = await database.ConnectAsync();
        await new NpgsqlCommand("BEGIN", reader).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("LOCK TABLE t IN ACCESS SHARE MODE", reader).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        ApplyOptions options = new() { TableLockTimeout = TimeSpan.FromMilliseconds(100) };
        Assert.Equal(
            "55P03",
            (await TestDatabase.ApplyAsync(database.Url(), options, ("1_a", ""), ("2_b", "ALTER TABLE t ADD b int"))).Failure!.SqlState);
    }

    [Theory]
    [InlineData("CREATE TABLE t (a int); SELECT pg_sleep(60)", true)]
    [InlineData("VACUUM; SELECT pg_sleep(60)", false)]
    public async Task Canceling_stops_the_statement_on_the_server_and_what_was_rolled_back_runs_again(string sql, bool runsAgain)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        using CancellationTokenSource cancel = new();
        Task<ApplyReport> run = new MigrationApplier(
            TimeProvider.System).ApplyAsync(database.Url(), TestDatabase.Set(("1_a", sql)), ApplyOptions.Default, null, cancel.Token);
        const string Sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
        await database.UntilAsync(Sleeping, "1");
        await cancel.CancelAsync();
        ApplyFailure failure = (await run).Failure!;
        Assert.Equal((DatabaseFailure.Canceled, runsAgain), (failure.Kind, failure.NextRun));
        Assert.Equal(["0"], await database.QueryAsync(Sleeping));
        Assert.Equal(["1_a|0|False|True"], await database.QueryAsync(Rows));
        Assert.Equal([$"{runsAgain}"], await database.QueryAsync("SELECT rolled_back_at IS NOT NULL FROM _prisma_migrations"));
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_server_that_dies_midway_leaves_an_unfinished_row_and_the_report_says_how_to_find_out()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(server.Url);
        Task<ApplyReport> run = database.ApplyAsync(("1_a", "SELECT pg_sleep(60)"));
        await database.UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "1");
        await server.StopAsync("immediate");
        ApplyFailure failure = (await run).Failure!;
        Assert.Contains("read the history again", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.RolledBack);
        await server.StartAgainAsync();
        Assert.Equal(["1_a|0|False|False"], await database.QueryAsync(Rows));
        Assert.Equal(DatabaseFailure.MigrationUnfinished, (await database.ApplyAsync(("1_a", ""))).Failure!.Kind);
    }
}
