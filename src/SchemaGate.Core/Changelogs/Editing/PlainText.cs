using System.Text;
using System.Text.RegularExpressions;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Text as Markdown that is read as that text.</summary>
internal static partial class PlainText
{
    private const string Markup = "\\`*_[]<>&#";

    /// <summary>A heading's text: a name is what it reads like, not markup.</summary>
    public static string Title(string name, BlockReader reader)
    {
        if (reader.Inline(name).Text == name && !name.EndsWith('#'))
        {
            return name;
        }

        StringBuilder escaped = new(name.Length + 8);
        foreach (char symbol in name)
        {
            escaped.Append(Markup.Contains(symbol, StringComparison.Ordinal) ? "\\" : "").Append(symbol);
        }

        return escaped.ToString();
    }

    /// <summary>One line of Markdown, that begins no block of its own at the beginning of a bullet.</summary>
    public static string Line(string text)
    {
        const StringSplitOptions Words = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        string line = string.Join(' ', text.Split(['\n', '\r'], Words));
        Match block = Block().Match(line);
        return block.Success ? line.Insert(block.Groups["number"].Length, "\\") : line;
    }

    [GeneratedRegex(@"^(?:(?<number>\d{1,9})[.)](?:\s|$)|#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|[-*_](?:\s*[-*_]){2,}$|={1,}$|`{3}|~{3})",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
