using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Tests.Postgres;

public sealed class StatementKindsTests
{
    [Theory]
    [InlineData("CREATE INDEX i ON t (a)", StatementKind.Ordinary)]
    [InlineData("create /* x */ unique -- y\n index concurrently i on t (a)", StatementKind.Concurrent)]
    [InlineData("DROP INDEX CONCURRENTLY IF EXISTS i", StatementKind.Concurrent)]
    [InlineData("REINDEX (VERBOSE) TABLE CONCURRENTLY t", StatementKind.Concurrent)]
    [InlineData("REINDEX (VERBOSE, concurrently) TABLE t", StatementKind.Concurrent)]
    [InlineData("REINDEX (CONCURRENTLY OFF, VERBOSE) TABLE t", StatementKind.Ordinary)]
    [InlineData("REINDEX TABLE t", StatementKind.Ordinary)]
    [InlineData("REINDEX (VERBOSE) SCHEMA public", StatementKind.OutsideTransaction)]
    [InlineData("ALTER DATABASE d SET search_path TO x", StatementKind.Ordinary)]
    [InlineData("ALTER DATABASE d SET TABLESPACE x", StatementKind.OutsideTransaction)]
    [InlineData("ALTER SUBSCRIPTION s REFRESH PUBLICATION", StatementKind.OutsideTransaction)]
    [InlineData("ALTER SUBSCRIPTION s DISABLE", StatementKind.Ordinary)]
    [InlineData("ALTER SUBSCRIPTION publication OWNER TO x", StatementKind.Ordinary)]
    [InlineData("ALTER TABLE a DETACH PARTITION b CONCURRENTLY", StatementKind.Concurrent)]
    [InlineData("ALTER TABLE a ADD COLUMN concurrently int", StatementKind.Ordinary)]
    [InlineData("REFRESH MATERIALIZED VIEW CONCURRENTLY v", StatementKind.Ordinary)]
    [InlineData("VACUUM t", StatementKind.OutsideTransaction)]
    [InlineData("ALTER SYSTEM SET work_mem = '1MB'", StatementKind.OutsideTransaction)]
    [InlineData("begin isolation level serializable", StatementKind.TransactionControl)]
    [InlineData("START TRANSACTION", StatementKind.TransactionControl)]
    [InlineData("END", StatementKind.TransactionControl)]
    [InlineData("ROLLBACK AND CHAIN", StatementKind.TransactionControl)]
    [InlineData("ROLLBACK TO SAVEPOINT a", StatementKind.Ordinary)]
    [InlineData("SAVEPOINT a", StatementKind.Ordinary)]
    [InlineData("PREPARE TRANSACTION 'x'", StatementKind.TransactionControl)]
    [InlineData("PREPARE p AS SELECT 1", StatementKind.Ordinary)]
    [InlineData("COPY t (a, b) FROM STDIN WITH (FORMAT csv)", StatementKind.ClientCopy)]
    [InlineData("COPY (SELECT 1) TO STDOUT", StatementKind.ClientCopy)]
    [InlineData("COPY stdin FROM '/x'", StatementKind.Ordinary)]
    [InlineData("COPY \"stdin\" FROM '/stdin'", StatementKind.Ordinary)]
    [InlineData("SELECT 'COPY t FROM STDIN'", StatementKind.Ordinary)]
    public void A_statements_words_tell_its_kind(string statement, StatementKind kind) =>
        Assert.Equal(kind, StatementKinds.Of(statement));
}
