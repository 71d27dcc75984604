using Npgsql;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Resolving;

namespace SchemaGate.Postgres.Tests.Resolving;

public sealed class HistoryResolverTests
{
    private const string Rows =
        "SELECT migration_name, applied_steps_count, finished_at = started_at, rolled_back_at IS NOT NULL, coalesce(logs, "
            + "'NULL') = '' FROM _prisma_migrations ORDER BY started_at";

    private static readonly (string Name, string Sql) First = ("1_a", "CREATE TABLE t (a int)");
    private static readonly (string Name, string Sql) Second = ("2_b", "SELECT nope");

    private static Task<ResolveResult> ResolveAsync(TestDatabase database, ResolveAction action, params (string, string)[] set) =>
        ResolveAsync(database, action, ResolveOptions.Default, TestDatabase.Set(set));

    private static Task<ResolveResult> ResolveAsync(
        TestDatabase database, ResolveAction action, ResolveOptions options, MigrationSet set) =>
        new HistoryResolver(
            TimeProvider.System).ResolveAsync(database.Url(), set, action, options, null, TestContext.Current.CancellationToken);

    private static async Task<string> RefusedAsync(TestDatabase database, ResolveAction action, params (string, string)[] set)
    {
        string before = await RowsAsync(database);
        ResolveResult result = await ResolveAsync(database, action, set);
        Assert.Equal(DatabaseFailure.ResolveRefused, result.Failure!.Kind);
        Assert.Equal(before, await RowsAsync(database));
        return result.Failure.Message;
    }

    private static async Task<ResolutionKind[]> DoneAsync(TestDatabase database, ResolveAction action, params (string, string)[] set)
    {
        ResolveResult result = await ResolveAsync(database, action, set);
        Assert.Null(result.Failure);
        return [.. result.Resolutions.Select(resolution => resolution.Kind)];
    }

    private static async Task<string> RowsAsync(TestDatabase database) =>
        (await database.QueryAsync("SELECT to_regclass('_prisma_migrations')::text"))[0].Length == 0
        ? ""
        : string.Join('\n', await database.QueryAsync("SELECT m::text FROM _prisma_migrations m ORDER BY started_at"));

