using SchemaGate.Core.Risk;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tests.Risk;

/// <summary>SQL as text, judged.</summary>
internal static class Judged
{
    public static ParsedMigration Parsed(string sql) => new("m", sql, StatementReader.Read(sql));

    /// <summary>The last of a set, after the others.</summary>
    public static MigrationRisk Last(params string[] set) => With(RiskOptions.Default, set);

    public static MigrationRisk With(RiskOptions options, params string[] set) => RiskJudge.Judge([.. set.Select(Parsed)], options)[^1];

    public static string[] Rules(this MigrationRisk risk) => [.. risk.Findings.Select(finding => finding.Rule)];
}
