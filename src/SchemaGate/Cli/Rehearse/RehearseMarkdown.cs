using System.Text;
using SchemaGate.Cli.Prove;

namespace SchemaGate.Cli.Rehearse;

/// <summary>Prints a rehearsal as a comment for a pull request, no longer than GitHub takes.</summary>
internal static class RehearseMarkdown
{
    /// <summary>GitHub's limit for a comment is 65,536 characters; the rest is for the last sentence.</summary>
    private const int Longest = 65_000;

    private const int LongestText = 600;

    public static void Print(RehearseReport report, TextWriter output)
    {
        StringBuilder page = new();
        page.Append("<!-- schemagate rehearse -->\n### ").Append(report.Fails ? "❌" : "✅").Append(" Rehearsal: ");
        page.Append(Prose(report.Message)).Append('\n');
        foreach (string part in report.Migrations.Select(Part).Concat([
            List("Statements that do not survive, or are unproven", [.. report.Statements?.Statements.Select(Line) ?? []]),
            List("Not run", report.NotRun), List("Notes", report.Notes),
        ]))
        {
            if (page.Length + part.Length > Longest)
            {
                page.Append("\nA comment takes no more: the rest is not shown.\n");
                break;
            }

            page.Append(part);
        }

        output.Write(page.ToString());
    }

    private static string Part(RehearsedLine migration)
    {
        string[] failure = migration.Failure is { } failed ? [failed.Message] : [];
        string back = migration.Rollback is { } rollback
            ? $"\n**Rollback:** {Prose(rollback.Message)}\n{List("Is otherwise", rollback.Differences)}"
                + $"{List("By hand", rollback.ByHand)}{List("Rows it does not bring back", rollback.Loses)}"
            : "";
        return $"\n#### `{migration.Name.Replace('`', '\'')}` {migration.Result}\n{List("Failed", failure)}"
            + $"{List("Changes", migration.Changes)}{List("Locks", [.. migration.Locks.Select(held => held.Message)])}"
            + $"{List("Otherwise than the text", [.. migration.SeenOtherwise.Select(other => other.Message)])}{back}";
    }

    private static string Line(ProvedStatement statement)
    {
        string place = statement.File is null ? "" : $" ({statement.File}:{statement.Line})";
        return $"{statement.Outcome}{place}: {statement.Message} {statement.Short}";
    }

    private static string List(string title, IReadOnlyList<string> lines) => lines.Count == 0
        ? ""
        : $"\n{title}:\n\n{string.Concat(lines.Select(line => $"- {Prose(line)}\n"))}";

    /// <summary>What servers and files say is no Markdown, mentions nobody, and ends somewhere.</summary>
    private static string Prose(string text)
    {
        string line = StyledText.Printable(Core.BoundedText.Of(text, LongestText));
        return string.Concat(line.Select(symbol => symbol switch
        {
            '<' => "&lt;",
            '@' => "&#64;",
            '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '#' or '~' => $"\\{symbol}",
            _ => $"{symbol}",
        }));
    }
}
