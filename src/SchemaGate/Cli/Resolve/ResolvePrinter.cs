namespace SchemaGate.Cli.Resolve;

/// <summary>Prints a report for people.</summary>
internal static class ResolvePrinter
{
    public static void Print(ResolveReport report, StyledText text)
    {
        if (report.Failure is { } failure)
        {
            text.Line(failure.Kind, Style.Red);
            text.Line($"  {failure.Message}");
            text.Section("Notes", report.Notes);
            return;
        }

        if (report.Result == "planned")
        {
            text.Line("A dry run: nothing was written. Without --dry-run:", Style.Bold);
        }

        if (report.CreatesHistory)
        {
            text.Line("The table _prisma_migrations is created.");
        }

        foreach (ResolvedLine line in report.Migrations)
        {
            text.Line(line.Message, line.Change == "unchanged" || report.Result == "planned" ? Style.Plain : Style.Green);
        }

        text.Section("Notes", report.Notes);
    }
}
