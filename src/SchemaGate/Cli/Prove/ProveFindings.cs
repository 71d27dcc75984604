using System.Security.Cryptography;
using System.Text;
using SchemaGate.Cli.Reports;

namespace SchemaGate.Cli.Prove;

/// <summary>prove's report in the shape that pipelines' formats have.</summary>
internal static class ProveFindings
{
    private const int FingerprintLength = 32;

    public static FindingsReport Of(ProveReport report, string subject)
    {
        ILookup<string?, ProvedStatement> met = report.Statements.ToLookup(statement => statement.Migration, StringComparer.Ordinal);
        int unproven = report.Summary.Unproven;
        return new(
            "prove",
            subject,
            report.ExitCode,
            report.Numbers,
            [.. report.Migrations.Select(migration => OfMigration(migration, [.. met[migration.Name].Select(Of)]))],
            report.Result == ProveReport.NothingProved ? [.. report.Notes.Take(1)] : [],
            [
                .. report.Notes.Skip(report.Result == ProveReport.NothingProved ? 1 : 0),
                .. unproven == 0 ? (string[])[] : [$"Statements of which nothing is known: {unproven}. `--output json` has them all."],
            ])
        {
            Rules =
            [
                new("statement-broken", "A statement of running code fails after the migration", null, ["compatibility"]),
                new("statement-shifted", "An INSERT without columns writes into others after the migration", null, ["compatibility"]),
                new("statement-changed", "A statement of running code returns or takes something else", null, ["compatibility"]),
            ],
        };
    }

    private static ReportedFile OfMigration(ProvedMigration migration, IReadOnlyList<ReportedFinding> findings) => new(
        migration.Name, migration.File, migration.File,
        findings.Any(finding => finding.Counts) ? "Breaks" : "Survived",
        findings.Count == 1 ? "One statement of running code meets it." : $"{findings.Count} statements of running code meet it.",
        findings);

    private static ReportedFinding Of(ProvedStatement statement)
    {
        bool counts = statement.Outcome != "changed";
        string rule = $"statement-{statement.Outcome}";
        string details = statement.Details.Length == 0 ? "" : $" ({statement.Details})";
        return new(
            rule, counts ? ReportedLevel.Error : ReportedLevel.Warning, statement.Outcome, counts,
            $"{statement.Short}{details}: {statement.Message}", SafeWay: "",
            new(statement.Line!.Value, 1, statement.Line.Value, 2),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
                $"{rule}\n{statement.Migration}\n{statement.Change}\n{statement.Statement}")))[..FingerprintLength]);
    }
}
