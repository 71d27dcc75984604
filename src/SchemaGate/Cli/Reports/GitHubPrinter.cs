namespace SchemaGate.Cli.Reports;

/// <summary>GitHub's workflow commands (docs.github.com, "Workflow commands for GitHub Actions"): an annotation for each finding.</summary>
internal static class GitHubPrinter
{
    public static void Print(FindingsReport report, TextWriter output)
    {
        foreach (ReportedFile file in report.Files)
        {
            foreach (ReportedFinding finding in file.Findings)
            {
                string level = finding.Level switch
                {
                    ReportedLevel.Error => "error",
                    ReportedLevel.Warning => "warning",
                    _ => "notice",
                };
                string message = finding.SafeWay.Length == 0 ? finding.Message : $"{finding.Message}\nSafe way: {finding.SafeWay}";
                output.Write($"::{level} file={Property(file.File)}{Place(finding.Place)},"
                    + $"title={Property(finding.Rule)}::{Message(message)}\n");
            }
        }

        foreach (string problem in report.Problems)
        {
            output.Write($"::error title=not judged::{Message(problem)}\n");
        }

        foreach (string note in report.Notes)
        {
            output.Write($"::notice title={report.Title}::{Message(note)}\n");
        }

        output.Write($"{report.Numbers}\n");
    }

    /// <summary>Columns are shown only where the place is on one line.</summary>
    private static string Place(ReportedPlace? place) => place switch
    {
        null => "",
        { Line: var line, EndLine: var end } when line == end =>
            $",line={line},endLine={end},col={place.Column},endColumn={place.EndColumn}",
        _ => $",line={place.Line},endLine={place.EndLine}",
    };

    /// <summary>As @actions/core does it: a line that a text began could be a command of its own.</summary>
    private static string Message(string text) => Clean(text)
        .Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Message(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);

    private static string Clean(string text) =>
        string.Concat(text.Select(symbol => char.IsControl(symbol) && symbol is not ('\r' or '\n' or '\t') ? '\uFFFD' : symbol));
}
