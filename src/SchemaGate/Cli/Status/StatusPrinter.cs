using System.Globalization;

namespace SchemaGate.Cli.Status;

/// <summary>Prints a report for people.</summary>
internal static class StatusPrinter
{
    public static void Print(StatusReport report, StyledText text)
    {
        (string verdict, Style style) = report.Reason == Core.Gates.Reasons.Open
            ? (report.Message, Style.Green)
            : ($"{report.Reason}: {report.Message}", Style.Red);
        text.Line(verdict, style);
        text.Line();
        text.Line($"Database    {report.Location}, from {report.From}");
        if (report.Identity is not null)
        {
            text.Line($"Identity    {report.Identity}");
            text.Line($"Server      PostgreSQL {report.ServerVersion}, {(report.Standby == true ? "standby" : "primary")}");
            text.Line($"Run         {(report.RunInProgress == true ? "in progress" : "none in progress")}");
        }

        foreach (string name in report.Pending ?? [])
        {
            text.Write("Pending     ", Style.Yellow).Line(name);
        }

        if (report.History is { Count: > 0 } history)
        {
            text.Line();
            foreach (HistoryLine line in history)
            {
                Print(line, text);
            }
        }
    }

    private static void Print(HistoryLine line, StyledText text)
    {
        (string word, DateTimeOffset at, Style style) = line.State switch
        {
            "applied" => ("applied", line.FinishedAt ?? line.StartedAt, Style.Green),
            "rolledBack" => ("rolled back", line.RolledBackAt ?? line.StartedAt, Style.Dim),
            "running" => ("running", line.StartedAt, Style.Yellow),
            _ => ("failed", line.StartedAt, Style.Red),
        };
        text.Write($"{word,-11}", style);
        // Some tools keep no time.
        string when = at == DateTimeOffset.MinValue ? "" : at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        text.Line($"  {when,-20}  {line.Name}{Steps(line)}");
        if (line.Error is { } error)
        {
            text.Line($"             {error}", Style.Dim);
        }
    }

    private static string Steps(HistoryLine line) => line switch
    {
        { State: "applied", Steps: 1 } => "",
        { Steps: 1 } => " (1 step)",
        _ => $" ({line.Steps} steps)",
    };
}
