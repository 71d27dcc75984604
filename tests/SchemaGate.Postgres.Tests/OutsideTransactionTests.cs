using Npgsql;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tests;

/// <summary>Every statement that the server refuses in a transaction block (its sources' callers of PreventInTransactionBlock).</summary>
public sealed class OutsideTransactionTests
{
    private const string Setup = """
        CREATE TABLE t (a int PRIMARY KEY);
        CREATE TABLE p (a int) PARTITION BY RANGE (a);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (1);
        CREATE INDEX pi ON p (a);
        CLUSTER t USING t_pkey;
        """;

    [Theory]
    [InlineData("VACUUM")]
    [InlineData("VACUUM (ANALYZE) t")]
    [InlineData("CLUSTER")]
    [InlineData("CLUSTER VERBOSE")]
    [InlineData("CREATE UNIQUE INDEX CONCURRENTLY ON t (a)")]
    [InlineData("DROP INDEX CONCURRENTLY IF EXISTS i")]
    [InlineData("REINDEX INDEX CONCURRENTLY t_pkey")]
    [InlineData("REINDEX TABLE CONCURRENTLY t")]
    [InlineData("REINDEX (VERBOSE, CONCURRENTLY) TABLE t")]
    [InlineData("REINDEX SCHEMA public")]
    [InlineData("REINDEX DATABASE {0}")]
    [InlineData("ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY")]
    [InlineData("ALTER SYSTEM RESET work_mem")]
    [InlineData("CREATE DATABASE {0}_b TEMPLATE template0")]
    [InlineData("ALTER DATABASE {0} SET TABLESPACE pg_default")]
    [InlineData("DROP DATABASE IF EXISTS {0}_c")]
    [InlineData("DISCARD ALL")]
    public async Task A_statement_whose_words_tell_runs_outside_of_a_transaction(string template)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string statement = template.Replace("{0}", database.Name, StringComparison.Ordinal);
        await database.ExecuteAsync(Setup.Split(";\n"));
        Assert.Contains(StatementKinds.Of(statement), new[] { StatementKind.OutsideTransaction, StatementKind.Concurrent });
        Assert.Equal("25001", await StateInTransactionAsync(database, statement));
        await database.ExecuteAsync("DROP TABLE t, p");
        // A database cannot move while a session, the run's keeper, is in it.
        if (!statement.Contains("TABLESPACE", StringComparison.Ordinal))
        {
            Assert.Null((await database.ApplyAsync(("1", Setup), ("2", statement))).Failure);
            await database.ExecuteAsync($"DROP DATABASE IF EXISTS {database.Name}_b");
        }
    }

    [Theory]
    [InlineData("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")]
    [InlineData("SET TRANSACTION SNAPSHOT '00000003-0000001B-1'")]
    public async Task A_set_transaction_that_comes_too_late_fails_and_nothing_remains(string statement)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyReport report = await database.ApplyAsync(("1", $"CREATE TABLE t (a int);\n{statement};\nCREATE TABLE u (a int);"));
        Assert.Equal("25001", report.Failure!.SqlState);
        Assert.Equal(["0"], await database.QueryAsync("SELECT count(*) FROM pg_class WHERE relname IN ('t', 'u')"));
    }

    [Theory]
    [InlineData("CREATE TABLESPACE s LOCATION '/x'")]
    [InlineData("DROP TABLESPACE s")]
    [InlineData("ALTER SYSTEM SET work_mem = '4MB'")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere' PUBLICATION p")]
    public async Task A_statement_that_needs_more_than_a_database_is_known_by_its_words_too(string statement)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Equal(StatementKind.OutsideTransaction, StatementKinds.Of(statement));
        Assert.Equal("25001", await StateInTransactionAsync(database, statement));
    }

    [Theory]
    [InlineData("REINDEX TABLE p")]
    [InlineData("REINDEX INDEX pi")]
    [InlineData("CLUSTER p USING pi")]
    public async Task What_words_do_not_tell_the_server_does(string statement)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Equal(StatementKind.Ordinary, StatementKinds.Of(statement));
        Assert.Null((await database.ApplyAsync(("1", Setup), ("2", $"INSERT INTO t VALUES (1); {statement}"))).Failure);
        Assert.Equal(["1"], await database.QueryAsync("SELECT count(*) FROM t"));
    }

    [Theory]
    [InlineData("ALTER DATABASE {0} SET work_mem = '4MB'")]
    [InlineData("REINDEX TABLE t")]
    [InlineData("CLUSTER t")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false); "
        + "ALTER SUBSCRIPTION s OWNER TO CURRENT_USER; DROP SUBSCRIPTION s")]
    public async Task What_resembles_them_runs(string statement)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyReport report = await database.ApplyAsync(
            ("1", Setup), ("2", statement.Replace("{0}", database.Name, StringComparison.Ordinal)));
        Assert.Null(report.Failure);
    }

    private static async Task<string?> StateInTransactionAsync(TestDatabase database, string statement)
    {
        await using NpgsqlConnection connection = await database.ConnectAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand command = new(statement, connection);
        return (await Assert.ThrowsAsync<PostgresException>(
            () => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))).SqlState;
    }
}
