using System.Diagnostics;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Tests;

/// <summary>A real server with a history that no tool has: refused in words, in a moment, and the next reading is as ever.</summary>
public sealed class HistoryLimitTests
{
    [Fact]
    public async Task A_hundred_thousand_rows_of_ten_kilobytes_are_refused() =>
        Assert.Contains("more than 20000 rows", await RefusedAsync(View(100_000, logs: "repeat('x', 10000)")), StringComparison.Ordinal);

    [Fact]
    public async Task Unfinished_rows_of_ten_kilobytes_are_read_to_a_number_of_bytes() => Assert.Contains(
        "more than 8 MiB", await RefusedAsync(View(15_000, logs: "repeat('x', 10000)", finished: "NULL")), StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_is_cut_is_not_the_one_that_it_begins_with()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(View(1, name: "repeat('n', 1001)"));
        Assert.Equal($"{new string('n', 999)}…", Assert.Single((await ReadAsync(database)).History!.Rows).Name);
    }

    [Fact]
    public async Task A_view_that_takes_its_time_is_given_up() =>
        Assert.Contains("ten seconds", await RefusedAsync(View(1000, name: "pg_sleep(1)::text")), StringComparison.Ordinal);

    [Fact]
    public async Task The_log_of_a_row_that_finished_is_not_read()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(View(10_000, logs: "repeat('x', 10000)"));
        Stopwatch watch = Stopwatch.StartNew();
        DatabaseState state = await ReadAsync(database);
        Assert.Equal(10_000, state.History!.Applied.Count);
        Assert.All(state.History.Rows, row => Assert.Null(row.Logs));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    private static string View(int rows, string name = "number::text", string logs = "''", string finished = "now()") => $"""
        CREATE VIEW _prisma_migrations AS
        SELECT number::text AS id, 'sum'::text AS checksum, {finished}::timestamptz AS finished_at, {name} AS migration_name,
               {logs} AS logs, NULL::timestamptz AS rolled_back_at, now() AS started_at, 1 AS applied_steps_count
        FROM generate_series(1, {rows}) AS number
        """;

    private static async Task<string> RefusedAsync(string view)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(view);
        Stopwatch watch = Stopwatch.StartNew();
        DatabaseException failure = await Assert.ThrowsAsync<DatabaseException>(() => ReadAsync(database));
        Assert.Equal(DatabaseFailure.HistoryUnreadable, failure.Kind);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
        await database.ExecuteAsync("DROP VIEW _prisma_migrations");
        Assert.Null((await ReadAsync(database)).History);
        return failure.Message;
    }

    private static Task<DatabaseState> ReadAsync(TestDatabase database) =>
        new HistoryReader(database.Connections).ReadAsync(database.Url(), TestContext.Current.CancellationToken);
}
