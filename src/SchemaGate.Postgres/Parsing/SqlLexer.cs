namespace SchemaGate.Postgres.Parsing;

/// <summary>
/// The little of PostgreSQL's lexical structure (documentation, 4.1) that is needed around statements which libpg_query has found.
/// </summary>
internal static class SqlLexer
{
    /// <summary>The index of the first character from <paramref name="index"/> on that is neither white space nor comment.</summary>
    public static int SkipTrivia(ReadOnlySpan<char> sql, int index)
    {
        while (index < sql.Length)
        {
            int next = sql[index] is ' ' or '\t' or '\n' or '\r' or '\f' or '\v' ? index + 1 : SkipComment(sql, index);
            if (next == index)
            {
                break;
            }

            index = next;
        }

        return index;
    }

    /// <summary>A statement's unquoted words outside of parentheses, in upper case, at most <paramref name="most"/>.</summary>
    public static string[] Words(string statement, int most)
    {
        List<string> words = [];
        int depth = 0;
        for (int index = 0; words.Count < most && (index = SkipTrivia(statement, index)) < statement.Length;)
        {
            char character = statement[index];
            int end = EndOfToken(statement, index);
            if (depth == 0 && IsWordStart(character))
            {
                words.Add(statement[index..end].ToUpperInvariant());
            }

            depth += character switch { '(' => 1, ')' => -1, _ => 0 };
            index = end;
        }

        return [.. words];
    }

    private static int EndOfToken(string sql, int index)
    {
        if (sql[index] is '\'' or '"')
        {
            int close = sql.IndexOf(sql[index], index + 1);
            return close < 0 ? sql.Length : close + 1;
        }

        int end = index + 1;
        while (IsWordStart(sql[index]) && end < sql.Length && (IsWordStart(sql[end]) || sql[end] is (>= '0' and <= '9') or '$'))
        {
            end++;
        }

        return end;
    }

    private static bool IsWordStart(char character) => char.IsAsciiLetter(character) || character is '_' or >= '\u0080';

    private static int SkipComment(ReadOnlySpan<char> sql, int index)
    {
        ReadOnlySpan<char> rest = sql[index..];
        if (rest.StartsWith("--"))
        {
            int line = rest.IndexOfAny('\n', '\r');
            return line < 0 ? sql.Length : index + line;
        }

        return rest.StartsWith("/*") ? EndOfBlockComment(sql, index + 2) : index;
    }

    private static int EndOfBlockComment(ReadOnlySpan<char> sql, int index)
    {
        for (int depth = 1; depth > 0 && index < sql.Length;)
        {
            ReadOnlySpan<char> rest = sql[index..];
            (int change, int length) = rest switch { ['/', '*', ..] => (1, 2), ['*', '/', ..] => (-1, 2), _ => (0, 1) };
            depth += change;
            index += length;
        }

        return index;
    }
}
