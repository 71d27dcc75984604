namespace SchemaGate.Cli.Changelogs;

/// <summary>Prints a difference for people.</summary>
internal static class DiffPrinter
{
    public static void Print(EditReport report, StyledText text)
    {
        if (!report.Changed)
        {
            text.Line($"{report.Document}: nothing to change.");
        }
        else if (report.Written)
        {
            text.Line($"{report.Document}: written, {Count(report, '+')} lines added and {Count(report, '-')} taken away.");
        }
        else
        {
            foreach (string line in report.Diff)
            {
                text.Line(line, StyleOf(line));
            }
        }
    }

    /// <summary>Without the two lines that name the file.</summary>
    private static int Count(EditReport report, char kind) => report.Diff.Skip(2).Count(line => line.StartsWith(kind));

    private static Style StyleOf(string line) => line switch
    {
        ['-', '-', '-', ' ', ..] or ['+', '+', '+', ' ', ..] => Style.Bold,
        ['@', ..] => Style.Dim,
        ['-', ..] => Style.Red,
        ['+', ..] => Style.Green,
        _ => Style.Plain,
    };
}
