using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Tests.Risk;

/// <summary>What stops a table weighs as what breaks code does, in words of its own.</summary>
public sealed class TwoAxesTests
{
    private const string Orders = "CREATE TABLE orders (id int PRIMARY KEY, day date, site_id int); "
        + "CREATE INDEX orders_day ON orders (day); CREATE TABLE sites (id int PRIMARY KEY);";

    [Theory]
    [InlineData("CLUSTER orders USING orders_day;", RiskLevel.High)]
    [InlineData("VACUUM FULL orders;", RiskLevel.High)]
    [InlineData("ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();", RiskLevel.High)]
    [InlineData("ALTER TABLE orders ADD COLUMN week int GENERATED ALWAYS AS (id / 7) STORED;", RiskLevel.High)]
    [InlineData("ALTER TABLE orders ADD FOREIGN KEY (site_id) REFERENCES sites;", RiskLevel.High)]
    [InlineData("CREATE INDEX i ON orders (day);", RiskLevel.Medium)]
    [InlineData("LOCK TABLE orders;", RiskLevel.Medium)]
    [InlineData("ALTER TABLE orders ADD COLUMN a int; ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES sites;", RiskLevel.Medium)]
    [InlineData("CREATE INDEX CONCURRENTLY i ON orders (day);", RiskLevel.Low)]
    [InlineData("ALTER TABLE orders ADD COLUMN note text;", RiskLevel.Low)]
    [InlineData("ALTER TABLE orders ADD COLUMN a int REFERENCES sites;", RiskLevel.Low)]
    [InlineData("DROP INDEX orders_day;", RiskLevel.Low)]
    public void What_stops_a_table_is_no_low_risk(string sql, RiskLevel level)
    {
        MigrationRisk risk = Judged.Last(Orders, sql);
        Assert.Equal((Compatibility.Safe, level), (risk.Level, risk.LeastLevel));
        Assert.Equal(level == RiskLevel.Low, risk.Sentence.StartsWith("Safe for running code and data", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rewrite_that_breaks_nothing_says_both() => Assert.Equal(
        "Breaks no running code and loses no data. Rewrites `orders` under ACCESS EXCLUSIVE: reads and writes stop until it is done.",
        Judged.Last(Orders, "CLUSTER orders USING orders_day;").Sentence);

    [Fact]
    public void A_foreign_key_of_a_new_column_reads_its_table_and_locks_the_other_until_the_end()
    {
        MigrationRisk risk = Judged.Last(
            Orders, "ALTER TABLE orders ADD COLUMN a int; ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES sites;");
        Assert.Equal(
            "Adding `k` reads all of `orders`, though its new column is NULL everywhere: ADD COLUMN's lock keeps reads and writes out "
                + "until it is done, and writes to `sites` wait.",
            risk.Findings.Single(finding => finding.Rule == "add-fk-validated").Message);
        Assert.Contains("statement-after-access-exclusive", risk.Rules(), StringComparer.Ordinal);
        Assert.EndsWith(
            "Reads all of `orders` under ACCESS EXCLUSIVE: reads and writes stop until it is done, and 1 more table is locked.",
            risk.Sentence, StringComparison.Ordinal);
        Assert.Equal(
            "takes SHARE ROW EXCLUSIVE on `sites` until the transaction ends: writes queue behind it",
            risk.Locks.Single(hazard => hazard.Table.Name == "sites").Sentence);
    }

    [Theory]
    [InlineData("DROP INDEX orders_day;", "Dropping `orders_day` takes ACCESS EXCLUSIVE on `orders`: reads and writes queue behind it.")]
    [InlineData("DROP INDEX x;", "Dropping `x` takes ACCESS EXCLUSIVE on the table of index `x`: reads and writes queue behind it.")]
    public void Dropping_an_index_names_the_table_that_is_locked(string sql, string message)
    {
        RiskFinding finding = Judged.Last(Orders, sql).Findings.Single(finding => finding.Rule == "drop-index-blocking");
        Assert.Equal((message, "DROP INDEX CONCURRENTLY, in a migration of its own."), (finding.Message, finding.SafeWay));
    }

    [Theory]
    [InlineData("DROP INDEX x;", "takes ACCESS EXCLUSIVE on the table of index `x` for a moment: reads and writes queue behind it")]
    [InlineData("REINDEX INDEX x;", "builds an index on the table of index `x` under SHARE: writes stop until it is done")]
    public void An_index_that_no_migration_made_is_not_called_a_table(string sql, string sentence)
    {
        LockHazard hazard = Assert.Single(Judged.Last(Orders, sql).Locks);
        Assert.Equal((true, new ObjectName("public", "x"), sentence), (hazard.IsOfIndex, hazard.Table, hazard.Sentence));
        Assert.DoesNotContain(
            Judged.Last(Orders, sql).Findings, finding => finding.Message.Contains("needs `x`", StringComparison.Ordinal));
    }
}
