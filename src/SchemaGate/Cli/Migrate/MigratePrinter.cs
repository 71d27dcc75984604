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
            text.Line(report.Result == "unchanged" ? Unchanged(report) : Applied(report), Style.Green);
        }
    }

    private static string Unchanged(MigrateReport report) => $"Nothing to do: all {report.AlreadyApplied} migrations are applied.";

    private static string Applied(MigrateReport report)
    {
        string applied = report.Applied.Count == 1 ? "1 migration" : $"{report.Applied.Count} migrations";
        string before = report.AlreadyApplied == 1 ? "1 was" : $"{report.AlreadyApplied} were";
        return $"Applied {applied}; {before} there before.";
    }

    private static void Print(FailureLine failure, StyledText text)
    {
        text.Write(failure.File is null ? "" : $"{failure.Place()}: ").Line(failure.Kind, Style.Red);
        // The message has the server's sentence and its SQLSTATE already.
        text.Line($"  {failure.Message}");
        Detail("Statement", failure.Statement, text);
        Detail("Hint", failure.Hint, text);
        if (failure.Next.Count == 0)
        {
            return;
        }

        text.Line();
        text.Line("Next", Style.Bold);
        foreach (string command in failure.Next)
        {
            text.Line($"  {command}");
        }
    }

    private static void Detail(string label, string? value, StyledText text)
    {
        if (value is not null)
        {
            text.Line($"  {label,-9}  {value}");
        }
    }
}
