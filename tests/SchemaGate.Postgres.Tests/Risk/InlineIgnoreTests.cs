using SchemaGate.Core.Risk;

namespace SchemaGate.Postgres.Tests.Risk;

public sealed class InlineIgnoreTests
{
    private static readonly RiskOptions s_quiet = RiskOptions.Default with { LockTimeoutIsSet = true };

    [Theory]
    [InlineData("-- schemagate: ignore drop-column nobody reads it\nALTER TABLE orders DROP COLUMN total;")]
    [InlineData("/* schemagate: ignore drop-column nobody reads it */\n\n-- another comment\nALTER TABLE orders DROP COLUMN total;")]
    [InlineData("ALTER TABLE orders DROP COLUMN total; -- schemagate: ignore drop-column nobody reads it")]
    [InlineData("ALTER TABLE orders\n  -- schemagate: ignore drop-column nobody reads it\n  DROP COLUMN total;")]
    [InlineData("ALTER TABLE orders\n  DROP COLUMN total; -- schemagate: ignore drop-column, rename-column nobody reads it")]
    public void A_comment_with_a_reason_takes_the_finding_out(string sql)
    {
        MigrationRisk risk = Judged.With(s_quiet, sql);
        Assert.Equal((Compatibility.Safe, 0), (risk.Level, risk.Findings.Count));
        Assert.Equal("nobody reads it", Assert.Single(risk.Ignored).Reason);
    }

    [Theory]
    [InlineData("-- schemagate: ignore drop-column\nALTER TABLE orders DROP COLUMN total;", "ignore-without-reason drop-column")]
    [InlineData("-- schemagate: ignore rename-column it is fine\nALTER TABLE orders DROP COLUMN total;", "ignore-unused drop-column")]
    [InlineData("SELECT '-- schemagate: ignore drop-column x';\nALTER TABLE orders DROP COLUMN total;", "drop-column")]
    [InlineData("SELECT $a$\n-- schemagate: ignore drop-column x\n$a$; ALTER TABLE orders DROP COLUMN total;", "drop-column")]
    [InlineData("/* /* */ -- schemagate: ignore drop-column x\n*/ ALTER TABLE orders DROP COLUMN total;", "drop-column")]
    [InlineData(
        "-- schemagate: ignore drop-column it is fine\nSELECT 1;\nALTER TABLE orders DROP COLUMN total;", "ignore-unused drop-column")]
    [InlineData("ALTER TABLE orders\n  DROP COLUMN a, -- schemagate: ignore drop-column it is fine\n  DROP COLUMN b;", "drop-column")]
    public void Nothing_else_does(string sql, string rules) => Assert.Equal(rules, string.Join(' ', Judged.With(s_quiet, sql).Rules()));

    [Fact]
    public void Findings_point_at_the_action()
    {
        RiskFinding finding = Assert.Single(
            Judged.With(s_quiet, "SELECT 1;\nALTER TABLE orders\n  ADD COLUMN a int,\n  DROP COLUMN b;").Findings);
        Assert.Equal((4, 3, 2), (finding.Span.Line, finding.Span.Column, finding.StatementSpan.Line));
    }
}
