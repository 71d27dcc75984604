namespace SchemaGate.Cli.Lint;

/// <summary>Prints a report for people.</summary>
internal static class LintPrinter
{
    public static void Print(LintReport report, StyledText text)
    {
        foreach (LintedMigration migration in report.Migrations.Where(
            migration => migration.Findings.Count > 0 || report.Migrations.Count == 1))
        {
            Migration(migration, text);
        }

        Sentences("Not judged", report.Problems, Style.Red, text);
        Sentences("Notes", report.Notes, Style.Dim, text);
        Summary(report, text);
    }

    private static void Migration(LintedMigration migration, StyledText text)
    {
        text.Write(migration.File, Style.Bold).Write("  ");
        text.Line(migration.Level, migration.Level switch { "Safe" => Style.Green, "Risky" => Style.Red, _ => Style.Yellow });
        text.Line(migration.Sentence);
        text.Line();
        foreach (LintFinding finding in migration.Findings)
        {
            Finding(migration, finding, text);
        }

        Locks([.. migration.Locks.Where(hazard => hazard.BlocksWrites)], text);
    }

    private static void Finding(LintedMigration migration, LintFinding finding, StyledText text)
    {
        Style style = finding.Severity switch { "risky" => Style.Red, "warning" => Style.Yellow, _ => Style.Dim };
        text.Write($"  {finding.Severity}", style).Write($" {finding.Rule}", Style.Bold);
        text.Line($"  {migration.File}:{finding.Line}:{finding.Column}");
        text.Line($"  {finding.Message}{(finding.Assumed ? " (The text does not tell; this is the worst case.)" : "")}");
        Code(finding, style, text);
        if (finding.SafeWay.Length > 0)
        {
            text.Write("  Safe way: ", Style.Green).Line(finding.SafeWay);
        }

        text.Line();
    }

    private static void Code(LintFinding finding, Style style, StyledText text)
    {
        // A tab would move the mark, and a character of two code units takes one place.
        string line = finding.Source.Text.Replace('\t', ' ');
        ReadOnlySpan<char> rest = line.AsSpan(Math.Min(finding.Source.From, line.Length));
        string before = new(' ', Places(line.AsSpan(0, line.Length - rest.Length)));
        string marks = new('^', Math.Max(1, Places(rest[..Math.Min(finding.Source.Length, rest.Length)])));
        string number = $"{finding.Line}";
        text.Write($"    {number} | ", Style.Dim).Line(line);
        text.Write($"    {new string(' ', number.Length)} | ", Style.Dim).Line($"{before}{marks}", style);
    }

    private static void Locks(LockLine[] locks, StyledText text)
    {
        if (locks.Length == 0)
        {
            return;
        }

        text.Line("  Locks", Style.Bold);
        foreach (LockLine hazard in locks.DistinctBy(hazard => (hazard.Line, hazard.Sentence)))
        {
            text.Line($"    line {hazard.Line}: {hazard.Sentence}");
        }

        text.Line();
    }

    private static void Sentences(string title, IReadOnlyList<string> sentences, Style style, StyledText text)
    {
        if (sentences.Count == 0)
        {
            return;
        }

        text.Line(title, style);
        foreach (string sentence in sentences)
        {
            text.Line($"  {sentence}");
        }

        text.Line();
    }

    private static void Summary(LintReport report, StyledText text)
    {
        (string word, Style style) = report.Result switch
        {
            "passed" => ("Passed", Style.Green),
            "failed" => ("Failed", Style.Red),
            _ => ("Not all could be judged", Style.Yellow),
        };
        text.Write(word, style).Line($": {Numbers(report.Summary)}");
    }

    /// <summary>The numbers in words, as every format for people has them.</summary>
    public static string Numbers(LintSummary summary)
    {
        string hidden = string.Join(", ", new[] { (summary.Ignored, "ignored in comments"), (summary.Baselined, "in the baseline") }
            .Where(part => part.Item1 > 0).Select(part => $"{part.Item1} {part.Item2}"));
        return $"{Counted(summary.Migrations, "migration")}, {summary.Risky} risky, {Counted(summary.Warnings, "warning")}, "
            + $"{Counted(summary.Notes, "note")}"
            + (hidden.Length == 0 ? "." : $"; {hidden}.");
    }

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static int Places(ReadOnlySpan<char> text)
    {
        int places = 0;
        foreach (char symbol in text)
        {
            places += char.IsLowSurrogate(symbol) ? 0 : 1;
        }

        return places;
    }
}
