using Npgsql;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Postgres.Tests;

/// <summary>Deadlines, cancellation, and what is said meanwhile.</summary>
public sealed class MigrationLimitTests
{
    private const string Rows = "SELECT migration_name, finished_at IS NOT NULL, "
        + "rolled_back_at IS NOT NULL FROM _prisma_migrations ORDER BY started_at";
    private static readonly ApplyOptions Impatient = new() { TableLockTimeout = TimeSpan.FromMilliseconds(500) };
    private static readonly ApplyOptions Short = new() { Deadline = TimeSpan.FromSeconds(1.5) };

    [Fact]
    public async Task The_deadline_ends_a_statement_and_the_migration_is_run_again_by_the_next_run()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyFailure failure = (await TestDatabase.ApplyAsync(
            database.Url(), Short, ("1", "CREATE TABLE t (a int);\nSELECT pg_sleep(60)"))).Failure!;
        Assert.Equal(
            (DatabaseFailure.DeadlineExceeded, FailureClass.Permanent, true, 2),
            (failure.Kind, failure.Class, failure.NextRun, failure.Line));
        Assert.Equal(["0"], await database.QueryAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
            + "wait_event = 'PgSleep'"));
        Assert.Equal(["1|False|True"], await database.QueryAsync(Rows));
        Assert.Null((await database.ApplyAsync(("1", "CREATE TABLE t (a int)"))).Failure);
    }

    [Fact]
    public async Task A_deadline_that_comes_during_a_concurrent_build_lets_it_finish_and_begins_nothing_more()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1", "CREATE TABLE t (a int)"));
        NpgsqlConnection holder = await database.ConnectAsync();
        await new NpgsqlCommand("BEGIN", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("INSERT INTO t VALUES (1)", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Task<ApplyReport> run = TestDatabase.ApplyAsync(
            database.Url(), Short, ("1", ""), ("2", "CREATE INDEX CONCURRENTLY i ON t (a)"), ("3", "SELECT 1"));
        await Task.Delay(2500, TestContext.Current.CancellationToken);
        Assert.False(run.IsCompleted);
        await new NpgsqlCommand("COMMIT", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await holder.DisposeAsync();
        ApplyReport report = await run;
        Assert.Equal(
            (DatabaseFailure.DeadlineExceeded, FailureClass.Transient, null, "2"),
            (report.Failure!.Kind, report.Failure.Class, report.Failure.Migration, Assert.Single(report.Applied).Name));
        Assert.Equal(["1|True|False", "2|True|False"], await database.QueryAsync(Rows));
        Assert.Equal(["True"], await database.QueryAsync("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"));
    }

    [Fact]
    public async Task A_canceled_concurrent_build_says_what_it_left()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1", "CREATE TABLE t (a int)"));
        await using NpgsqlConnection holder = await database.ConnectAsync();
        await new NpgsqlCommand("BEGIN", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("INSERT INTO t VALUES (1)", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        using CancellationTokenSource cancel = new();
        Task<ApplyReport> run = new MigrationApplier(TimeProvider.System).ApplyAsync(
            database.Url(), TestDatabase.Set(
                ("1", ""), ("2", "CREATE INDEX CONCURRENTLY i ON t (a)")), ApplyOptions.Default, null, cancel.Token);
        await database.UntilAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'virtualxid'", "1");
        await cancel.CancelAsync();
        ApplyFailure failure = (await run).Failure!;
        Assert.Equal((DatabaseFailure.Canceled, FailureClass.Permanent, false), (failure.Kind, failure.Class, failure.RolledBack));
        Assert.Contains("It left public.i INVALID", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_that_waits_says_for_whom_and_one_that_works_says_how_long()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1", "CREATE TABLE t (a int)"));
        NpgsqlConnection holder = await database.ConnectAsync();
        await new NpgsqlCommand("BEGIN", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("LOCK TABLE t", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        (Recorder recorder, int holding) = (new(), holder.ProcessID);
        Task<ApplyReport> run = new MigrationApplier(TimeProvider.System).ApplyAsync(
            database.Url(), TestDatabase.Set(("1", ""), ("2", "SELECT 1;\n\nSELECT count(*) FROM t;\nSELECT pg_sleep(3)")),
            ApplyOptions.Default, recorder, TestContext.Current.CancellationToken);
        await recorder.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await holder.DisposeAsync();
        Assert.Null((await run).Failure);
        Assert.Equal((2, 3, 3), (recorder.Running[0].Number, recorder.Running[0].Total, recorder.Running[0].Line));
        Assert.Equal(
            ("AccessShareLock on public.t", holding, "idle in transaction"),
            (recorder.Running[0].Waiting!.Lock, recorder.Running[0].Waiting!.Process, recorder.Running[0].Waiting!.State));
        Assert.Equal((3, null), (recorder.Running[^1].Number, recorder.Running[^1].Waiting));
    }

    [Fact]
    public async Task A_concurrent_build_waits_longer_than_for_a_tables_lock_and_says_for_whom()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        NpgsqlConnection holder = await WritingAsync(database);
        (Recorder recorder, int holding) = (new(), holder.ProcessID);
        Task<ApplyReport> run = new MigrationApplier(TimeProvider.System).ApplyAsync(
            database.Url(), TestDatabase.Set(("1", ""), ("2", "CREATE INDEX CONCURRENTLY i ON t (a);\nCREATE TABLE s AS SELECT "
                + "current_setting('lock_timeout')")), Impatient, recorder, TestContext.Current.CancellationToken);
        await Task.WhenAny(run, recorder.Waiting.Task);
        await holder.DisposeAsync();
        Assert.Null((await run).Failure);
        Assert.Equal(("the end of a transaction", holding), (recorder.Running[0].Waiting!.Lock, recorder.Running[0].Waiting!.Process));
        Assert.StartsWith(
            $"the end of a transaction of server process {holding} (", recorder.Running[0].Waiting!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["True|500ms"], await database.QueryAsync("SELECT indisvalid, s.* FROM pg_index, s WHERE indexrelid = 'i'::regclass"));
    }

    [Fact]
    public async Task A_lock_timeout_of_the_migrations_own_ends_a_concurrent_build()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using NpgsqlConnection holder = await WritingAsync(database);
        ApplyFailure failure = (await TestDatabase.ApplyAsync(
            database.Url(), Impatient, ("1", ""), ("2", "SET lock_timeout = '700ms'; CREATE INDEX CONCURRENTLY i ON t (a)"))).Failure!;
        Assert.Equal("55P03", failure.SqlState);
        Assert.Contains(
            $"It waited for the end of a transaction of server process {holder.ProcessID} (", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<NpgsqlConnection> WritingAsync(TestDatabase database)
    {
        await database.ApplyAsync(("1", "CREATE TABLE t (a int)"));
        NpgsqlConnection holder = await database.ConnectAsync();
        await new NpgsqlCommand("BEGIN", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("INSERT INTO t VALUES (1)", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return holder;
    }

    private sealed class Recorder : IProgress<ApplyProgress>
    {
        public List<ApplyProgress.Running> Running { get; } = [];

        public TaskCompletionSource Waiting { get; } = new();

        public void Report(ApplyProgress value)
        {
            if (value is ApplyProgress.Running running)
            {
                Running.Add(running);
                Waiting.TrySetResult();
            }
        }
    }
}
