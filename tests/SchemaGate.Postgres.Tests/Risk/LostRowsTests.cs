using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Risk;

namespace SchemaGate.Postgres.Tests.Risk;

/// <summary>Rows that are deleted or overwritten are data lost, whichever a WHERE says; what fills NULLs loses nothing.</summary>
public sealed class LostRowsTests
{
    private const string Orders =
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, state text, region text, CHECK (state <> ''));";

    [Theory]
    [InlineData("DELETE FROM orders WHERE state = 'void';")]
    [InlineData("DELETE FROM ONLY orders AS o USING customers c WHERE o.customer_id = c.id;")]
    [InlineData("DELETE FROM orders WHERE id IN (SELECT id FROM customers);")]
    [InlineData("DELETE FROM orders WHERE region IS NOT NULL;")]
    [InlineData("DELETE FROM orders WHERE false;")]
    [InlineData("UPDATE orders SET state = 'done' WHERE state = 'finished';")]
    [InlineData("UPDATE orders SET state = 'done', region = 'eu' WHERE region IS NULL;")]
    [InlineData("UPDATE orders SET state = 'done' WHERE state IS NULL OR state = '';")]
    [InlineData("UPDATE orders SET state = c.state FROM customers c WHERE c.id = orders.customer_id;")]
    [InlineData("UPDATE orders SET state = c.state FROM customers c WHERE c.state IS NULL AND c.id = orders.customer_id;")]
    [InlineData("UPDATE orders SET state = c.state FROM customers c WHERE state IS NULL AND c.id = orders.customer_id;")]
    [InlineData("UPDATE orders SET state = COALESCE(c.state, orders.state) FROM customers c WHERE c.id = orders.customer_id;")]
    [InlineData("UPDATE orders SET (state, region) = (SELECT 'a', 'b') WHERE id = 1;")]
    [InlineData("UPDATE orders SET state = DEFAULT WHERE id = 1;")]
    [InlineData("WITH gone AS (DELETE FROM orders WHERE id < 9 RETURNING *) SELECT count(*) FROM gone;")]
    [InlineData("WITH gone AS (UPDATE orders SET state = 'x' WHERE id < 9 RETURNING *) INSERT INTO archive SELECT * FROM gone;")]
    [InlineData("CREATE TABLE archive AS WITH gone AS (DELETE FROM orders WHERE id < 9 RETURNING *) SELECT * FROM gone;")]
    [InlineData("COPY (DELETE FROM orders WHERE id < 9 RETURNING *) TO STDOUT;")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM orders WHERE id < 9;")]
    [InlineData("EXPLAIN (ANALYZE true, BUFFERS) DELETE FROM orders WHERE id < 9;")]
    [InlineData("MERGE INTO orders o USING customers c ON o.customer_id = c.id WHEN MATCHED THEN DELETE;")]
    [InlineData("MERGE INTO orders o USING customers c ON o.customer_id = c.id WHEN MATCHED THEN UPDATE SET state = c.state;")]
    [InlineData("INSERT INTO orders (id, state) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state;")]
    public void Some_rows_are_lost(string sql)
    {
        MigrationRisk risk = Judged.Last(Orders, sql);
        Assert.Equal((Compatibility.Risky, RiskLevel.Medium), (risk.Level, risk.LeastLevel));
        Assert.Contains("rows-deleted-or-overwritten", risk.Rules(), StringComparer.Ordinal);
        Assert.DoesNotContain("Safe", risk.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM orders;")]
    [InlineData("DELETE FROM orders WHERE true;")]
    [InlineData("DELETE FROM orders WHERE 't'::boolean;")]
    [InlineData("DELETE FROM orders WHERE 1 = 1 AND id IS NOT NULL;")]
    [InlineData("DELETE FROM orders WHERE NOT (id IS NULL);")]
    [InlineData("DELETE FROM orders WHERE id = id;")]
    [InlineData("DELETE FROM orders WHERE id IS DISTINCT FROM NULL;")]
    [InlineData("DELETE FROM orders WHERE state = 'a' OR customer_id IS NOT NULL;")]
    [InlineData("UPDATE orders SET state = 'new' WHERE id IS NOT NULL AND customer_id IS NOT NULL;")]
    [InlineData("UPDATE orders SET state = 'new' WHERE (true) IS TRUE;")]
    [InlineData("DELETE FROM unheard WHERE id IS NOT NULL;")]
    [InlineData("WITH gone AS (DELETE FROM orders WHERE true RETURNING *) SELECT count(*) FROM gone;")]
    public void A_WHERE_that_is_true_of_every_row_is_none(string sql)
    {
        MigrationRisk risk = Judged.Last(Orders, sql);
        Assert.Equal(RiskLevel.High, risk.LeastLevel);
        Assert.Contains("dml-without-where", risk.Rules(), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE orders SET region = 'eu' WHERE region IS NULL;")]
    [InlineData("UPDATE orders o SET region = c.region FROM customers c WHERE o.region IS NULL AND c.id = o.customer_id;")]
    [InlineData("UPDATE orders SET region = 'eu', state = 'new' WHERE region IS NULL AND state IS NULL AND id < 1000;")]
    [InlineData("UPDATE orders SET region = 'eu' WHERE region IS NOT DISTINCT FROM NULL;")]
    [InlineData("UPDATE orders SET region = COALESCE(region, 'eu');")]
    [InlineData("UPDATE orders SET region = CASE WHEN region IS NULL THEN 'eu' ELSE region END;")]
    [InlineData("MERGE INTO orders USING c ON orders.id = c.id WHEN MATCHED AND orders.region IS NULL THEN UPDATE SET region = 'eu';")]
    [InlineData("INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET region = COALESCE(orders.region, EXCLUDED.region);")]
    [InlineData("MERGE INTO orders USING c ON orders.id = c.id WHEN NOT MATCHED THEN INSERT (id) VALUES (c.id);")]
    [InlineData("INSERT INTO orders (id) VALUES (1) ON CONFLICT DO NOTHING;")]
    [InlineData("EXPLAIN DELETE FROM orders;")]
    [InlineData("PREPARE later AS DELETE FROM orders;")]
    [InlineData("CREATE RULE gone AS ON DELETE TO elsewhere DO ALSO DELETE FROM orders;")]
    public void What_fills_NULLs_or_runs_later_loses_nothing(string sql) => Assert.DoesNotContain(
        Judged.Last(Orders, sql).Findings, finding => finding is { IsRisk: true } && finding.Categories.HasFlag(RiskCategories.DataLoss));

    [Fact]
    public void A_MERGE_that_does_both_says_both() => Assert.Contains(
        "Deletes rows and overwrites `state` in rows of `orders`: what was there is gone for good.",
        Judged.Last(
            Orders, "MERGE INTO orders USING c ON orders.id = c.id WHEN MATCHED AND c.gone THEN DELETE "
                + "WHEN MATCHED THEN UPDATE SET state = 'a';")
            .Findings.Select(finding => finding.Message), StringComparer.Ordinal);

    [Theory]
    [InlineData("", RiskSeverity.Low)]
    [InlineData("ALTER TABLE orders ADD COLUMN note text;", RiskSeverity.Medium)]
    public void A_backfill_locks_its_rows_which_is_a_note_and_beside_changes_of_the_schema_a_warning(string ddl, RiskSeverity severity) =>
        Assert.Equal(severity, Judged.Last(Orders, $"{ddl} UPDATE orders SET region = 'eu' WHERE region IS NULL;").Findings
            .Single(finding => finding.Rule == "data-change-in-migration").Severity);

    [Theory]
    [InlineData("ALTER TABLE orders SET UNLOGGED;", true)]
    [InlineData("ALTER TABLE orders SET LOGGED;", false)]
    [InlineData("ALTER TABLE scratch SET UNLOGGED;", false)]
    public void An_unlogged_table_is_about_data(string sql, bool isLost) => Assert.Equal(
        isLost, Judged.Last(Orders + "CREATE UNLOGGED TABLE scratch (id int);", sql).Level == Compatibility.Risky);
}
