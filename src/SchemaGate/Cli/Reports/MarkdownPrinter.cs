using System.Globalization;
using System.Text;

namespace SchemaGate.Cli.Reports;

/// <summary>A comment for a pull request: a table for each migration or file, details folded, never longer than GitHub takes.</summary>
internal static class MarkdownPrinter
{
    /// <summary>
    /// GitHub's limit for a comment is 65,536 characters; the rest is for the ends of what was begun, and for the last sentence.
    /// </summary>
    private const int Longest = 65_000;

    private const int LongestText = 600;

    public static void Print(FindingsReport report, TextWriter output)
    {
        StringBuilder page = new();
        (string mark, string word) = report.ExitCode switch
        {
            ExitCodes.Open => ("✅", "passed"),
            ExitCodes.Blocked => ("❌", "failed"),
            _ => ("⚠️", "could not judge all"),
        };
        page.Append(CultureInfo.InvariantCulture, $"{Marker(report)}\n### {mark} {report.Title} {word}\n\n{report.Numbers}\n");
        string[] sentences = [.. report.Problems.Select(problem => $"**Not judged:** {Prose(problem)}"), .. report.Notes.Select(Prose)];
        foreach (string sentence in sentences.Take(20))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n- {sentence}");
        }

        page.Append(sentences.Length switch { 0 => "", <= 20 => "\n", _ => $"\n- and {sentences.Length - 20} more\n" });
        ReportedFile[] files = [.. report.Files.Where(file => file.Findings.Count > 0)];
        int left = files.Length;
        foreach (ReportedFile file in files)
        {
            if (!File(file, report.HasSafeWays, page))
            {
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"\nA comment takes no more: {left} of {files.Length} files with findings are not shown, or not whole.\n");
                break;
            }

            left--;
        }

        output.Write(page.ToString());
    }

    /// <summary>False where not all of it found room.</summary>
    private static bool File(ReportedFile file, bool hasSafeWays, StringBuilder page)
    {
        string opening =
            $"\n<details{(file.Fails ? " open" : "")}><summary><code>{Code(file.Name)}</code> "
                + $"{file.Level}: {Prose(file.Sentence)}</summary>\n\n"
            + (file.Name == file.File ? "" : $"<code>{Code(file.File)}</code>\n\n")
            + (hasSafeWays
                ? "| line | finding | what happens | safe way |\n|---|---|---|---|\n"
                : "| line | finding | what happens |\n|---|---|---|\n");
        const string closing = "\n</details>\n";
        if (page.Length + opening.Length + closing.Length > Longest)
        {
            return false;
        }

        page.Append(opening);
        foreach (ReportedFinding finding in file.Findings)
        {
            string row = $"| {finding.Place?.Line} | {finding.Word} <code>{Code(finding.Rule)}</code> | {Prose(finding.Message)} |"
                + (hasSafeWays ? $" {Prose(finding.SafeWay)} |\n" : "\n");
            if (page.Length + row.Length + closing.Length > Longest)
            {
                page.Append(closing);
                return false;
            }

            page.Append(row);
        }

        page.Append(closing);
        return true;
    }

    /// <summary>
    /// A comment that nobody sees, by which whoever posts the page finds the one that it takes the place of. What could end it is escaped.
    /// </summary>
    private static string Marker(FindingsReport report) =>
        $"<!-- {report.Title} {Code(report.Subject).Replace('-', '\u2010')} -->".Replace("  ", " ", StringComparison.Ordinal);

    /// <summary>Plain words, with code between backticks as our sentences have it.</summary>
    private static string Prose(string text)
    {
        string[] parts = Shortened(text).Split('`');
        StringBuilder prose = new();
        for (int index = 0; index < parts.Length; index++)
        {
            prose.Append(index % 2 == 1 ? $"<code>{Code(parts[index])}</code>" : Escaped(parts[index], isCode: false));
        }

        return prose.ToString();
    }

    private static string Code(string text) => Escaped(Shortened(text), isCode: true);

    /// <summary>
    /// Whatever Markdown or HTML could read is a character reference, which is never structure (CommonMark, 2.5). Outside of code a mention
    /// or an issue's number would be linked after that; a character without width comes between.
    /// </summary>
    private static string Escaped(string text, bool isCode)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char symbol in text)
        {
            if (char.IsControl(symbol))
            {
                escaped.Append(symbol is '\n' or '\r' or '\t' ? ' ' : '\uFFFD');
            }
            else if ("\\`*_{}[]<>#|~@&!$\"'".Contains(symbol, StringComparison.Ordinal))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"&#{(int)symbol};{(symbol is '@' or '#' && !isCode ? "&#8203;" : "")}");
            }
            else
            {
                escaped.Append(symbol);
            }
        }

        return escaped.ToString();
    }

    private static string Shortened(string text)
    {
        if (text.Length <= LongestText)
        {
            return text;
        }

        int end = char.IsLowSurrogate(text[LongestText]) ? LongestText - 1 : LongestText;
        return $"{text.AsSpan(0, end)}…";
    }
}
