using SchemaGate.Core.Changelogs;

namespace SchemaGate.Cli.Verify;

/// <summary>Prints a report for people.</summary>
internal static class VerifyPrinter
{
    /// <summary>Sentences of one kind beyond which one sentence says all of them.</summary>
    private const int MostAlike = 3;

    public static void Print(VerifyReport report, StyledText text)
    {
        text.Write(report.Verdict, report.Verdict switch { "Open" => Style.Green, "Blocked" => Style.Red, _ => Style.Yellow });
        text.Line(report.Reason == report.Verdict ? "" : $": {report.Reason}", Style.Bold);
        text.Line(report.Message);
        if (report.Branch is { } branch)
        {
            Branch(branch, report, text);
        }
        else if (report.Path is not null)
        {
            Checkout(report, text);
        }

        if (report.Manifests is { } manifests)
        {
            Manifests(manifests, report.Message, text);
        }

        text.Section("Notes", report.Notes);
        text.Section("Next", report.Next);
    }

    private static void Checkout(VerifyReport report, StyledText text)
    {
        Sources(report, text);
        Conditions(report, text);
        Findings(report, text);
        Migrations(report, text);
        Plan(report, text);
    }

    private static void Branch(BranchLine branch, VerifyReport report, StyledText text)
    {
        text.Line();
        text.Line($"Since       {branch.Since} ({Short(branch.Revision)}), from where they part ({Short(branch.Origin)})");
        text.Line($"Adds        {branch.Adds()}");
        if (report.Changelog is { } changelog)
        {
            text.Line($"Document    {changelog.Document ?? "not asked"}");
            text.Line($"Migrations  {changelog.Migrations} in {changelog.Directory}");
        }

        Findings(report, text);
    }

    private static string Short(string commit) => commit[..Math.Min(12, commit.Length)];

    private static void Findings(VerifyReport report, StyledText text)
    {
        Findings("Blocking", "blocking", Style.Red, report, text);
        Findings("Warnings", "warning", Style.Yellow, report, text);
        Findings("For information", "information", Style.Dim, report, text);
    }

    private static void Manifests(ManifestsReport manifests, string said, StyledText text)
    {
        if (manifests.Message != said)
        {
            text.Line();
            text.Write("Manifests   ").Line(manifests.Message);
        }

        ManifestsPrinter.Print(manifests, text);
    }

    private static void Sources(VerifyReport report, StyledText text)
    {
        text.Line();
        if (report.Changelog is { } changelog)
        {
            text.Line(changelog.Document is null
                ? "Document    not asked"
                : $"Document    {changelog.Document}: {changelog.Pending} pending, {changelog.Migrated} migrated, "
                    + $"{changelog.Deployed} deployed");
            text.Line($"Migrations  {changelog.Migrations} in {changelog.Directory}");
        }

        text.Line($"Database    {(report.Database is { } database ? $"{database.Location ?? "?"}, from {database.From}" : "not asked")}");
    }

    /// <summary>
    /// A message that stands above already is not repeated; that of a condition that holds is about findings, which follow.
    /// </summary>
    private static void Conditions(VerifyReport report, StyledText text)
    {
        text.Line();
        HashSet<string> told = new(StringComparer.Ordinal) { report.Message };
        foreach (ConditionLine condition in report.Conditions)
        {
            (string word, Style style) = condition.Status switch
            {
                "True" => ("yes", Style.Green),
                "False" => ("no", Style.Red),
                _ => ("?", Style.Yellow),
            };
            text.Write($"{condition.Type,-20} ").Write(word, style);
            text.Line(condition.Status switch
            {
                "False" when told.Add(condition.Message) => $"  {condition.Reason}: {condition.Message}",
                "False" => $"  {condition.Reason}",
                _ => "",
            });
        }
    }

    private static void Findings(string title, string severity, Style style, VerifyReport report, StyledText text)
    {
        List<FindingLine> findings = [.. report.Findings.Where(finding => finding.Severity == severity)];
        if (findings.Count == 0)
        {
            return;
        }

        text.Line();
        text.Line($"{title} ({findings.Count})", style);
        List<FindingLine> undocumented = findings.FindAll(finding => finding.Id == FindingIds.UndocumentedMigration);
        if (undocumented.Count > MostAlike)
        {
            FindingSeverity alike = severity == "information" ? FindingSeverity.Information : FindingSeverity.Blocking;
            string words = UndocumentedWords.Of([.. undocumented.Select(finding => finding.Migration!)], alike);
            text.Line($"  {report.Changelog?.Document}: {words} [{FindingIds.UndocumentedMigration}]");
            findings = [.. findings.Except(undocumented)];
        }

        foreach (FindingLine finding in findings)
        {
            text.Line($"  {finding.Place()}: {finding.Message} [{finding.Id}]");
        }
    }

    private static void Migrations(VerifyReport report, StyledText text)
    {
        if (report.Migrations is not { } migrations)
        {
            return;
        }

        text.Line();
        string through = migrations.Through is null ? "" : $", through {migrations.Through}";
        text.Line($"Applied     {migrations.Applied} of {migrations.Required} required{through}");
        Names("pending", migrations.Pending, Style.Yellow, text);
        Names("failed", migrations.Failed, Style.Red, text);
        Names("edited", migrations.Edited, Style.Yellow, text);
        Names("unknown", migrations.Unknown, Style.Yellow, text);
    }

    private static void Plan(VerifyReport report, StyledText text)
    {
        foreach (PlannedLine migration in report.Plan?.Migrations ?? [])
        {
            text.Write("  ").Write($"{migration.Risk.ToLowerInvariant(),-9}", migration.Risk == "Low" ? Style.Green : Style.Yellow);
            text.Line($" {migration.Name}: {migration.Message}");
        }
    }

    private static void Names(string state, IReadOnlyList<string> names, Style style, StyledText text)
    {
        foreach (string name in names)
        {
            text.Write("  ").Write($"{state,-9}", style).Line($" {name}");
        }
    }
}
