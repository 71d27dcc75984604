using SchemaGate.Core.Rehearsals;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Tests.Risk;

namespace SchemaGate.Postgres.Tests.Rehearsing;

/// <summary>What a run on a scratch database shows of each statement: locks, rewrites, scans.</summary>
public sealed class MigrationTraceTests
{
    private const string Orders = """
        CREATE TABLE orders (id int PRIMARY KEY, code varchar(20), total numeric);
        CREATE INDEX orders_code ON orders (code);
        CREATE TABLE loose (id int, note text);
        CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders;
        CREATE TABLE events (day date) PARTITION BY RANGE (day);
        CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE TYPE mood AS ENUM ('ok');
        """;

    public static TheoryData<string> Statements => LockMeasurementTests.Statements;

    /// <summary>The rules' own measured table, on tables with rows and without: nobody's word is against the server's.</summary>
    [Theory]
    [MemberData(nameof(Statements))]
    public async Task What_the_rules_say_of_a_statement_is_what_its_trace_sees_with_and_without_rows(string statement)
    {
        string empty = string.Join('\n', LockMeasurementTests.Schema.Split('\n')
            .Where(line => !line.StartsWith("INSERT", StringComparison.Ordinal)));
        foreach (string schema in (string[])[LockMeasurementTests.Schema, empty])
        {
            await using TracedDatabase traced = await TracedDatabase.CreateAsync(schema);
            (ApplyReport report, ObservedMigration seen) = await traced.RunAsync(statement);
            Assert.Null(report.Failure);
            Assert.Empty(SaidAndSeen.Compare(traced.Said(await MajorAsync(traced)), seen).Select(other => other.Sentence));
        }
    }

    [Theory]
    [InlineData("ALTER TABLE orders ADD COLUMN note text", "public.orders AccessExclusive None")]
    [InlineData("ALTER TABLE orders ALTER COLUMN id TYPE bigint", "public.orders AccessExclusive Rewrite")]
    [InlineData("ALTER TABLE orders ALTER COLUMN total SET NOT NULL", "public.orders AccessExclusive Scan")]
    [InlineData("CREATE INDEX i ON orders (total)", "public.orders Share BuildIndex")]
    [InlineData("REINDEX INDEX orders_code", "public.orders Share BuildIndex; public.orders/orders_code AccessExclusive None")]
    [InlineData("TRUNCATE orders", "public.orders AccessExclusive None")]
    [InlineData("CLUSTER orders USING orders_code", "public.orders AccessExclusive Rewrite")]
    [InlineData("REFRESH MATERIALIZED VIEW totals", "public.orders AccessShare Scan; public.totals AccessExclusive Rewrite")]
    [InlineData("DO $$ BEGIN EXECUTE 'ALTER TABLE loose ALTER COLUMN id TYPE bigint'; END $$", "public.loose AccessExclusive Rewrite")]
    [InlineData("UPDATE loose SET note = 'x'", "public.loose RowExclusive Scan")]
    [InlineData("CREATE INDEX CONCURRENTLY i ON orders (total)", "public.orders ShareUpdateExclusive BuildIndex")]
    [InlineData("DROP INDEX CONCURRENTLY orders_code", "public.orders ShareUpdateExclusive None")]
    [InlineData("REINDEX INDEX CONCURRENTLY orders_code", "public.orders ShareUpdateExclusive BuildIndex")]
    [InlineData("ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY", "public.events ShareUpdateExclusive None")]
    [InlineData("CREATE TABLE lines (id int)", "")]
    public async Task A_trace_sees_what_one_statement_locks_and_does(string statement, string expected)
    {
        await using TracedDatabase traced = await TracedDatabase.CreateAsync(Orders);
        (ApplyReport report, ObservedMigration seen) = await traced.RunAsync(statement);
        Assert.Null(report.Failure);
        string locks = Locks(Assert.Single(seen.Statements));
        // The last step, which takes the index or the partition itself, is a moment's: it may be seen.
        bool hasMoment = statement.Contains("CONCURRENTLY", StringComparison.Ordinal);
        Assert.True(expected == locks || (hasMoment && locks.StartsWith(expected, StringComparison.Ordinal)), locks);
    }

    [Fact]
    public async Task A_transaction_holds_its_locks_to_its_end_and_each_statement_is_told_once()
    {
        await using TracedDatabase traced = await TracedDatabase.CreateAsync(Orders);
        (_, ObservedMigration seen) = await traced.RunAsync("""
            ALTER TABLE orders ADD COLUMN a int;
            ALTER TABLE loose ALTER COLUMN id TYPE bigint;
            ALTER TABLE orders ALTER COLUMN a SET NOT NULL;
            """);
        Assert.Equal(
            ["1: public.orders AccessExclusive None", "1: public.loose AccessExclusive Rewrite", "1: public.orders AccessExclusive Scan"],
            seen.Statements.Select(statement => $"{statement.Transaction}: {Locks(statement)}").ToArray());
    }

