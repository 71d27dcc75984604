using SchemaGate.Cli.Changelogs;

namespace SchemaGate.Cli.Drift;

/// <summary>Prints a report for people.</summary>
internal static class AdoptPrinter
{
    public static void Print(AdoptReport report, StyledText text)
    {
        if (report.Refusal is { } refusal)
        {
            text.Line("Not adopted", Style.Red);
            text.Line($"  {refusal}");
        }
        else if (report.Migration is null)
        {
            text.Line("Nothing to adopt: the database is what its applied migrations build.", Style.Green);
        }
        else
        {
            PrintDone(report, text);
        }

        text.Section("Notes", report.Notes);
    }

    private static void PrintDone(AdoptReport report, StyledText text)
    {
        if (report.DryRun)
        {
            text.Line("A dry run: nothing was written. Without --dry-run:", Style.Bold);
            text.Line(report.File!, Style.Bold);
            foreach (string line in report.Sql!.TrimEnd('\n').Split('\n'))
            {
                text.Line($"  {line}");
            }
        }
        else
        {
            text.Line($"{report.File}: written; run in a new database, it builds what this one has.", Style.Green);
        }

        if (report.Document is { } document)
        {
            DiffPrinter.Print(document, text);
        }

        text.Line(report.History ?? $"{report.Migration} is not marked as applied: `schemagate resolve --applied {report.Migration}`.");
    }
}
