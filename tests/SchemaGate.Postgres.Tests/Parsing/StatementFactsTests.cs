using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Tests.Parsing;

/// <summary>SQL and what is to be known of it, as <see cref="Facts"/> writes it.</summary>
public sealed class StatementFactsTests
{
    [Theory]
    [InlineData("CREATE TABLE IF NOT EXISTS s.t (id serial PRIMARY KEY, b varchar(10)[] NOT NULL COLLATE \"C\", n numeric(10,2))",
        "CreateTable {Table=s.t, Persistence=Permanent, IfNotExists=True, Columns=[ColumnDefinition {Name=id, Type=serial, "
            + "Constraints=[PrimaryKeyConstraint {Columns=[id]}]}, ColumnDefinition {Name=b, Type=varchar(10)[], NotNull=True, "
            + "Collation=C}, ColumnDefinition {Name=n, Type=numeric(10,2)}]}")]
    [InlineData("CREATE UNLOGGED TABLE t (a int CHECK (a > 0) UNIQUE REFERENCES p (x) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE)",
        "CreateTable {Table=t, Persistence=Unlogged, Columns=[ColumnDefinition {Name=a, Type=int4, Constraints=[CheckConstraint "
            + "{Expression=Expression {Volatility=Stable, Columns=[a]}}, UniqueConstraint {Columns=[a]}, ForeignKeyConstraint "
            + "{Deferrable=True, Columns=[a], Table=p, ReferencedColumns=[x], OnDelete=Cascade, OnUpdate=SetNull}]}]}")]
    [InlineData("CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS (a + 1) STORED, c \"char\", d char, "
        + "e double precision, f timestamp(3) with time zone, g geometry(Point, 4326))",
        "CreateTable {Table=t, Persistence=Permanent, Columns=[ColumnDefinition {Name=a, Type=int4, Identity=Always}, "
            + "ColumnDefinition {Name=b, Type=int4, Generated=GeneratedExpression {Expression=Expression {Volatility=Stable, Columns=[a]}, "
            + "Stored=True}}, ColumnDefinition {Name=c, Type=char}, ColumnDefinition {Name=d, Type=bpchar(1)}, ColumnDefinition {Name=e, "
            + "Type=float8}, ColumnDefinition {Name=f, Type=timestamptz(3)}, ColumnDefinition {Name=g, Type=geometry(point,4326)}]}")]
    [InlineData("CREATE TABLE t (a int, CONSTRAINT c FOREIGN KEY (a, b) REFERENCES s.p, PRIMARY KEY (a), UNIQUE (a, b), "
        + "EXCLUDE USING gist (a WITH &&), CHECK (a IS NOT NULL) NO INHERIT)",
        "CreateTable {Table=t, Persistence=Permanent, Columns=[ColumnDefinition {Name=a, Type=int4}], "
            + "Constraints=[ForeignKeyConstraint {Name=c, Columns=[a, b], Table=s.p, OnDelete=NoAction, OnUpdate=NoAction}, "
            + "PrimaryKeyConstraint {Columns=[a]}, UniqueConstraint {Columns=[a, b]}, ExclusionConstraint {Columns=[a]}, "
            + "CheckConstraint {Expression="
            + "Expression {Volatility=Stable, Columns=[a], NotNullColumns=[a], IsOnlyNotNull=True}, NoInherit=True}]}")]
    [InlineData("CREATE TEMP TABLE t (LIKE u INCLUDING INDEXES) INHERITS (v) PARTITION BY RANGE (a)",
        "CreateTable {Table=t, Persistence=Temporary, Inherits=[v], Like=[LikeClause {Table=u, IncludingIndexes=True}], "
            + "IsPartitioned=True}")]
    [InlineData("CREATE TABLE p PARTITION OF t DEFAULT",
        "CreateTable {Table=p, Persistence=Permanent, PartitionOf=t, IsDefaultPartition=True}")]
    [InlineData("CREATE TABLE t OF ty",
        "CreateTable {Table=t, Persistence=Permanent, OfType=ty}")]
    [InlineData("CREATE TABLE t AS SELECT 1",
        "CreateTable {Table=t, Persistence=Permanent, AsQuery=True}")]
    [InlineData("SELECT 1 INTO t FROM x UNION SELECT 2",
        "CreateTable {Table=t, Persistence=Permanent, AsQuery=True}")]
    [InlineData("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING gin (a text_pattern_ops, "
        + "lower(b) COLLATE \"C\") INCLUDE (c) WHERE d IS NULL",
        "CreateIndex {Name=i, Table=s.t, Keys=[IndexKey {Column=a, OperatorClass=text_pattern_ops}, "
            + "IndexKey {Expression=Expression {Volatility=Stable, Columns=[b]}, Collation=C}], "
            + "Unique=True, Concurrently=True, IfNotExists=True, Only=True, Method=gin, Include=[c], "
            + "Where=Expression {Volatility=Stable, Columns=[d]}}")]
    [InlineData("REINDEX TABLE CONCURRENTLY t",
        "Reindex {Target=Table, Name=t, Concurrently=True}")]
    [InlineData("REINDEX (CONCURRENTLY off) SCHEMA s",
        "Reindex {Target=Schema, Name=s}")]
    public void Tables_and_indexes(string sql, string facts) => Assert.Equal(facts, Facts.Of(sql));

