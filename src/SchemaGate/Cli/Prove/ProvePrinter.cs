namespace SchemaGate.Cli.Prove;

/// <summary>Prints a report for people.</summary>
internal static class ProvePrinter
{
    private const int MostUnproven = 10;

    public static void Print(ProveReport report, StyledText text)
    {
        foreach (IGrouping<(string? File, int? Line, string), ProvedStatement> met in report.Statements
            .Where(statement => statement.Migration is not null)
            .GroupBy(statement => (statement.File, statement.Line, statement.ShortChange)))
        {
            text.Write($"{met.Key.File}:{met.Key.Line}", Style.Bold).Line($"  {met.Key.Item3}");
            foreach (ProvedStatement statement in met)
            {
                Statement(statement, text);
            }

            text.Line();
        }

        Unproven([.. report.Statements.Where(statement => statement.Migration is null)], text);
        Notes(report.Notes, text);
        (string word, Style style) = report.Result switch
        {
            "passed" => ("Passed", Style.Green),
            ProveReport.NothingProved => ("Nothing proved", Style.Red),
            _ => ("Failed", Style.Red),
        };
        text.Write(word, style).Line($": {report.Numbers}");
    }

    private static void Statement(ProvedStatement statement, StyledText text)
    {
        text.Write($"  {statement.Outcome}", statement.Outcome == "changed" ? Style.Yellow : Style.Red).Line($"  {statement.Short}");
        text.Line($"    {statement.Message}");
        if (statement.Details.Length > 0)
        {
            text.Line($"    {statement.Details}", Style.Dim);
        }
    }

    private static void Unproven(ProvedStatement[] statements, StyledText text)
    {
        if (statements.Length == 0)
        {
            return;
        }

        text.Line("Unproven", Style.Bold);
        foreach (ProvedStatement statement in statements.Take(MostUnproven))
        {
            text.Line($"  {statement.Short}");
            text.Line($"    {statement.Message}", Style.Dim);
        }

        if (statements.Length > MostUnproven)
        {
            text.Line($"  and {statements.Length - MostUnproven} more: --output json has them all");
        }

        text.Line();
    }

    private static void Notes(IReadOnlyList<string> notes, StyledText text)
    {
        foreach (string note in notes)
        {
            text.Line(note, Style.Dim);
        }
    }
}
