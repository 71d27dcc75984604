using System.Diagnostics;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Tests.Risk;

public sealed class RiskJudgeTests
{
    [Fact]
    public void Dropping_a_column_is_risky_and_no_entry_may_call_it_low()
    {
        MigrationRisk risk = Judged.Last("ALTER TABLE orders DROP COLUMN total;");
        Assert.Equal((Compatibility.Risky, RiskLevel.High), (risk.Level, risk.LeastLevel));
        Assert.StartsWith(
            "Drops column `total` of `orders` with its data; code that names it fails.", risk.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_index_is_safe_for_code_and_blocks_writes()
    {
        MigrationRisk risk = Judged.Last("CREATE INDEX i ON orders (day);");
        Assert.Equal((Compatibility.Safe, RiskLevel.Medium), (risk.Level, risk.LeastLevel));
        Assert.Contains("create-index-blocking", risk.Rules(), StringComparer.Ordinal);
        Assert.Equal(
            "Breaks no running code and loses no data. "
                + "Builds an index on `orders` under SHARE: writes stop until it is done.", risk.Sentence);
    }

    [Fact]
    public void A_rewrite_is_said_in_words_for_three_in_the_morning() => Assert.EndsWith(
        "Rewrites `orders` under ACCESS EXCLUSIVE: reads and writes stop until it is done.",
        Judged.Last("ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();").Sentence, StringComparison.Ordinal);

    [Theory]
    [InlineData("DO $$ BEGIN NULL; END $$;")]
    [InlineData("ALTER FROBNICATE x;")]
    [InlineData("this is not SQL")]
    public void What_cannot_be_read_is_unknown_and_not_low(string sql) =>
        Assert.Equal((Compatibility.Unknown, RiskLevel.Medium), (Judged.Last(sql).Level, Judged.Last(sql).LeastLevel));

    [Fact]
    public void An_empty_migration_is_safe() =>
        Assert.Equal("Safe for running code and data, and locks nothing that exists.", Judged.Last("-- nothing").Sentence);

    [Theory]
    [InlineData("CREATE TABLE a (id int PRIMARY KEY);", true)]
    [InlineData("CREATE INDEX CONCURRENTLY i ON a (b);", false)]
    [InlineData("BEGIN; SELECT 1; COMMIT;", false)]
    public void The_transaction_is_what_the_runner_will_do(string sql, bool isShared) =>
        Assert.Equal(isShared, Judged.Last(sql).InOneTransaction);

    [Fact]
    public void What_an_earlier_migration_made_exists() =>
        Assert.Contains("drop-table", Judged.Last("CREATE TABLE a (id int PRIMARY KEY);", "DROP TABLE a;").Rules(), StringComparer.Ordinal);

    [Fact]
    public void A_severity_and_a_disabled_rule_are_the_users_choice()
    {
        RiskOptions options = RiskOptions.Default with
        {
            Severities = RiskOptions.Default.Severities.Add("drop-column", RiskSeverity.Low),
            DisabledRules = ["missing-lock-timeout"],
        };
        MigrationRisk risk = Judged.With(options, "ALTER TABLE orders DROP COLUMN total;");
        Assert.Equal(Compatibility.Safe, risk.Level);
        Assert.Equal(["drop-column"], risk.Rules());
    }

    [Fact]
    public void An_unknown_server_is_judged_as_the_oldest()
    {
        const string Table = "CREATE TABLE orders (customer_id int, day date) PARTITION BY RANGE (day);";
        const string Key = "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;";
        Assert.Contains(
            "add-fk-partitioned", Judged.With(RiskOptions.Default with { TargetMajor = null }, Table, Key).Rules(), StringComparer.Ordinal);
        Assert.DoesNotContain("add-fk-partitioned", Judged.With(RiskOptions.Default, Table, Key).Rules(), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("CREATE TABLE a (id int PRIMARY KEY, b int); CREATE INDEX i ON a (b); "
        + "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES a (id);")]
    [InlineData("CREATE TABLE a (id int PRIMARY KEY, o int REFERENCES orders); CREATE INDEX i ON a (o);")]
    [InlineData("ALTER TABLE orders ADD COLUMN a timestamptz DEFAULT CURRENT_TIMESTAMP, ADD COLUMN b text[] DEFAULT ARRAY[]::text[], "
        + "ADD COLUMN c int NOT NULL DEFAULT 0;")]
    [InlineData("CREATE INDEX CONCURRENTLY i ON orders (day);")]
    [InlineData("COMMENT ON COLUMN orders.a IS 'was NOT NULL';")]
    public void What_users_of_other_linters_call_false_alarms_is_no_risk(string sql) =>
        Assert.DoesNotContain(Judged.Last(sql).Findings, finding => finding.IsRisk);

    [Fact]
    public void A_rename_is_not_reported_as_drop_and_add() =>
        Assert.Equal(["rename-column"], Judged.With(
            RiskOptions.Default with { LockTimeoutIsSet = true }, "ALTER TABLE orders RENAME COLUMN a TO b;").Rules());

    [Fact]
    public void A_primary_key_that_takes_an_index_over_is_not_told_to_be_not_valid() => Assert.DoesNotContain(
        Judged.Last(
            "CREATE TABLE a (id int NOT NULL); CREATE UNIQUE INDEX i ON a (id);",
            "ALTER TABLE a ADD PRIMARY KEY USING INDEX i;").Findings, finding => finding.IsRisk);

    [Fact]
    public void A_referenced_table_is_locked_though_the_referencing_one_is_new()
    {
        LockHazard hazard = Assert.Single(Judged.Last("CREATE TABLE a (id int PRIMARY KEY, o int REFERENCES orders);").Locks);
        Assert.Equal(("orders", LockMode.ShareRowExclusive, true), (hazard.Table.Name, hazard.Mode, hazard.IsOther));
    }

    [Theory]
    [InlineData("ALTER TABLE t ATTACH PARTITION t DEFAULT; ALTER TABLE t ADD COLUMN a int; DROP TABLE t CASCADE;")]
    [InlineData("CREATE TABLE a PARTITION OF b DEFAULT; CREATE TABLE b PARTITION OF a DEFAULT; ALTER TABLE a ADD COLUMN c int;")]
    [InlineData("CREATE DOMAIN d AS d; CREATE DOMAIN e AS d; ALTER TABLE t ALTER COLUMN c TYPE d; ALTER TABLE t ALTER COLUMN c TYPE e;")]
    [InlineData("ALTER TABLE t RENAME TO t; ALTER TABLE t RENAME COLUMN a TO a; ALTER SCHEMA s RENAME TO s;")]
    [InlineData(
        "CREATE TABLE t (a int, a int, PRIMARY KEY (a), PRIMARY KEY (a), FOREIGN KEY (a) REFERENCES t); DROP TABLE t; DROP TABLE t;")]
    public void Nonsense_is_judged_and_ends(string sql) => Assert.NotNull(Judged.Last(sql, sql));

    [Theory]
    [InlineData("CREATE TABLE t{0} (id int PRIMARY KEY, b int REFERENCES t);\n")]
    [InlineData("ALTER TABLE orders ADD COLUMN c{0} int;\n")]
    [InlineData("ALTER TABLE orders ADD CONSTRAINT c{0} UNIQUE (a);\n")]
    [InlineData("DROP VIEW v{0};\n")]
    [InlineData("DROP INDEX i{0};\n")]
    [InlineData("UPDATE orders SET a = {0} WHERE id = 1;\n")]
    public void Ten_thousand_statements_are_judged_in_seconds(string statement)
    {
        ParsedMigration migration = Judged.Parsed(
            string.Concat(Enumerable.Range(0, 10_000).Select(number => statement.Replace("{0}", $"{number}", StringComparison.Ordinal))));
        Stopwatch watch = Stopwatch.StartNew();
        RiskJudge.Judge([migration], RiskOptions.Default);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }
}
