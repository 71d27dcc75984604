using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Tests;

public sealed class HistoryReaderTests
{
    private static Task<DatabaseState> ReadAsync(TestDatabase database, DatabaseUrl? url = null) =>
        new HistoryReader(database.Connections).ReadAsync(url ?? database.Url(), TestContext.Current.CancellationToken);

    private static async Task<DatabaseException> FailAsync(TestDatabase database, DatabaseUrl? url = null) =>
        await Assert.ThrowsAsync<DatabaseException>(() => ReadAsync(database, url));

    [Fact]
    public async Task An_empty_schema_has_no_history_and_no_tables()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            "CREATE VIEW v AS SELECT 1 AS one", "CREATE TABLE p (id int) PARTITION BY RANGE (id)", "CREATE TABLE spatial_ref_sys (id int)");
        DatabaseState state = await ReadAsync(database);
        Assert.Null(state.History);
        Assert.False(state.HasTables || state.IsStandby || state.RunInProgress);
        Assert.Equal((database.Name, "public"), (state.Identity.Database, state.Identity.Schema));
        Assert.Equal(await database.QueryAsync("SELECT system_identifier::text FROM pg_control_system()"), [state.Identity.System]);
    }

    [Fact]
    public async Task A_schema_that_does_not_exist_is_empty()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t (id int)");
        DatabaseState state = await ReadAsync(database, database.Url("schema=no%22pe"));
        Assert.Null(state.History);
        Assert.False(state.HasTables);
    }

    [Fact]
    public async Task Tables_without_a_history_are_seen()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE \"_Prisma_Migrations\" (id int)");
        DatabaseState state = await ReadAsync(database);
        Assert.Null(state.History);
        Assert.True(state.HasTables);
    }

    [Fact]
    public async Task Rows_are_read_in_the_order_of_their_start_with_their_states()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1_a", "SELECT 1"), ("2_b", "SELECT 1"), ("3_c", "SELECT nope"));
        await database.ExecuteAsync("UPDATE _prisma_migrations SET started_at = '2020-01-01Z', "
            + "rolled_back_at = now() WHERE migration_name = '2_b'");
        MigrationHistory history = (await ReadAsync(database)).History!;
        Assert.Equal("2_b 1_a 3_c", string.Join(' ', history.Rows.Select(row => row.Name)));
        Assert.Equal(
            [HistoryRowState.RolledBack, HistoryRowState.Applied, HistoryRowState.Unfinished], history.Rows.Select(row => row.State));
        Assert.Contains("nope", history.Rows[2].Logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_with_other_types_and_more_columns_is_read()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE _prisma_migrations (extra int, id bigint, checksum text, finished_at timestamp, migration_name text, "
                + "logs varchar, rolled_back_at timestamptz, started_at timestamptz, applied_steps_count bigint)",
            "INSERT INTO _prisma_migrations VALUES (1, 7, 'abc', NULL, 'a', repeat('x', 100000), NULL, now(), 1)");
        HistoryRow row = Assert.Single((await ReadAsync(database)).History!.Rows);
        Assert.Equal(("7", "a", 2000), (row.Id, row.Name, row.Logs!.Length));
    }

    [Fact]
    public async Task A_table_without_the_columns_is_unreadable_and_says_which_are_needed()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE _prisma_migrations (id int)");
        DatabaseException failure = await FailAsync(database);
        Assert.Equal((DatabaseFailure.HistoryUnreadable, "42703"), (failure.Kind, failure.SqlState));
        Assert.Contains("applied_steps_count", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_role_is_told_what_to_grant_and_needs_no_more()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await TestDatabase.ApplyAsync(database.Url("schema=app"), ApplyOptions.Default, ("1_a", "SELECT 1"));
        string role = $"reader_{Guid.NewGuid():N}";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'pw'");
        try
        {
            DatabaseUrl url = database.Url("schema=app", role, "pw");
            Assert.Contains("GRANT USAGE ON SCHEMA \"app\" and GRANT SELECT ON "
                + "\"app\"._prisma_migrations", (await FailAsync(database, url)).Message, StringComparison.Ordinal);
            await database.ExecuteAsync($"GRANT USAGE ON SCHEMA app TO {role}", $"GRANT SELECT ON app._prisma_migrations TO {role}");
            Assert.Single((await ReadAsync(database, url)).History!.Rows);
        }
        finally
        {
            await database.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task An_unfinished_row_is_a_run_in_progress_only_while_the_lock_is_held()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1_a", "SELECT nope"));
        Assert.False((await ReadAsync(database)).RunInProgress);
        await using (NpgsqlConnection holder = await database.ConnectAsync())
        {
            await new NpgsqlCommand(
                "SELECT pg_advisory_lock(72707369)", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            Assert.True((await ReadAsync(database)).RunInProgress);
            await database.ExecuteAsync("UPDATE _prisma_migrations SET finished_at = now()");
            Assert.False((await ReadAsync(database)).RunInProgress);
        }
    }

    [Fact]
    public async Task The_lock_of_another_database_is_not_this_ones()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using TestDatabase other = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1_a", "SELECT nope"));
        await using NpgsqlConnection holder = await other.ConnectAsync();
        await new NpgsqlCommand("SELECT pg_advisory_lock(72707369)", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.False((await ReadAsync(database)).RunInProgress);
    }

    [Fact]
    public async Task A_locked_history_table_does_not_hold_up_the_reader()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1_a", "SELECT 1"));
        await using NpgsqlConnection holder = await database.ConnectAsync();
        await new NpgsqlCommand("BEGIN", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("LOCK TABLE _prisma_migrations", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.Contains("ten seconds", (await FailAsync(database)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rechecks_share_one_connection_and_survive_its_death()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await ReadAsync(database);
        await ReadAsync(database, database.Url("schema=other"));
        Assert.Equal(["1"], await database.QueryAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
            + "pg_backend_pid()"));
        await database.QueryAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
            + "pg_backend_pid()");
        Assert.Null((await ReadAsync(database)).History);
    }

    [Fact]
    public async Task A_read_may_be_canceled()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        using CancellationTokenSource canceled = new();
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new HistoryReader(database.Connections).ReadAsync(database.Url(), canceled.Token));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(61, true)]
    public async Task Who_holds_the_lock_is_told_and_whether_that_session_is_idle(int seconds, bool isIdle)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1_a", "SELECT nope"));
        await using NpgsqlConnection holder = await database.ConnectAsync();
        await new NpgsqlCommand("SET application_name = 'pooled'", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("SELECT pg_advisory_lock(72707369)", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
        DatabaseState state = await ReadAsync(database);
        Assert.True(state.RunInProgress);
        Assert.Equal((holder.ProcessID, "pooled", isIdle), (state.Lock!.Process, state.Lock.Owner, state.Lock.IsIdle));
        Assert.InRange(state.Lock.Since!.Value, DateTimeOffset.UtcNow.AddMinutes(-3), DateTimeOffset.UtcNow);
    }
}
