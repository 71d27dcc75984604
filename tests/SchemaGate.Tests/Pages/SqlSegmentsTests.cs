using SchemaGate.Core.Pages;
using SchemaGate.Core.Risk;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Tests.Pages;

public sealed class SqlSegmentsTests
{
    [Fact]
    public void A_finding_stands_beside_its_statement_and_all_segments_are_the_file()
    {
        const string sql = "-- why\nALTER TABLE a DROP COLUMN x;\n\nSELECT 1; -- then\nCREATE INDEX i ON b (c); -- now\n";
        IReadOnlyList<SqlSegment> segments = Segments(sql);
        Assert.Equal(
            ["-- why\nALTER TABLE a DROP COLUMN x;\n", "\nSELECT 1; -- then\n", "CREATE INDEX i ON b (c);", " -- now\n"],
            segments.Select(segment => segment.Text), StringComparer.Ordinal);
        Assert.Equal([1, 3, 5, 5], segments.Select(segment => segment.Line));
        Assert.Contains(segments[0].Findings, finding => finding.Rule == "drop-column");
        Assert.Contains(segments[0].Locks, hazard => hazard.Table.ToString() == "public.a");
        Assert.Contains(segments[2].Findings, finding => finding.Rule == "create-index-blocking");
        Assert.All((int[])[1, 3], index => Assert.Empty(segments[index].Findings));
    }

    [Fact]
    public void A_lock_of_one_action_stands_beside_the_whole_statement()
    {
        const string sql = "SELECT 1;\n-- AddForeignKey\nALTER TABLE a\n  ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES c (id);\n";
        string locked = Segments(sql).Single(segment => segment.Locks.Count > 0).Text;
        Assert.StartsWith("-- AddForeignKey\nALTER TABLE a\n", locked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("ALTER TABLE a DROP COLUMN x")]
    [InlineData("DROP TABLE a; DROP TABLE b; DROP TABLE c")]
    [InlineData("DROP TABLE \"a;b\";DROP TABLE \"a;\n--b\";")]
    [InlineData("UPDATE a SET b = ';' WHERE c = 1;\r\n\r\nDROP TABLE a;\r\n")]
    [InlineData("this is no SQL; DROP TABLE a;\n")]
    [InlineData("ALTER TABLE a DROP COLUMN x, DROP COLUMN y,\n ALTER COLUMN z TYPE bigint;\nDO $$ BEGIN DROP TABLE q; END $$;")]
    public void No_character_is_lost_and_nothing_is_said_twice(string sql)
    {
        MigrationRisk risk = Risk(sql);
        IReadOnlyList<SqlSegment> segments = SqlSegments.Of(sql, risk);
        Assert.Equal(sql, string.Concat(segments.Select(segment => segment.Text)));
        Assert.Equal(sql.Length == 0 ? 0 : risk.Findings.Count, segments.Sum(segment => segment.Findings.Count));
        Assert.Equal(risk.Locks.Count, segments.Sum(segment => segment.Locks.Count));
    }

    private static IReadOnlyList<SqlSegment> Segments(string sql) => SqlSegments.Of(sql, Risk(sql));

    private static MigrationRisk Risk(string sql) =>
        new RiskSequence(new RiskOptions()).Next(new("m", sql, StatementReader.Read(sql)))();
}
