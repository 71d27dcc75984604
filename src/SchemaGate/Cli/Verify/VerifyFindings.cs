using System.Security.Cryptography;
using System.Text;
using SchemaGate.Cli.Reports;

namespace SchemaGate.Cli.Verify;

/// <summary>verify's report in the shape that pipelines' formats have.</summary>
internal static class VerifyFindings
{
    private const string Blocking = "blocking";

    public static FindingsReport Of(VerifyReport report)
    {
        FindingLine[] lines = [.. report.Findings, .. OfManifests(report.Manifests)];
        // A database that lacks migrations is no finding in a file, and a pipeline must see why it fails.
        bool isUnsaid = report.ExitCode == ExitCodes.Blocked && !lines.Any(line => line.Severity == Blocking);
        lines = isUnsaid ? [Verdict(report), .. lines] : lines;
        string[] judged = [.. Judged(report).Concat(lines.Select(line => line.File)).Distinct(StringComparer.Ordinal)];
        ILookup<string, FindingLine> byFile = lines.ToLookup(line => line.File, StringComparer.Ordinal);
        return new(
            "verify",
            report.Path ?? "manifests",
            report.ExitCode,
            Numbers(lines),
            [.. judged.Select(file => File(file, [.. byFile[file]]))],
            [.. report.ExitCode == ExitCodes.Unreachable ? [report.Message] : (string[])[], .. report.Manifests?.Problems ?? []],
            [.. report.Notes, .. report.Manifests?.Notes ?? [], .. report.Next.Select(step => $"Next: {step}")])
        {
            Rules = [.. lines.Select(line => line.Id).Distinct(StringComparer.Ordinal).Select(id =>
                new ReportedRule(id, $"{char.ToUpperInvariant(id[0])}{id[1..].Replace('-', ' ')}", null, []))],
        };
    }

    private static FindingLine Verdict(VerifyReport report) => new(
        report.Reason, Blocking, report.Message, report.Changelog?.Directory ?? report.Path ?? ".", null, null, null, null);

    private static IEnumerable<string> Judged(VerifyReport report) =>
        report.Changelog is not { } changelog ? [] : new[] { changelog.Document, changelog.Directory }.OfType<string>();

    private static IEnumerable<FindingLine> OfManifests(ManifestsReport? manifests) => (manifests?.Judged ?? []).SelectMany(
        line => line.Findings,
        (line, finding) => new FindingLine(
            finding.Id, finding.Severity, $"{line.Kind} {line.Name}: {finding.Message}", line.File, line.Line, 1, null, null));

    private static ReportedFile File(string file, FindingLine[] lines)
    {
        FindingLine? worst = lines.MaxBy(line => Level(line.Severity));
        string level = worst?.Severity switch { Blocking => "Blocking", "warning" => "Warning", _ => "Fine" };
        return new(file, "schemagate verify", file, level, worst?.Message ?? "Nothing is wrong.", [.. lines.Select(Of)]);
    }

    private static ReportedFinding Of(FindingLine line) => new(
        line.Id, Level(line.Severity), line.Severity, line.Severity == Blocking, line.Message, "",
        line is { Line: { } number, Column: { } column }
            ? new(number, column, number, column + Math.Max(1, line.Length ?? 1))
            : null,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{line.Id}\n{line.File}\n{line.Migration ?? line.Message}"))));

    private static ReportedLevel Level(string severity) => severity switch
    {
        Blocking => ReportedLevel.Error,
        "warning" => ReportedLevel.Warning,
        _ => ReportedLevel.Note,
    };

    private static string Numbers(FindingLine[] lines)
    {
        int Count(ReportedLevel level) => lines.Count(line => Level(line.Severity) == level);
        int warnings = Count(ReportedLevel.Warning);
        return $"{Count(ReportedLevel.Error)} blocking, {warnings} warning{(warnings == 1 ? "" : "s")}, "
            + $"{Count(ReportedLevel.Note)} for information.";
    }
}
