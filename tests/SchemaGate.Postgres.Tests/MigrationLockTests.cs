using Npgsql;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Postgres.Tests;

public sealed class MigrationLockTests
{
    private static readonly ApplyOptions Patient = new() { LockTimeout = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_runs_at_once_apply_each_migration_once_and_do_not_deadlock(bool exists)
    {
        await using TestDatabase database = exists ? await TestDatabase.CreateAsync() : TestDatabase.Absent();
        (string, string)[] set =
        [
            ("1_table", "CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 1000); SELECT pg_sleep(0.5)"),
            ("2_index", "CREATE INDEX CONCURRENTLY i ON t (a); CREATE INDEX CONCURRENTLY j ON t (a);"),
            ("3_insert", "INSERT INTO t VALUES (0)"),
        ];
        ApplyReport[] reports = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => TestDatabase.ApplyAsync(database.Url(), Patient, set)));
        Assert.All(reports, report => Assert.Null(report.Failure));
        Assert.Equal((3, 27), (reports.Sum(report => report.Applied.Count), reports.Sum(report => report.AlreadyApplied)));
        Assert.Equal(["3|3"], await database.QueryAsync("SELECT count(*), sum(applied_steps_count) FROM _prisma_migrations"));
        Assert.Equal(["True|True"], await database.QueryAsync("SELECT bool_and(indisvalid), "
            + "count(*) = 2 FROM pg_index WHERE indrelid = 't'::regclass"));
    }

    [Fact]
    public async Task A_lock_that_is_not_let_go_is_given_up_on_and_its_holder_is_named()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using NpgsqlConnection holder = await database.ConnectAsync();
        await new NpgsqlCommand("SET application_name = 'someone'", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("SELECT pg_advisory_lock(72707369)", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        List<ApplyProgress> told = [];
        ApplyOptions options = new() { LockTimeout = TimeSpan.FromSeconds(0.5) };
        ApplyFailure failure = (await new MigrationApplier(TimeProvider.System).ApplyAsync(
            database.Url(), TestDatabase.Set(("1", "")), options, new Listener(told), TestContext.Current.CancellationToken)).Failure!;
        Assert.Equal(DatabaseFailure.LockUnavailable, failure.Kind);
        string named = $"server process {holder.ProcessID} \\(someone, idle for [0-9.]+ s, connected for [0-9.]+ s\\)";
        Assert.Matches(named, Assert.IsType<ApplyProgress.WaitingForLock>(Assert.Single(told)).Holder);
        Assert.Matches(named, failure.Message);
        Assert.Contains(
            $"`psql -c 'SELECT pg_terminate_backend({holder.ProcessID})'` ends the session", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lock_is_free_after_a_run()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1", "SELECT nope"));
        Assert.Equal(["True"], await database.QueryAsync("SELECT pg_try_advisory_lock(72707369)"));
    }

    private sealed class Listener(List<ApplyProgress> told) : IProgress<ApplyProgress>
    {
        public void Report(ApplyProgress value) => told.Add(value);
    }
}