    [Theory]
    [InlineData("DROP INDEX CONCURRENTLY IF EXISTS s.i, j CASCADE",
        "DropObjects {Kind=Index, Names=[s.i, j], Cascade=True, Concurrently=True, IfExists=True}")]
    [InlineData("DROP TRIGGER IF EXISTS a ON s.t",
        "DropObjects {Kind=Trigger, Names=[a], OnTable=s.t, IfExists=True}")]
    [InlineData("DROP FUNCTION s.f(int), g",
        "DropObjects {Kind=Function, Names=[s.f, g]}")]
    [InlineData("DROP TYPE a.b CASCADE",
        "DropObjects {Kind=Type, Names=[a.b], Cascade=True}")]
    [InlineData("DROP SCHEMA x, y",
        "DropObjects {Kind=Schema, Names=[x, y]}")]
    [InlineData("DROP DATABASE IF EXISTS d",
        "DropObjects {Kind=Database, Names=[d], IfExists=True}")]
    [InlineData("DROP OWNED BY a CASCADE",
        "DropOwned {Roles=[a], Cascade=True}")]
    public void What_is_dropped(string sql, string facts) => Assert.Equal(facts, Facts.Of(sql));

    [Theory]
    [InlineData("ALTER TABLE t RENAME COLUMN a TO b",
        "RenameObject {Kind=Column, Name=t, Member=a, NewName=b, OfKind=Table}")]
    [InlineData("ALTER VIEW v RENAME COLUMN a TO b",
        "RenameObject {Kind=Column, Name=v, Member=a, NewName=b, OfKind=View}")]
    [InlineData("ALTER TABLE IF EXISTS s.t RENAME TO u",
        "RenameObject {Kind=Table, Name=s.t, NewName=u, OfKind=Table, IfExists=True}")]
    [InlineData("ALTER TABLE t RENAME CONSTRAINT a TO b",
        "RenameObject {Kind=Constraint, Name=t, Member=a, NewName=b, OfKind=Table}")]
    [InlineData("ALTER INDEX i RENAME TO j",
        "RenameObject {Kind=Index, Name=i, NewName=j, OfKind=Index}")]
    [InlineData("ALTER SCHEMA a RENAME TO b",
        "RenameObject {Kind=Schema, Name=a, NewName=b, OfKind=Schema}")]
    [InlineData("ALTER TRIGGER a ON t RENAME TO b",
        "RenameObject {Kind=Trigger, Name=t, Member=a, NewName=b, OfKind=Table}")]
    [InlineData("ALTER TYPE s.e RENAME TO f",
        "RenameObject {Kind=Type, Name=s.e, NewName=f, OfKind=Type}")]
    [InlineData("ALTER TABLE t SET SCHEMA s",
        "SetSchema {Kind=Table, Name=t, NewSchema=s}")]
    [InlineData("ALTER FUNCTION f() OWNER TO x",
        "ChangeOwner {Kind=Function, Name=f}")]
    public void Names_places_and_owners(string sql, string facts) => Assert.Equal(facts, Facts.Of(sql));

