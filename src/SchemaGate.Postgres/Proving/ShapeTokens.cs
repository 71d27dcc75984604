using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Proving;

/// <summary>A token of a shape; a parameter is one.</summary>
/// <param name="Start">In UTF-16 code units.</param>
internal readonly record struct ShapeToken(string Text, int Start, int End)
{
    /// <summary>The number of a parameter; null for any other token.</summary>
    public int? Parameter => Text is ['$', .. var digits] && int.TryParse(digits, out int number) ? number : null;

    /// <summary>A quoted text or a number.</summary>
    public bool IsConstant => Text is ['\'', ..] or [_, '\'', ..] || (Text.Length > 0 && char.IsAsciiDigit(Text[0]));

    public bool IsName => Text is ['"', ..] || (Text.Length > 0 && (char.IsAsciiLetter(Text[0]) || Text[0] is '_' or >= '\u0080'));

    public bool Is(string word) => Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Where things stand in a shape, by its tokens.</summary>
internal static class ShapeTokens
{
    private const int MostAround = 12;

    /// <summary>What ends an expression.</summary>
    private static readonly HashSet<string> s_boundaries = new(
        [
            "SELECT", "FROM", "WHERE", "AND", "OR", ",", "GROUP", "ORDER", "LIMIT", "OFFSET", "SET", "VALUES", "ON", "HAVING", "WHEN",
            "THEN", "ELSE", "CASE", "END", "RETURNING", "JOIN", "UNION", "BY",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static List<ShapeToken> Of(string text)
    {
        List<ShapeToken> tokens = [];
        SqlTokens read = new(text);
        while (read.Next())
        {
            // The digits of a number or parameter come one by one.
            bool goesOn = tokens.Count > 0 && tokens[^1] is { Text: ['$' or (>= '0' and <= '9'), ..] } last && last.End == read.Start
                && read.Token is [(>= '0' and <= '9') or '.'];
            if (goesOn)
            {
                tokens[^1] = new(text[tokens[^1].Start..read.End], tokens[^1].Start, read.End);
            }
            else
            {
                tokens.Add(new(read.Token.ToString(), read.Start, read.End));
            }
        }

        return tokens;
    }

    /// <summary>The index of the parenthesis that closes the one at an index; the last token's where none does.</summary>
    public static int Close(List<ShapeToken> tokens, int open)
    {
        int depth = 0;
        for (int index = open; index < tokens.Count; index++)
        {
            depth += tokens[index].Text switch { "(" => 1, ")" => -1, _ => 0 };
            if (depth == 0)
            {
                return index;
            }
        }

        return tokens.Count - 1;
    }

    /// <summary>
    /// The index of the innermost parenthesis around a token, or of the one that the parenthesis at an index closes; or -1.
    /// </summary>
    public static int Open(List<ShapeToken> tokens, int inside)
    {
        int depth = 0;
        for (int index = inside - 1; index >= 0; index--)
        {
            if (tokens[index].Text == "(" && depth-- == 0)
            {
                return index;
            }

            depth += tokens[index].Text == ")" ? 1 : 0;
        }

        return -1;
    }

    /// <summary>
    /// The parameters of the function or operator at an offset, which is where the server's errors of types point to.
    /// </summary>
    public static List<int> ParametersAt(string text, int offset)
    {
        List<ShapeToken> tokens = Of(text);
        int at = tokens.FindIndex(token => token.End > offset);
        if (at < 0)
        {
            return [];
        }

        bool isCall = tokens[at].IsName && at + 1 < tokens.Count && tokens[at + 1].Text == "(";
        IEnumerable<ShapeToken> around = isCall
            ? tokens[at..(Close(tokens, at + 1) + 1)]
            : tokens.Take(at + 1).Reverse().Take(MostAround).TakeWhile(IsInside)
                .Concat(tokens.Skip(at + 1).Take(MostAround).TakeWhile(IsInside));
        return [.. around.Select(token => token.Parameter).OfType<int>().Distinct().Order()];
    }

    private static bool IsInside(ShapeToken token) => !s_boundaries.Contains(token.Text);
}
