namespace SchemaGate.Cli.Lint;

/// <summary>GitHub's workflow commands (docs.github.com, "Workflow commands for GitHub Actions"): an annotation for each finding.</summary>
internal static class GitHubPrinter
{
    public static void Print(LintReport report, TextWriter output)
    {
        foreach (LintedMigration migration in report.Migrations)
        {
            foreach (LintFinding finding in migration.Findings)
            {
                string level = finding.Severity switch { "risky" => "error", "warning" => "warning", _ => "notice" };
                string message = finding.SafeWay.Length == 0 ? finding.Message : $"{finding.Message}\nSafe way: {finding.SafeWay}";
                // Columns are shown only where the place is on one line.
                string columns = finding.Line == finding.EndLine ? $",col={finding.Column},endColumn={finding.EndColumn}" : "";
                output.Write($"::{level} file={Property(migration.File)},line={finding.Line},endLine={finding.EndLine}{columns},"
                    + $"title={Property(finding.Rule)}::{Message(message)}\n");
            }
        }

        foreach (string problem in report.Problems)
        {
            output.Write($"::error title=not judged::{Message(problem)}\n");
        }

        foreach (string note in report.Notes)
        {
            output.Write($"::notice title=schemagate lint::{Message(note)}\n");
        }

        output.Write($"{LintPrinter.Numbers(report.Summary)}\n");
    }

    /// <summary>As @actions/core does it: a line that a text began could be a command of its own.</summary>
    private static string Message(string text) => Clean(text)
        .Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Message(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);

    private static string Clean(string text) =>
        string.Concat(text.Select(symbol => char.IsControl(symbol) && symbol is not ('\r' or '\n' or '\t') ? '\uFFFD' : symbol));
}
