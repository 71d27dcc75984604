namespace SchemaGate.Cli.Rehearse;

/// <summary>Prints a rehearsal for people.</summary>
internal static class RehearsePrinter
{
    public static void Print(RehearseReport report, StyledText text)
    {
        text.Line(report.Message, report.Fails ? Style.Red : Style.Green);
        foreach (RehearsedLine migration in report.Migrations)
        {
            text.Line();
            text.Write(migration.Name, Style.Bold).Line($"  {migration.Result}", migration.Failure is null ? Style.Green : Style.Red);
            Print(migration, text);
        }

        text.Section("Not run", report.NotRun);
        text.Section("Notes", report.Notes);
    }

    private static void Print(RehearsedLine migration, StyledText text)
    {
        if (migration.Failure is { } failure)
        {
            text.Line($"  {failure.Message}");
        }

        Lines("changes", migration.Changes, text);
        Lines("locks", [.. migration.Locks.Select(held => held.Message)], text);
        Lines("otherwise than the text", [.. migration.SeenOtherwise.Select(other => other.Message)], text);
        if (migration.Rollback is { } rollback)
        {
            bool fails = rollback.Result is "failed" or "differs";
            text.Line($"  rollback: {rollback.Message}", fails ? Style.Red : Style.Plain);
            Lines("is otherwise", rollback.Differences, text);
            Lines("by hand", rollback.ByHand, text);
            Lines("rows it does not bring back", rollback.Loses, text);
        }
    }

    private static void Lines(string title, IReadOnlyList<string> lines, StyledText text)
    {
        if (lines.Count > 0)
        {
            text.Line($"  {title}", Style.Dim);
        }

        foreach (string line in lines)
        {
            text.Line($"    {line}");
        }
    }
}