    [Theory]
    [InlineData("CREATE TYPE s.e AS ENUM ('a', 'b')",
        "CreateEnumType {Type=s.e, Values=[a, b]}")]
    [InlineData("ALTER TYPE e ADD VALUE IF NOT EXISTS 'x' BEFORE 'y'",
        "AddEnumValue {Type=e, Value=x, Before=y, IfNotExists=True}")]
    [InlineData("ALTER TYPE e ADD VALUE 'x' AFTER 'y'",
        "AddEnumValue {Type=e, Value=x, After=y}")]
    [InlineData("ALTER TYPE e ADD VALUE 'x'",
        "AddEnumValue {Type=e, Value=x}")]
    [InlineData("ALTER TYPE e RENAME VALUE 'x' TO 'y'",
        "RenameEnumValue {Type=e, Value=x, NewValue=y}")]
    [InlineData("CREATE TYPE c AS (a int)",
        "CreateType {Type=c, Form=Composite, Attributes=[ColumnDefinition {Name=a, Type=int4}]}")]
    [InlineData("CREATE DOMAIN d AS text DEFAULT 'x' NOT NULL CHECK (value <> '')",
        "CreateDomain {Domain=d, Type=text, NotNull=True, Default=Expression {Volatility=Constant}, "
            + "Constraints=[CheckConstraint {Expression=Expression {Volatility=Stable, Columns=[value]}}], IsConstrained=True}")]
    [InlineData("ALTER DOMAIN d ADD CONSTRAINT c CHECK (value > 1) NOT VALID",
        "AlterDomain {Domain=d, Action=AddConstraint, Constraint=CheckConstraint {Name=c, NotValid=True, "
            + "Expression=Expression {Volatility=Stable, Columns=[value]}}}")]
    [InlineData("ALTER DOMAIN d SET NOT NULL",
        "AlterDomain {Domain=d, Action=SetNotNull}")]
    [InlineData("ALTER DOMAIN d VALIDATE CONSTRAINT c",
        "AlterDomain {Domain=d, Action=ValidateConstraint, ConstraintName=c}")]
    [InlineData("ALTER DOMAIN d DROP DEFAULT",
        "AlterDomain {Domain=d, Action=DropDefault}")]
    public void Types_and_domains(string sql, string facts) => Assert.Equal(facts, Facts.Of(sql));

