namespace SchemaGate.Cli.Approve;

/// <summary>Prints a plan, and what became of it, for people.</summary>
internal static class ApprovePrinter
{
    public static void Print(ApproveReport report, StyledText text)
    {
        if (report.Plan is { } plan)
        {
            text.Line($"Plan {plan[..12]} of {report.Namespace}/{report.Gate}: {report.Risk} risk", Style.Bold);
            foreach (string name in report.Pending)
            {
                ApproveLine? known = report.Migrations.FirstOrDefault(migration => migration.Name == name);
                text.Write("  ")
                    .Write($"{(known?.Risk ?? "unknown").ToLowerInvariant(),-9}", known?.Risk == "Low" ? Style.Green : Style.Yellow);
                text.Line(known is null ? $" {name}" : $" {name}: {known.Message}");
            }
        }

        if (report.Problem is { } problem)
        {
            text.Line(problem, Style.Red);
        }
        else if (report.Approved)
        {
            text.Line($"Approved by {report.By}.", Style.Green);
        }
    }
}
