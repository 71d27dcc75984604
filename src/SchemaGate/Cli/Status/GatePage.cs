using System.Globalization;

namespace SchemaGate.Cli.Status;

/// <summary>Prints one gate in full for people: where it stands, how it came there, and what is to come.</summary>
internal static class GatePage
{
    private const int TimeWidth = 20;

    public static void Print(GateLine gate, DateTimeOffset now, StyledText text)
    {
        text.Write($"{gate.Namespace}/{gate.Name}", Style.Bold).Write("  ").Write(gate.Verdict, GatesPrinter.StyleOf(gate.Verdict));
        text.Line((gate.Reason == gate.Verdict ? "" : $": {gate.Reason}")
            + (gate.Since is { } since ? $", for {GatesPrinter.Age(now - since)}" : ""));
        GatesPrinter.State(gate, now, text);
        Fact("Image", gate.Image, text);
        Fact("Database", gate.Identity, text);
        Fact("Tool", gate.Tool, text);
        Timeline(gate, text);
        text.Section("To do", gate.Next);
    }

    private static void Fact(string label, string? value, StyledText text)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Line($"  {label,-9} {value}");
        }
    }

    private static void Timeline(GateLine gate, StyledText text)
    {
        if (gate is { Timeline.Count: 0, Required: null, Unapplied.Count: 0 })
        {
            return;
        }

        text.Line();
        text.Line("Timeline", Style.Bold);
        foreach (TimelineEntry entry in gate.Timeline)
        {
            Row(
                entry.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), entry.Event,
                entry.Message, StyleOf(entry.Event), text);
        }

        if (gate is { Required: { } required, Applied: { } applied })
        {
            Row("now", "Applied", string.Create(CultureInfo.InvariantCulture, $"{applied} of {required}"), Style.Bold, text);
        }

        foreach (UnappliedMigration migration in gate.Unapplied)
        {
            bool hasFailed = migration.State == "failed";
            string judged = migration.Risk is { } risk ? $"  {risk}: {migration.Message}" : "";
            (string when, string what, Style style) = hasFailed ? ("", "Failed", Style.Red) : ("next", "Pending", Style.Yellow);
            Row(when, what, migration.Name + judged, style, text);
        }
    }

    private static Style StyleOf(string happened) => happened switch
    {
        "Open" or "Released" or "RunSucceeded" => Style.Green,
        "Blocked" or "RunFailed" => Style.Red,
        _ => Style.Plain,
    };

    private static void Row(string when, string what, string message, Style style, StyledText text) =>
        text.Write($"  {when.PadRight(TimeWidth)}  ", Style.Dim).Write($"{what,-12}", style).Line($"  {message}");
}