    [Theory]
    [InlineData("CREATE SEQUENCE IF NOT EXISTS s.q",
        "CreateSequence {Name=s.q, IfNotExists=True}")]
    [InlineData("ALTER SEQUENCE q RESTART",
        "AlterSequence {Name=q}")]
    [InlineData("CREATE OR REPLACE TEMP VIEW v AS SELECT 1",
        "CreateView {Name=v, OrReplace=True, Temporary=True}")]
    [InlineData("CREATE MATERIALIZED VIEW v AS SELECT 1",
        "CreateMaterializedView {Name=v}")]
    [InlineData("REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "RefreshMaterializedView {Name=v, Concurrently=True, WithData=True}")]
    [InlineData("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE SQL IMMUTABLE AS 'x'",
        "CreateFunction {Name=f, OrReplace=True, Language=sql, Volatility=Immutable}")]
    [InlineData("CREATE PROCEDURE p() BEGIN ATOMIC SELECT 1; SELECT 2; END",
        "CreateFunction {Name=p, IsProcedure=True, Language=sql, Volatility=Volatile}")]
    [InlineData("CREATE TRIGGER a BEFORE INSERT ON t EXECUTE FUNCTION f()",
        "CreateTrigger {Name=a, Table=t}")]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO NOTHING",
        "CreateRule {Name=r, Table=t}")]
    [InlineData("CREATE POLICY p ON t",
        "CreatePolicy {Name=p, Table=t}")]
    [InlineData("CREATE SCHEMA s CREATE TABLE t (a int)",
        "CreateSchema {Name=s, Elements=[CreateTable {Table=t, Persistence=Permanent, Columns=[ColumnDefinition {Name=a, Type=int4}]}]}")]
    [InlineData("CREATE EXTENSION IF NOT EXISTS e",
        "CreateExtension {Name=e, IfNotExists=True}")]
    [InlineData("CREATE PUBLICATION p FOR TABLE a, s.b",
        "CreatePublication {Name=p, Tables=[a, s.b]}")]
    [InlineData("CREATE STATISTICS s ON a, b FROM t",
        "CreateStatistics {Name=s, Tables=[t]}")]
    [InlineData("COMMENT ON COLUMN s.t.a IS 'x'",
        "CommentOn {Kind=Column, Name=s.t}")]
    [InlineData("GRANT SELECT ON t TO x",
        "ChangePrivileges {IsGrant=True, Kind=Table, Names=[t]}")]
    public void Objects(string sql, string facts) => Assert.Equal(facts, Facts.Of(sql));

    [Theory]
    [InlineData("REVOKE a FROM b",
        "ChangePrivileges {Kind=Role, Names=[a]}")]
    [InlineData("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x",
        "ChangePrivileges {IsGrant=True, Kind=Table, Default=True}")]
    [InlineData("INSERT INTO t (a, b) VALUES (1, 2), (3, 4) ON CONFLICT (a) DO UPDATE SET a = 1",
        "InsertRows {Table=t, Overwritten=[a], Columns=[a, b], Rows=2}")]
    [InlineData("INSERT INTO t SELECT 1",
        "InsertRows {Table=t}")]
    [InlineData("UPDATE s.t SET a = 1, b = 2",
        "UpdateRows {Table=s.t, Overwritten=[a, b], Columns=[a, b]}")]
    [InlineData("DELETE FROM t WHERE a",
        "DeleteRows {Table=t, HasWhere=True}")]
    [InlineData("DELETE FROM pg_catalog.pg_enum",
        "DeleteRows {Table=pg_enum}")]
    [InlineData("MERGE INTO t USING u ON a WHEN MATCHED THEN DELETE",
        "MergeRows {Table=t, Deletes=True}")]
    [InlineData("WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x FOR UPDATE",
        "SelectQuery {Changes=[DeleteRows {Table=t}], LocksRows=True}")]
    [InlineData("WITH x AS (DELETE FROM t WHERE b RETURNING a) INSERT INTO u SELECT a FROM x",
        "InsertRows {Changes=[DeleteRows {Table=t, HasWhere=True}], Table=u}")]
    [InlineData("TRUNCATE a, b CASCADE",
        "TruncateTables {Tables=[a, b], Cascade=True}")]
    public void Rows(string sql, string facts) => Assert.Equal(facts, Facts.Of(sql));

