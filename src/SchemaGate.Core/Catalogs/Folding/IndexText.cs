using System.Text.RegularExpressions;

namespace SchemaGate.Core.Catalogs.Folding;

/// <summary>What an index's definition in the server's words says.</summary>
/// <param name="Columns">Its keys in order, unquoted; an expression is null.</param>
internal sealed partial record IndexText(bool Unique, IReadOnlyList<string?> Columns, bool HasWhere)
{
    /// <summary>Null for what is no index's.</summary>
    public static IndexText? Of(string definition)
    {
        Match head = Head().Match(definition);
        if (!head.Success)
        {
            return null;
        }

        List<string> keys = [];
        int end = Split(definition, head.Index + head.Length, keys);
        return new IndexText(
            definition.StartsWith("CREATE UNIQUE", StringComparison.Ordinal), [.. keys.Select(Column)],
            definition.AsSpan(end).Contains(" WHERE ", StringComparison.Ordinal));
    }

    /// <summary>From behind the list's first parenthesis to behind its last.</summary>
    private static int Split(string text, int at, List<string> keys)
    {
        int depth = 0, begin = at;
        char quote = '\0';
        for (; at < text.Length; at++)
        {
            char letter = text[at];
            if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter is '\'' or '"')
            {
                quote = letter;
            }
            else if (depth == 0 && letter is ',' or ')')
            {
                keys.Add(text[begin..at].Trim());
                begin = at + 1;
                if (letter == ')')
                {
                    return begin;
                }
            }
            else
            {
                depth += letter switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }

        return at;
    }

    private static string? Column(string key) => Name().Match(key) is { Success: true } match
        ? match.Groups["name"].Value is ['"', .. var quoted, '"']
            ? quoted.Replace("\"\"", "\"", StringComparison.Ordinal)
            : match.Groups["name"].Value
        : null;

    [GeneratedRegex("""^CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|\w)+ ON (?:ONLY )?(?:"(?:[^"]|"")*"|[\w.$])+ USING \w+ \(""",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Head();

    [GeneratedRegex("""^(?<name>"(?:[^"]|"")*"|[\w$]+)(?: |$)""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
        | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