    [Fact]
    public async Task Statements_that_run_one_by_one_have_a_transaction_each_and_a_block_of_the_script_has_one()
    {
        await using TracedDatabase traced = await TracedDatabase.CreateAsync(Orders);
        (ApplyReport report, ObservedMigration seen) = await traced.RunAsync("""
            ALTER TABLE orders ADD COLUMN a int;
            CREATE INDEX CONCURRENTLY i ON orders (a);
            BEGIN;
            ALTER TABLE loose ADD COLUMN a int;
            ALTER TABLE loose ADD COLUMN b int;
            COMMIT;
            ALTER TABLE loose ADD COLUMN c int;
            """);
        Assert.Null(report.Failure);
        Assert.Equal(
            [
                "public.orders AccessExclusive None", "public.orders ShareUpdateExclusive BuildIndex", "",
                "public.loose AccessExclusive None", "", "", "public.loose AccessExclusive None",
            ],
            seen.Statements.Select(Locks).ToArray());
        int[] transactions = [.. seen.Statements.Select(statement => statement.Transaction)];
        Assert.Equal(transactions[3], transactions[4]);
        Assert.Equal(4, transactions.Where((_, index) => index is 0 or 1 or 3 or 6).Distinct().Count());
    }

    /// <summary>What the server refuses in a transaction runs again, one by one, and is seen once.</summary>
    [Theory]
    [InlineData("ALTER TYPE mood ADD VALUE 'fine'; ALTER TABLE loose ADD COLUMN m mood DEFAULT 'fine';", 2)]
    [InlineData("ALTER TABLE loose ADD COLUMN m int; DO $$ BEGIN COMMIT; END $$;", 2)]
    public async Task A_script_that_needs_more_than_one_transaction_runs_under_a_trace_as_without(string sql, int statements)
    {
        await using TracedDatabase traced = await TracedDatabase.CreateAsync(Orders);
        (ApplyReport report, ObservedMigration seen) = await traced.RunAsync(sql);
        Assert.Null(report.Failure);
        Assert.Equal(statements, seen.Statements.Count);
        Assert.Contains(seen.Statements, statement => Locks(statement) == "public.loose AccessExclusive None");
    }

    [Fact]
    public async Task Settings_of_a_transaction_come_in_time_and_the_session_is_the_scripts_own()
    {
        await using TracedDatabase traced = await TracedDatabase.CreateAsync(Orders);
        (ApplyReport report, _) = await traced.RunAsync("""
            SET LOCAL lock_timeout = '3s';
            SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
            ALTER TABLE loose ADD COLUMN m int;
            INSERT INTO loose (note) VALUES (current_setting('transaction_isolation') || current_setting('lock_timeout'));
            """);
        Assert.Null(report.Failure);
        Assert.Equal(["serializable3s"], await traced.Database.QueryAsync("SELECT note FROM loose"));
    }

    [Fact]
    public async Task A_statement_that_fails_ends_the_trace_where_it_ended_the_run()
    {
        await using TracedDatabase traced = await TracedDatabase.CreateAsync(Orders);
        (ApplyReport report, ObservedMigration seen) = await traced.RunAsync("ALTER TABLE loose ADD COLUMN m int;\nDROP TABLE nothing;");
        Assert.Equal((2, "42P01"), (report.Failure!.Line, report.Failure.SqlState));
        Assert.Single(seen.Statements);
    }

    [Fact]
    public async Task Where_the_text_does_not_tell_the_trace_decides()
    {
        await using TracedDatabase traced = await TracedDatabase.CreateAsync(Orders);
        await traced.Database.ExecuteAsync("CREATE TABLE others (id int, name varchar(5))");
        (_, ObservedMigration seen) = await traced.RunAsync("""
            ALTER TABLE others ALTER COLUMN name TYPE varchar(50);
            DO $$ BEGIN ALTER TABLE loose ALTER COLUMN id TYPE bigint; END $$;
            """);
        Assert.Equal(
            [
                (true, "public.loose: the text says nothing; seen was ACCESS EXCLUSIVE, rewritten"),
                (true, "public.others: the text says ACCESS EXCLUSIVE, rewritten; seen was ACCESS EXCLUSIVE"),
            ],
            SaidAndSeen.Compare(traced.Said(await MajorAsync(traced)), seen).Select(other => (other.IsSettled, other.Sentence)).Order());
    }

    private static async Task<int> MajorAsync(TracedDatabase traced)
    {
        await using Npgsql.NpgsqlConnection session = await traced.Database.ConnectAsync();
        return session.PostgreSqlVersion.Major;
    }

    private static string Locks(ObservedStatement statement) => string.Join("; ", statement.Locks.Select(held =>
        $"{held.Table}{(held.Index is null ? "" : $"/{held.Index}")} {held.Mode} {held.Work}"));
}
