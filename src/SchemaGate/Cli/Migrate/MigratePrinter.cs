namespace SchemaGate.Cli.Migrate;

/// <summary>Prints a report for people.</summary>
internal static class MigratePrinter
{
    public static void Print(MigrateReport report, StyledText text)
    {
        if (report.Failure is { } failure)
        {
            if (report.Applied.Count > 0)
            {
                text.Line(Applied(report));
            }

            Print(failure, text);
        }
        else
        {
            text.Line(
                report.Result switch { "unchanged" => Unchanged(report), "planned" => Planned(report), _ => Applied(report) }, Style.Green);
        }

        foreach (PlannedMigration migration in report.Planned ?? [])
        {
            text.Write("  ").Write($"{migration.Risk.ToLowerInvariant(),-7}", migration.Risk == "Low" ? Style.Green : Style.Yellow);
            text.Line($"  {migration.Name}: {migration.Message}");
            foreach (string sentence in migration.Locks)
            {
                text.Line($"           {sentence}", Style.Dim);
            }
        }

        text.Section("Notes", report.Notes);
    }

    private static string Unchanged(MigrateReport report) => report.AlreadyApplied == 1
        ? "Nothing to do: the one migration is applied."
        : $"Nothing to do: all {report.AlreadyApplied} migrations are applied.";

    private static string Applied(MigrateReport report)
    {
        string applied = report.Applied.Count == 1 ? "1 migration" : $"{report.Applied.Count} migrations";
        string before = report.AlreadyApplied == 1 ? "1 was" : $"{report.AlreadyApplied} were";
        return $"Applied {applied}; {before} there before.";
    }

    private static string Planned(MigrateReport report)
    {
        string what = report.Planned!.Count == 1 ? "1 migration" : $"{report.Planned.Count} migrations";
        string before = report.AlreadyApplied == 1 ? "1 is" : $"{report.AlreadyApplied} are";
        return $"A dry run: {what} would be applied; {before} there. Nothing was written.";
    }

    private static void Print(FailureLine failure, StyledText text)
    {
        text.Write(failure.File is null ? "" : $"{failure.Place()}: ").Line(failure.Kind, Style.Red);
        // The message has the server's sentence and its SQLSTATE already.
        text.Line($"  {failure.Message}");
        Detail("Statement", failure.Statement, text);
        Detail("Hint", failure.Hint, text);
        text.Section("Next", failure.Next);
    }

    private static void Detail(string label, string? value, StyledText text)
    {
        if (value is not null)
        {
            text.Line($"  {label,-9}  {value}");
        }
    }
}
