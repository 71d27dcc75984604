namespace SchemaGate.Cli.Verify;

/// <summary>Prints what is said of manifests for people.</summary>
internal static class ManifestsPrinter
{
    public static void Print(ManifestsReport report, StyledText text)
    {
        foreach (ManifestLine line in report.Judged)
        {
            text.Line();
            Print(line, text);
        }

        Sentences("Not read", report.Problems, Style.Red, text);
        Sentences("Notes", report.Notes, Style.Bold, text);
    }

    private static void Print(ManifestLine line, StyledText text)
    {
        string name = line.Name is null ? "without a name" : line.Name;
        string place = line.Namespace is null ? name : $"{line.Namespace}/{name}";
        text.Write($"{line.File}:{line.Line}: ").Write($"{line.Kind} {place}", Style.Bold);
        text.Write(line.Requires is null ? "" : $" requires {line.Requires}");
        text.Line(line.IsBlocking ? "" : ": fine", Style.Green);
        foreach (ManifestFinding finding in line.Findings)
        {
            text.Write($"  {finding.Severity}", finding.Severity == ManifestFinding.Blocking ? Style.Red : Style.Dim);
            text.Line($"  {finding.Message} [{finding.Id}]");
        }
    }

    private static void Sentences(string title, IReadOnlyList<string> sentences, Style style, StyledText text)
    {
        if (sentences.Count == 0)
        {
            return;
        }

        text.Line();
        text.Line(title, style);
        foreach (string sentence in sentences)
        {
            text.Line($"  {sentence}");
        }
    }
}
