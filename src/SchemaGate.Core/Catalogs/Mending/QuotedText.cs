using System.Text;

namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>Texts of the catalog in which names and literals are quoted where they have to be.</summary>
internal static class QuotedText
{
    /// <summary>The parts between separators that stand outside of quotes and parentheses, trimmed; none is empty.</summary>
    public static IReadOnlyList<string> Split(string text, params ReadOnlySpan<char> separators)
    {
        List<string> parts = [];
        int start = 0, depth = 0;
        for (int at = 0; at < text.Length; at++)
        {
            char letter = text[at];
            if (letter is '"' or '\'')
            {
                at = End(text, at);
            }
            else if (letter is '(' or '[')
            {
                depth++;
            }
            else if (letter is ')' or ']')
            {
                depth--;
            }
            else if (depth == 0 && separators.Contains(letter))
            {
                parts.Add(text[start..at].Trim());
                start = at + 1;
            }
        }

        parts.Add(text[start..].Trim());
        return [.. parts.Where(part => part.Length > 0)];
    }

    /// <summary>A function's name and its arguments with their parentheses; the name may have parentheses, too.</summary>
    public static (string Name, string Arguments) Function(string name)
    {
        int depth = 0;
        bool quoted = false;
        for (int at = name.Length - 1; at >= 0; at--)
        {
            quoted ^= name[at] == '"';
            depth += quoted ? 0 : Deeper(name[at]);
            if (depth == 0 && !quoted && name[at] == '(')
            {
                return (name[..at], name[at..]);
            }
        }

        return (name, "()");
    }

    /// <summary>The word that stands first, and the rest: <c>"a b" int[]</c> is <c>"a b"</c> and <c>int[]</c>.</summary>
    public static (string First, string Remainder) First(string text)
    {
        int end = text.StartsWith('"') ? End(text, 0) + 1 : text.IndexOf(' ', StringComparison.Ordinal);
        return end <= 0 ? (text, "") : (text[..end], text[end..].Trim());
    }

    /// <summary>A name of at most 63 bytes in UTF-8, as the server would cut it.</summary>
    public static string Cut(string name, string ending)
    {
        while (Encoding.UTF8.GetByteCount(name) > 63 - ending.Length)
        {
            name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        }

        return name + ending;
    }

    private static int Deeper(char letter) => letter switch { ')' => 1, '(' => -1, _ => 0 };

    /// <summary>Where the quotes that open here close. A doubled one does not matter: it opens again at once.</summary>
    public static int End(string text, int start) =>
        text.IndexOf(text[start], start + 1) is > 0 and int end ? end : text.Length - 1;
}