    [Theory]
    [InlineData("COPY t FROM STDIN",
        "CopyData {Table=t, IsFrom=True}")]
    [InlineData("COPY (SELECT 1) TO PROGRAM 'x'",
        "CopyData {FileName=x, IsProgram=True}")]
    [InlineData("LOCK TABLE a, b IN SHARE MODE NOWAIT",
        "LockTables {Tables=[a, b], Mode=Share, NoWait=True}")]
    [InlineData("VACUUM (FULL, ANALYZE) t",
        "VacuumTables {Tables=[t], IsVacuum=True, Full=True, Analyze=True}")]
    [InlineData("VACUUM (FULL false)",
        "VacuumTables {IsVacuum=True}")]
    [InlineData("ANALYZE t",
        "VacuumTables {Tables=[t], Analyze=True}")]
    [InlineData("CLUSTER t USING i",
        "ClusterTable {Table=t, Index=i}")]
    [InlineData("BEGIN; SAVEPOINT a; ROLLBACK TO a; COMMIT; START TRANSACTION; ABORT",
        "TransactionControl {Command=Begin}; TransactionControl {Command=Savepoint}; TransactionControl {Command=RollbackTo}; "
            + "TransactionControl {Command=Commit}; TransactionControl {Command=Begin}; TransactionControl {Command=Rollback}")]
    [InlineData("SET LOCAL lock_timeout = '5s'",
        "SetParameter {Name=lock_timeout, Value=5s, IsLocal=True}")]
    [InlineData("SET search_path TO a, \"B\"",
        "SetParameter {Name=search_path, Value=a, B}")]
    [InlineData("RESET ALL",
        "SetParameter")]
    [InlineData("DO LANGUAGE plperl 'x'",
        "DoBlock {Language=plperl, Body=x}")]
    [InlineData("DO $$ BEGIN END $$",
        "DoBlock {Language=plpgsql, Body= BEGIN END }")]
    [InlineData("CALL s.p(1)",
        "CallProcedure {Name=s.p}")]
    [InlineData("PREPARE x AS SELECT 1; EXECUTE x",
        "PrepareStatement {Name=x}; ExecutePrepared {Name=x}")]
    [InlineData("CREATE DATABASE d; ALTER SYSTEM SET a = 1; CREATE TABLESPACE t LOCATION '/x'; DROP SUBSCRIPTION s; DISCARD ALL",
        "ClusterCommand {Command=CreateDatabase, Name=d}; ClusterCommand {Command=AlterSystem}; ClusterCommand {Command=CreateTablespace, "
            + "Name=t}; DropObjects {Kind=Subscription, Names=[s]}; ClusterCommand {Command=DiscardAll}")]
    [InlineData("CREATE CAST (int AS text) WITH INOUT",
        "OtherStatement {Tag=CreateCastStmt}")]
    public void Commands(string sql, string facts) => Assert.Equal(facts, Facts.Of(sql));

    [Fact]
    public void What_a_statement_uses_is_found_wherever_it_stands()
    {
        Statement statement = Assert.Single(
            Facts.Read("WITH q AS (SELECT f('a') FROM s.t) INSERT INTO u SELECT g(x, 'b'::e) FROM q JOIN v ON x = pg_catalog.lower('a')"));
        Assert.Equal("a b", string.Join(' ', statement.Literals.Order(StringComparer.Ordinal)));
        Assert.Equal("f g lower", string.Join(' ', statement.Functions.Order(StringComparer.Ordinal)));
        Assert.Equal(
            "s.t u v", string.Join(' ', statement.Relations.Select(relation => relation.ToString()).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_bulk_insert_keeps_some_of_its_literals_and_says_so()
    {
        string rows = string.Join(',', Enumerable.Range(0, Statement.MostLiterals + 1).Select(row => $"('{row}')"));
        InsertRows insert = Assert.IsType<InsertRows>(Assert.Single(Facts.Read($"INSERT INTO t VALUES {rows}")));
        Assert.Equal((Statement.MostLiterals + 1, Statement.MostLiterals, true), (insert.Rows, insert.Literals.Count, insert.MoreLiterals));
    }

    [Fact]
    public void An_identifier_that_postgres_cuts_off_is_told_as_written()
    {
        string name = new('é', 32);
        Statement statement = Assert.Single(Facts.Read($"CREATE TABLE \"{name}\" ({new string('a', 63)} int)"));
        Assert.Equal([$"\"{name}\""], statement.LongIdentifiers);
    }
}
