using System.CommandLine;

namespace SchemaGate.Cli.Reports;

/// <summary><c>--output</c> of the commands whose findings pipelines show.</summary>
internal static class ReportOutput
{
    public static Option<string> Option { get; } = Create();

    /// <summary>Prints one of the formats that are of no command in particular.</summary>
    public static void Print(string format, FindingsReport report, TextWriter output)
    {
        switch (format)
        {
            case "sarif":
                SarifPrinter.Print(report, output);
                break;
            case "junit":
                JUnitPrinter.Print(report, output);
                break;
            case "github":
                GitHubPrinter.Print(report, output);
                break;
            case "codequality":
                CodeQualityPrinter.Print(report, output);
                break;
            default:
                MarkdownPrinter.Print(report, output);
                break;
        }
    }

    private static Option<string> Create()
    {
        Option<string> option = new("--output", "-o") { Description = "For people or for programs.", DefaultValueFactory = _ => "text" };
        return option.AcceptOnlyFromAmong("text", "json", "sarif", "junit", "github", "codequality", "markdown");
    }
}
