namespace SchemaGate.Core.Branches;

/// <summary>A word, a string, a sign or a comment.</summary>
/// <param name="Line">From 1.</param>
internal readonly record struct SchemaToken(string Text, int Line, bool IsComment)
{
    public static IEnumerable<SchemaToken> Of(string text)
    {
        int line = 1;
        for (int start = 0; start < text.Length;)
        {
            char first = text[start];
            int end = End(text, start);
            if (!char.IsWhiteSpace(first) && first != '\uFEFF')
            {
                yield return new(text[start..end], line, IsComment: first == '/' && end > start + 1);
            }

            line += text.AsSpan(start, end - start).Count('\n');
            start = end;
        }
    }

    private static int End(string text, int start) => text[start] switch
    {
        '/' when At(text, start + 1) == '/' => Before(text, "\n", start),
        '/' when At(text, start + 1) == '*' => Behind(text, "*/", start + 2),
        '"' => EndOfString(text, start + 1),
        var symbol when IsWord(symbol) => EndOfWord(text, start),
        _ => start + 1,
    };

    private static char At(string text, int index) => index < text.Length ? text[index] : '\0';

    private static int Before(string text, string mark, int start) =>
        text.IndexOf(mark, start, StringComparison.Ordinal) is var found and >= 0 ? found : text.Length;

    private static int Behind(string text, string mark, int start) =>
        text.IndexOf(mark, Math.Min(start, text.Length), StringComparison.Ordinal) is var found and >= 0
            ? found + mark.Length
            : text.Length;

    /// <summary>A string ends with its line, whatever is missing: what follows is still told apart.</summary>
    private static int EndOfString(string text, int start)
    {
        for (int index = start; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '"':
                    return index + 1;
                case '\n':
                    return index;
                case '\\':
                    index++;
                    break;
                default:
                    break;
            }
        }

        return text.Length;
    }

    private static int EndOfWord(string text, int start)
    {
        int end = start + 1;
        while (end < text.Length && IsWord(text[end]))
        {
            end++;
        }

        return end;
    }

    private static bool IsWord(char symbol) => char.IsLetterOrDigit(symbol) || symbol is '_' or '-';
}
