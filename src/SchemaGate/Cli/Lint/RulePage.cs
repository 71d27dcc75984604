using System.CommandLine;
using SchemaGate.Cli.Reports;
using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Rules;

namespace SchemaGate.Cli.Lint;

/// <summary>The JSON shape of a rule: of <c>--explain</c> with its page as Markdown, in the list of <c>--rules</c> without.</summary>
internal sealed record RuleReport(string Id, string Title, string Severity, IReadOnlyList<string> Categories, bool Optional, string? Page)
{
    public static RuleReport Of(RuleDescription rule, string? page) => new(
        rule.Id, rule.Title, LintConfigurationReader.Severities[(int)rule.Severity + 1], LintSeverities.Words(
            rule.Categories), rule.IsOptional, page);
}

/// <summary><c>--explain</c> and <c>--rules</c>.</summary>
internal static class RulePage
{
    public static int Explain(string id, ParseResult arguments, Shell shell)
    {
        RuleDescription rule = RuleCatalog.All.FirstOrDefault(rule => rule.Id == id)
            ?? throw new UsageException(
                StyledText.Printable($"There is no rule {id}{NearestNames.Hint(id, RuleCatalog.All.Select(rule => rule.Id))}. "
                    + "`schemagate lint --rules` lists all."));
        string page = RuleCatalog.Page(id) ?? $"# {id}\n\n{rule.Title}.\n";
        TextWriter output = arguments.InvocationConfiguration.Output;
        if (IsJson(arguments))
        {
            CliJson.Write(output, RuleReport.Of(rule, page), CliJson.Relaxed.RuleReport);
            return ExitCodes.Open;
        }

        StyledText text = new(output, shell.IsColoured);
        foreach (string line in Plain(page).TrimEnd('\n').Split('\n'))
        {
            text.Line(line, line.Length > 0 && page.Contains($"# {line}\n", StringComparison.Ordinal) ? Style.Bold : Style.Plain);
        }

        return ExitCodes.Open;
    }

    public static int List(ParseResult arguments, Shell shell)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        if (IsJson(arguments))
        {
            CliJson.Write(output, [.. RuleCatalog.All.Select(rule => RuleReport.Of(rule, page: null))], CliJson.Relaxed.RuleReportArray);
            return ExitCodes.Open;
        }

        StyledText text = new(output, shell.IsColoured);
        int width = RuleCatalog.All.Max(rule => rule.Id.Length);
        foreach (RuleDescription rule in RuleCatalog.All)
        {
            string severity = LintConfigurationReader.Severities[(int)rule.Severity + 1];
            text.Write(rule.Id.PadRight(width), Style.Bold).Write($"  {severity,-11}", Of(rule.Severity))
                .Line($"  {rule.Title}{(rule.IsOptional ? " (convention)" : "")}");
        }

        return ExitCodes.Open;
    }

    /// <summary>Markdown without its marks: headings stand alone, SQL is indented, and what a fence says about it stands above.</summary>
    public static string Plain(string page)
    {
        StringBuilder plain = new(page.Length);
        bool isCode = false;
        foreach (string line in page.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                string words = isCode ? "" : Circumstances(line[3..]);
                plain.Append(words.Length > 0 ? $"    -- {words}\n" : "");
                isCode = !isCode;
            }
            else if (isCode)
            {
                plain.Append(line.Length > 0 ? $"    {line}\n" : "\n");
            }
            else
            {
                plain.Append(line.TrimStart('#').TrimStart()).Append('\n');
            }
        }

        return plain.ToString();
    }

    /// <summary>A fence says after <c>sql</c> what the example is judged with.</summary>
    private static string Circumstances(string info) => string.Join(", ", info.Split(' ').Select(word => word switch
    {
        "earlier" => "in an earlier migration",
        "then" => "in the next migration",
        "no-transaction" => "outside of a transaction",
        "one-text" => "sent as one text",
        "rollback" => "with a rollback",
        "no-rollback" => "without a rollback",
        ['p', 'g', '=', .. var version] => $"PostgreSQL {version}",
        _ => "",
    }).Where(words => words.Length > 0));

    private static Style Of(RiskSeverity severity) => severity switch
    {
        RiskSeverity.High => Style.Red,
        RiskSeverity.Medium => Style.Yellow,
        _ => Style.Dim,
    };

    private static bool IsJson(ParseResult arguments) => arguments.GetValue(ReportOutput.Option) switch
    {
        "text" => false,
        "json" => true,
        var other => throw new UsageException($"Rules are written as text or json, not as {other}."),
    };
}