    [Fact]
    public async Task A_failed_migration_marked_as_rolled_back_runs_again()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(First, Second);
        Assert.Equal([ResolutionKind.RolledBack], await DoneAsync(database, new ResolveAction.MarkRolledBack(["2_b"])));
        Assert.Equal(["1_a|1|False|False|False", "2_b|0||True|False"], await database.QueryAsync(Rows));
        Assert.Equal(
            "2_b", string.Join(' ', (await database.ApplyAsync(First, ("2_b", "SELECT 1"))).Applied.Select(applied => applied.Name)));
    }

    [Fact]
    public async Task A_failed_migration_marked_as_applied_keeps_its_failed_row_as_rolled_back_and_does_not_run()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(First, Second);
        Assert.Equal([ResolutionKind.Applied], await DoneAsync(database, new ResolveAction.MarkApplied(["2_b"]), First, Second));
        Assert.Equal(["1_a|1|False|False|False", "2_b|0||True|False", "2_b|0|True|False|True"], await database.QueryAsync(Rows));
        Assert.Equal(2, (await database.ApplyAsync(First, Second)).AlreadyApplied);
    }

    [Fact]
    public async Task Repeating_changes_nothing_and_says_so()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(First, Second);
        await DoneAsync(database, new ResolveAction.MarkRolledBack(["2_b"]));
        string before = await RowsAsync(database);
        Assert.Equal([ResolutionKind.Unchanged], await DoneAsync(database, new ResolveAction.MarkRolledBack(["2_b", "2_b"])));
        Assert.Equal([ResolutionKind.Unchanged], await DoneAsync(database, new ResolveAction.MarkApplied(["1_a"]), First));
        Assert.Equal([ResolutionKind.Unchanged], await DoneAsync(database, new ResolveAction.AcceptChecksum(["1_a"]), First));
        Assert.Equal(before, await RowsAsync(database));
        Assert.Contains("2_b is marked as rolled back already", (await ResolveAsync(
            database, new ResolveAction.MarkRolledBack(["2_b"]))).Resolutions[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_meant_is_refused_and_the_nearest_name_is_told()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(First, ("20240101_users", "SELECT 1"));
        (string, string)[] set = [First, ("20240101_users", "SELECT 1")];
        Assert.Contains("P3017); did you mean 20240101_users", await RefusedAsync(
            database, new ResolveAction.MarkApplied(["20240101_Users"]), set), StringComparison.Ordinal);
        Assert.Contains("P3011); did you mean 20240101_users", await RefusedAsync(
            database, new ResolveAction.MarkRolledBack(["20240101_user"])), StringComparison.Ordinal);
        Assert.Contains(
            "P3012", await RefusedAsync(database, new ResolveAction.MarkRolledBack(["20240101_users"])), StringComparison.Ordinal);
        Assert.Contains("3_c is not applied", await RefusedAsync(
            database, new ResolveAction.AcceptChecksum(["3_c"]), ("3_c", "")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_names_all_are_written_or_none()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Contains("no migration 9_x", await RefusedAsync(
            database, new ResolveAction.MarkApplied(["1_a", "9_x"]), First), StringComparison.Ordinal);
        Assert.Equal("", await RowsAsync(database));
        Assert.Equal([ResolutionKind.Applied, ResolutionKind.Applied], await DoneAsync(
            database, new ResolveAction.MarkApplied(["2_b", "1_a"]), First, Second));
    }

    [Fact]
    public async Task A_baseline_marks_what_the_tables_contain_and_the_rest_is_applied()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)");
        (string, string)[] set = [First, ("2_b", "ALTER TABLE t ADD b int"), ("3_c", "ALTER TABLE t ADD c int")];
        ResolveResult result = await ResolveAsync(database, new ResolveAction.Baseline("1_a"), set);
        Assert.Equal((1, true), (result.Resolutions.Count, result.CreatesHistory));
        Assert.Equal("2_b 3_c", string.Join(' ', (await database.ApplyAsync(set)).Applied.Select(applied => applied.Name)));
        Assert.Contains("history of 3 rows", await RefusedAsync(database, new ResolveAction.Baseline(null), set), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_baseline_of_everything_leaves_nothing_to_apply()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)");
        Assert.Equal(2, (await DoneAsync(database, new ResolveAction.Baseline(null), First, Second)).Length);
        Assert.Equal(["1_a|0|True|False|True", "2_b|0|True|False|True"], await database.QueryAsync(Rows));
        Assert.Equal(2, (await database.ApplyAsync(First, Second)).AlreadyApplied);
    }

    [Fact]
    public async Task An_empty_schema_is_not_baselined()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Contains("has no tables", await RefusedAsync(database, new ResolveAction.Baseline(null), First), StringComparison.Ordinal);
        await database.ExecuteAsync("CREATE TABLE t (a int)");
        Assert.Contains(
            "no migration 1_b", await RefusedAsync(database, new ResolveAction.Baseline("1_b"), First), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepting_a_checksum_changes_that_column_of_the_applied_rows_alone()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(Second);
        await DoneAsync(database, new ResolveAction.MarkApplied(["2_b"]), Second);
        const string Others = "SELECT id, finished_at, migration_name, logs, rolled_back_at, started_at, "
            + "applied_steps_count FROM _prisma_migrations ORDER BY started_at";
        IReadOnlyList<string> before = await database.QueryAsync(Others);
        (string, string) edited = ("2_b", "SELECT nope; -- edited");
        Assert.Equal([ResolutionKind.ChecksumAccepted], await DoneAsync(database, new ResolveAction.AcceptChecksum(["2_b"]), edited));
        Assert.Equal(before, await database.QueryAsync(Others));
        Assert.Equal(
            [MigrationChecksum.Of(Second.Sql).Value, MigrationChecksum.Of(edited.Item2).Value],
            await database.QueryAsync("SELECT checksum FROM _prisma_migrations ORDER BY started_at"));
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_writes_nothing()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)");
        ResolveOptions dry = new() { IsDryRun = true };
        ResolveResult planned = await ResolveAsync(database, new ResolveAction.Baseline(null), dry, TestDatabase.Set(First, Second));
        Assert.Equal("", await RowsAsync(database));
        ResolveResult done = await ResolveAsync(database, new ResolveAction.Baseline(null), First, Second);
        Assert.Equal(done.Resolutions, planned.Resolutions);
        Assert.True(done.CreatesHistory && planned.CreatesHistory);
    }

    [Fact]
    public async Task A_run_in_progress_is_not_touched()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(Second);
        await using NpgsqlConnection holder = await database.ConnectAsync();
        await new NpgsqlCommand("SELECT pg_advisory_lock(72707369)", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        ResolveOptions hasty = new() { LockTimeout = TimeSpan.FromSeconds(0.3) };
        ResolveResult result = await ResolveAsync(database, new ResolveAction.MarkRolledBack(["2_b"]), hasty, TestDatabase.Set());
        Assert.Equal(DatabaseFailure.LockUnavailable, result.Failure!.Kind);
        Assert.Equal(["2_b|0||False|False"], await database.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_history_whose_columns_are_of_other_types_is_written_too()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            CREATE TABLE _prisma_migrations (id uuid PRIMARY KEY, checksum char(64) NOT NULL, finished_at timestamptz,
                migration_name text NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
                applied_steps_count bigint NOT NULL DEFAULT 0, extra text)
            """);
        await database.ApplyAsync(First, Second);
        await DoneAsync(database, new ResolveAction.MarkApplied(["2_b"]), First, Second);
        await DoneAsync(database, new ResolveAction.AcceptChecksum(["1_a"]), ("1_a", "edited"));
        Assert.Equal(["1_a|1|False|False|False", "2_b|0||True|False", "2_b|0|True|False|True"], await database.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_role_that_may_only_read_is_told_so_and_nothing_is_half_written()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(Second);
        string role = $"r{Guid.NewGuid():N}";
        await database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'planted-secret'",
            $"GRANT SELECT ON _prisma_migrations TO {role}",
            $"GRANT EXECUTE ON FUNCTION pg_control_system() TO {role}");
        ResolveResult result = await new HistoryResolver(TimeProvider.System).ResolveAsync(
            database.Url(user: role, password: "planted-secret"), TestDatabase.Set(Second), new ResolveAction.MarkApplied(
                ["2_b"]), ResolveOptions.Default, null, TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        Assert.Equal((DatabaseFailure.PrivilegeMissing, "42501"), (result.Failure!.Kind, result.Failure.SqlState));
        Assert.Contains(
            "GRANT SELECT, INSERT, UPDATE ON \"public\"._prisma_migrations TO <role>", result.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(["2_b|0||False|False"], await database.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_dead_runs_session_is_seen_by_a_person_with_a_role_of_their_own()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(Second);
        NpgsqlConnection left = await database.ConnectAsync();
        await new NpgsqlCommand("SET application_name = 'schemagate'", left).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("BEGIN", left).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        string role = $"r{Guid.NewGuid():N}";
        await database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'planted-secret'",
            $"GRANT ALL ON _prisma_migrations TO {role}",
            $"GRANT EXECUTE ON FUNCTION pg_control_system() TO {role}");
        Task<ResolveResult> ResolveAsync() => new HistoryResolver(TimeProvider.System).ResolveAsync(
            database.Url(user: role, password: "planted-secret"), TestDatabase.Set(), new ResolveAction.MarkRolledBack(
                ["2_b"]), ResolveOptions.Default, null, TestContext.Current.CancellationToken);
        ResolveResult early = await ResolveAsync();
        await new NpgsqlCommand("COMMIT", left).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        ResolveResult late = await ResolveAsync();
        int process = left.ProcessID;
        await left.DisposeAsync();
        await database.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        Assert.Equal(DatabaseFailure.LockUnavailable, early.Failure!.Kind);
        Assert.Contains($"Its session is still at work on the server: process {process}, "
            + "of another role.", early.Failure.Message, StringComparison.Ordinal);
        Assert.Null(late.Failure);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_not_created()
    {
        await using TestDatabase database = TestDatabase.Absent();
        Assert.Equal(
            DatabaseFailure.DatabaseMissing, (await ResolveAsync(database, new ResolveAction.MarkApplied(["1_a"]), First)).Failure!.Kind);
    }
}
