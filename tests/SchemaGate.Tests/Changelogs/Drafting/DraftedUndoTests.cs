using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Drafting;

namespace SchemaGate.Tests.Changelogs.Drafting;

/// <summary>A drafted rollback calls lost what is lost, and leaves to a person what may not have been so before.</summary>
public sealed class DraftedUndoTests
{
    private const string Before = """
        CREATE TABLE orders (id int PRIMARY KEY, note text, total int NOT NULL); CREATE UNIQUE INDEX orders_note ON orders (note);
        CREATE TABLE legacy (id int); CREATE TABLE m2024 (id int);
        """;

    [Theory]
    [InlineData("CREATE TABLE archive (id int); WITH d AS (DELETE FROM orders RETURNING id) INSERT INTO archive SELECT id FROM d;")]
    [InlineData("CREATE TABLE archive AS WITH d AS (DELETE FROM orders RETURNING id) SELECT id FROM d;")]
    [InlineData("CREATE TABLE m (id int) PARTITION BY LIST (id); ALTER TABLE m ATTACH PARTITION m2024 DEFAULT; DROP TABLE m;")]
    [InlineData("CREATE TABLE n (id int); ALTER TABLE n RENAME TO x; ALTER TABLE legacy RENAME TO n; DROP TABLE n;")]
    [InlineData("CREATE TABLE IF NOT EXISTS legacy (id int); DROP TABLE legacy;")]
    [InlineData("CREATE TABLE IF NOT EXISTS unknown (id int); DROP TABLE unknown;")]
    public void Rows_that_go_are_lost_and_no_low_risk(string sql)
    {
        DraftedEntry draft = DraftingTests.Draft("1_x", sql, Before);
        Assert.StartsWith("Cannot be undone: data is lost", draft.Field("Rollback")!.Text, StringComparison.Ordinal);
        Assert.Equal(RiskLevel.High, draft.Risk);
        Assert.DoesNotContain("loses no data", draft.Field("Risk Level")!.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("No existing data will be affected", DraftingTests.Text(draft), StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_table_is_detached_before_the_new_parent_is_dropped() => Assert.Equal(
        ["`ALTER TABLE \"m\" DETACH PARTITION \"m2024\";`", "`DROP TABLE \"m\";`"],
        Rollback("CREATE TABLE m (id int) PARTITION BY LIST (id); ALTER TABLE m ATTACH PARTITION m2024 DEFAULT;"));

    [Theory]
    [InlineData("ALTER TABLE orders SET LOGGED")]
    [InlineData("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")]
    [InlineData("ALTER TABLE orders ENABLE TRIGGER tr")]
    [InlineData("ALTER TABLE orders ALTER COLUMN total SET NOT NULL")]
    [InlineData("ALTER TABLE orders ALTER COLUMN note DROP NOT NULL")]
    [InlineData("ALTER TABLE others ALTER COLUMN a SET NOT NULL")]
    [InlineData("ALTER TABLE orders ADD CONSTRAINT orders_note UNIQUE USING INDEX orders_note")]
    public void What_may_have_been_so_before_or_takes_older_things_along_is_for_a_person(string sql) =>
        Assert.StartsWith("By hand: ", Assert.Single(Rollback(sql)), StringComparison.Ordinal);

    private static IReadOnlyList<string> Rollback(string sql) => DraftingTests.Draft("1_x", sql, Before).Field("Rollback")!.Items!;
}
