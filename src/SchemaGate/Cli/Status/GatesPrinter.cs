using System.Globalization;

namespace SchemaGate.Cli.Status;

/// <summary>Prints a cluster's gates for people: a table as kubectl's, then each gate's own words.</summary>
internal static class GatesPrinter
{
    public const int VerdictColumn = 2;

    private const int MostNames = 5;

    private static readonly string[] s_headings = ["NAMESPACE", "NAME", "VERDICT", "REASON", "APPLIED", "HELD", "SINCE"];

    private static readonly string[] s_wide = ["RISK", "RUN", "TOOL", "IMAGE", "DATABASE"];

    /// <param name="report">The gates.</param>
    /// <param name="isWide">With more columns, as <c>kubectl get --output wide</c> has them.</param>
    /// <param name="now">What ages are counted to.</param>
    /// <param name="text">Where it goes.</param>
    public static void Print(GatesReport report, bool isWide, DateTimeOffset now, StyledText text)
    {
        if (report.Gates.Count == 0)
        {
            text.Line(None(report.Namespace));
            return;
        }

        IReadOnlyList<string> headings = Headings(isWide);
        List<string[]> rows = [.. report.Gates.Select(gate => Row(gate, isWide, now))];
        int[] widths = [.. headings.Select((heading, column) => Math.Max(heading.Length, rows.Max(row => row[column].Length)))];
        Print(headings, widths, Style.Bold, text);
        foreach ((string[] row, GateLine gate) in rows.Zip(report.Gates))
        {
            Print(row, widths, StyleOf(gate.Verdict), text);
        }

        foreach (GateLine gate in report.Gates)
        {
            text.Line();
            text.Line($"{gate.Namespace}/{gate.Name}", Style.Bold);
            State(gate, now, text);
            Lines("To do", gate.Next, text);
        }
    }

    /// <summary>What the gate says, what it keeps waiting, and what it waits for itself.</summary>
    public static void State(GateLine gate, DateTimeOffset now, StyledText text)
    {
        text.Line($"  {gate.Message}");
        if (!gate.Current && gate.Image.Length > 0)
        {
            text.Line("  Its spec has changed since; it has not been judged anew.", Style.Yellow);
        }

        Names("Pending", gate.Pending, text);
        Names("Held", gate.HeldObjects, text);
        if (gate.WaitsFor is { } other)
        {
            text.Line($"  Waits for {other}");
        }

        if (gate.Drift is { Differences: > 0 } drift)
        {
            string seen = $"{drift.Differences}, seen {Age(now - drift.CheckedAt)} ago";
            text.Line($"  Drift     {seen}: {string.Join("; ", drift.First)}", Style.Yellow);
        }

        if (gate.Rehearsal is { } rehearsal)
        {
            Rehearsal(rehearsal, now, text);
        }

        Runs(gate, now, text);
    }

    private static void Rehearsal(RehearsalLine rehearsal, DateTimeOffset now, StyledText text)
    {
        text.Write("  Rehearsal ").Write(rehearsal.State, rehearsal.State switch
        {
            "Passed" => Style.Green,
            "Failed" => Style.Red,
            _ => Style.Yellow,
        });
        string found = rehearsal switch
        {
            { Error: { } error } => $": {error}",
            { Broken: > 0 and var broken } => string.Create(CultureInfo.InvariantCulture, $": {broken} statements of running code break"),
            { Rehearsed: { } count } => string.Create(CultureInfo.InvariantCulture, $": {count} migrations"),
            _ => $": Job {rehearsal.Job}",
        };
        text.Line($"{Since(rehearsal.State, rehearsal.Since, now)}{found}{Next(rehearsal.NextAttemptAt, now)}");
    }

    private static string Since(string state, DateTimeOffset? since, DateTimeOffset now) => (state, since) switch
    {
        (_, null) => "",
        ("Running", { } at) => $" for {Age(now - at)}",
        (_, { } at) => $" {Age(now - at)} ago",
    };

    private static string Next(DateTimeOffset? due, DateTimeOffset now) => due is { } at ? $", next attempt in {Age(at - now)}" : "";

    public static string None(string? ns) =>
        ns is null ? "There are no gates in this cluster." : $"There are no gates in namespace {ns}.";

    public static IReadOnlyList<string> Headings(bool isWide) => [.. s_headings, .. isWide ? s_wide : []];

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
            string since = Since(run.State, run.Since, now);
            text.Line($"{since}: attempt {run.Attempt}, Job {run.Job}{Next(run.NextAttemptAt, now)}");
        }

        if (gate.Plan is { Approval: not "NotAsked" } plan)
        {
            string approval = plan switch
            {
                { By: { } by, At: { } at } => $"by {by}, {Age(now - at)} ago",
                { By: { } by } => $"by {by}",
                _ => "awaited",
            };
            text.Line($"  Approval  of plan {GateTimeline.Short(plan.Hash)}, {plan.Risk} risk: {approval}");
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

    public static string[] Row(GateLine gate, bool isWide, DateTimeOffset now)
    {
        string applied = gate.Required is { } required ? string.Create(CultureInfo.InvariantCulture, $"{gate.Applied}/{required}") : "-";
        string held = gate.Held.ToString(CultureInfo.InvariantCulture);
        string[] wide = [gate.Plan?.Risk ?? "-", gate.Run?.State ?? "-", gate.Tool ?? "-", Or(gate.Image), Or(gate.Identity)];
        string since = gate.Since is { } at ? Age(now - at) : "-";
        return [gate.Namespace, gate.Name, gate.Verdict, gate.Reason, applied, held, since, .. isWide ? wide : []];
    }

    private static string Or(string? word) => string.IsNullOrEmpty(word) ? "-" : word;

    private static void Names(string label, IReadOnlyList<string>? names, StyledText text)
    {
        string more = names?.Count > MostNames
            ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MostNames} more")
            : "";
        if (names is { Count: > 0 })
        {
            text.Line($"  {label,-9} {string.Join(", ", names.Take(MostNames))}{more}");
        }
    }

    private static void Lines(string label, IReadOnlyList<string> lines, StyledText text)
    {
        foreach ((int index, string line) in lines.Index())
        {
            text.Line($"  {(index == 0 ? label : ""),-9} {line}");
        }
    }

    private static void Print(IReadOnlyList<string> cells, int[] widths, Style style, StyledText text)
    {
        for (int column = 0; column < cells.Count; column++)
        {
            bool isStyled = column == VerdictColumn || style == Style.Bold;
            string cell = column == cells.Count - 1 ? cells[column] : cells[column].PadRight(widths[column] + 3);
            text.Write(cell, isStyled ? style : Style.Plain);
        }

        text.Line();
    }
}
