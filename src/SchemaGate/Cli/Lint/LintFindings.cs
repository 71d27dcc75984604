using SchemaGate.Cli.Reports;
using SchemaGate.Core.Risk.Rules;

namespace SchemaGate.Cli.Lint;

/// <summary>lint's report in the shape that pipelines' formats have.</summary>
internal static class LintFindings
{
    public static FindingsReport Of(LintReport report)
    {
        HashSet<string> ids = [.. report.Migrations.SelectMany(migration => migration.Findings).Select(finding => finding.Rule)];
        return new(
            "lint",
            string.Join(' ', report.Sources),
            report.ExitCode,
            LintPrinter.Numbers(report.Summary),
            [.. report.Migrations.Select(migration => new ReportedFile(
                migration.Name, migration.Source, migration.File, migration.Level, migration.Sentence,
                [.. migration.Findings.Select(Of)]))],
            report.Problems,
            report.Notes)
        {
            HasSafeWays = true,
            Rules = [.. RuleCatalog.All.Where(rule => ids.Contains(rule.Id)).Select(rule => new ReportedRule(
                rule.Id, rule.Title, RuleCatalog.Page(rule.Id), LintSeverities.Words(rule.Categories)))],
        };
    }

    private static ReportedFinding Of(LintFinding finding) => new(
        finding.Rule,
        finding.Severity switch { "risky" => ReportedLevel.Error, "warning" => ReportedLevel.Warning, _ => ReportedLevel.Note },
        finding.Severity, finding.Counts, finding.Message, finding.SafeWay,
        new(finding.Line, finding.Column, finding.EndLine, finding.EndColumn), finding.Fingerprint);
}
