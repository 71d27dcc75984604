using System.Globalization;

namespace SchemaGate.Cli.Status;

/// <summary>Prints a cluster's gates for people: a table as kubectl's, then each gate's own words.</summary>
internal static class GatesPrinter
{
    private static readonly string[] Headings = ["NAMESPACE", "NAME", "VERDICT", "REASON", "APPLIED", "HELD", "SINCE"];
    private const int VerdictColumn = 2;

    public static void Print(GatesReport report, DateTimeOffset now, StyledText text)
    {
        if (report.Gates.Count == 0)
        {
            text.Line(
                report.Namespace is null ? "There are no gates in this cluster." : $"There are no gates in namespace {report.Namespace}.");
            return;
        }

        List<string[]> rows = [.. report.Gates.Select(gate => Row(gate, now))];
        int[] widths = [.. Headings.Select((heading, column) => rows.Max(row => row[column].Length) is var longest
            && longest > heading.Length ? longest : heading.Length)];
        Print(Headings, widths, Style.Bold, text);
        foreach ((string[] row, GateLine gate) in rows.Zip(report.Gates))
        {
            Print(row, widths, StyleOf(gate.Verdict), text);
        }

        foreach (GateLine gate in report.Gates)
        {
            text.Line();
            text.Line($"{gate.Namespace}/{gate.Name}", Style.Bold);
            text.Line($"  {gate.Message}");
            if (!gate.Current && gate.Image.Length > 0)
            {
                text.Line("  Its spec has changed since; it has not been judged anew.", Style.Yellow);
            }

            Runs(gate, now, text);
        }
    }

    /// <summary>The gate's run, its approval and its override, a line each, where there are any.</summary>
    public static void Runs(GateLine gate, DateTimeOffset now, StyledText text)
    {
        if (gate.Run is { } run)
        {
            text.Write("  Run       ").Write(run.State, run.State switch
            {
                "Succeeded" =>
                Style.Green,
                "Failed" => Style.Red,
                _ => Style.Yellow
            });
            string since = run switch
            {
                { Since: null } => "",
                { State: "Running", Since: { } at } => $" for {Age(now - at)}",
                { Since: { } at } => $" {Age(now - at)} ago",
            };
            string next = run.NextAttemptAt is { } due ? $", next attempt in {Age(due - now)}" : "";
            text.Line($"{since}: attempt {run.Attempt}, Job {run.Job}{next}");
        }

        if (gate.Plan is { Approval: not "NotAsked" } plan)
        {
            string approval = plan switch
            {
                { By: { } by, At: { } at } => $"by {by}, {Age(now - at)} ago",
                { By: { } by } => $"by {by}",
                _ => "awaited",
            };
            text.Line($"  Approval  of plan {plan.Hash[..Math.Min(12, plan.Hash.Length)]}, {plan.Risk} risk: {approval}");
        }

        if (gate.Override is { } opened)
        {
            text.Line($"  Override  by {opened.By} for "
                + $"{opened.Requires}{(opened.Until is { } until ? $", for {Age(until - now)} more" : "")}: {opened.Reason}", Style.Yellow);
        }
    }

    public static Style StyleOf(string verdict) => verdict switch { "Open" => Style.Green, "Blocked" => Style.Red, _ => Style.Yellow };

    /// <summary>As kubectl writes ages, in the largest unit.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 2 } => $"{(int)age.TotalDays}d",
        { TotalHours: >= 2 } => $"{(int)age.TotalHours}h",
        { TotalMinutes: >= 2 } => $"{(int)age.TotalMinutes}m",
        _ => $"{(int)Math.Max(0, age.TotalSeconds)}s",
    };

    private static string[] Row(GateLine gate, DateTimeOffset now)
    {
        string applied = gate.Required is { } required ? string.Create(CultureInfo.InvariantCulture, $"{gate.Applied}/{required}") : "-";
        string held = gate.Held.ToString(CultureInfo.InvariantCulture);
        return [gate.Namespace, gate.Name, gate.Verdict, gate.Reason, applied, held, gate.Since is { } since ? Age(now - since) : "-"];
    }

    private static void Print(string[] cells, int[] widths, Style style, StyledText text)
    {
        for (int column = 0; column < cells.Length; column++)
        {
            bool isStyled = column == VerdictColumn || style == Style.Bold;
            string cell = column == cells.Length - 1 ? cells[column] : cells[column].PadRight(widths[column] + 3);
            text.Write(cell, isStyled ? style : Style.Plain);
        }

        text.Line();
    }
}
