using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Ignores;

/// <summary>A comment of a script.</summary>
/// <param name="Text">Without its marks.</param>
/// <param name="Span">With its marks.</param>
/// <param name="FollowsCode">Something stands before it on its line.</param>
/// <param name="NextLine">The line of the next thing that is neither comment nor white space; 0 where nothing follows.</param>
internal sealed record SqlComment(string Text, TextSpan Span, bool FollowsCode, int NextLine);

/// <summary>
/// Finds comments by PostgreSQL's lexical structure (documentation, 4.1): not in strings, dollar quotes or quoted names, and nested.
/// </summary>
internal static class SqlComments
{
    public static IReadOnlyList<SqlComment> In(string sql)
    {
        List<SqlComment> comments = [];
        (int line, int lineStart, int codeLine) = (1, 0, 0);
        int waiting = 0;
        for (int index = 0; index < sql.Length;)
        {
            char character = sql[index];
            bool isComment = sql.AsSpan(index).StartsWith("--") || sql.AsSpan(index).StartsWith("/*");
            int end = isComment ? EndOfComment(sql, index) : EndOfToken(sql, index);
            if (isComment)
            {
                string text = sql[index..end].TrimStart('-', '/', '*').TrimEnd('*', '/').Trim();
                comments.Add(
                    new SqlComment(text, new TextSpan(index, end - index, line, index - lineStart + 1), codeLine == line, NextLine: 0));
            }
            else if (!char.IsWhiteSpace(character))
            {
                codeLine = line;
                for (; waiting < comments.Count; waiting++)
                {
                    comments[waiting] = comments[waiting] with { NextLine = line };
                }
            }

            int lines = sql.AsSpan(index, end - index).Count('\n');
            if (lines > 0)
            {
                line += lines;
                lineStart = sql.LastIndexOf('\n', end - 1) + 1;
                codeLine = isComment || char.IsWhiteSpace(character) ? codeLine : line;
            }

            index = end;
        }

        return comments;
    }

    private static int EndOfComment(string sql, int index)
    {
        if (sql[index] == '-')
        {
            int line = sql.IndexOf('\n', index);
            return line < 0 ? sql.Length : line;
        }

        int end = index + 2;
        for (int depth = 1; depth > 0 && end < sql.Length;)
        {
            ReadOnlySpan<char> rest = sql.AsSpan(end);
            (int change, int length) = rest switch { ['/', '*', ..] => (1, 2), ['*', '/', ..] => (-1, 2), _ => (0, 1) };
            (depth, end) = (depth + change, end + length);
        }

        return end;
    }

    private static int EndOfToken(string sql, int index) => sql[index] switch
    {
        '\'' => EndOfQuoted(sql, index + 1, '\'', escapes: false),
        'e' or 'E' when index + 1 < sql.Length && sql[index + 1] == '\'' => EndOfQuoted(sql, index + 2, '\'', escapes: true),
        '"' => EndOfQuoted(sql, index + 1, '"', escapes: false),
        '$' => EndOfDollarQuoted(sql, index),
        var character when IsWord(character) => EndOfWord(sql, index),
        _ => index + 1,
    };

    private static int EndOfWord(string sql, int index)
    {
        int end = index + 1;
        while (end < sql.Length && (IsWord(sql[end]) || sql[end] == '$'))
        {
            end++;
        }

        return end;
    }

    private static int EndOfQuoted(string sql, int index, char quote, bool escapes)
    {
        while (index < sql.Length && sql[index] != quote)
        {
            index += escapes && sql[index] == '\\' ? 2 : 1;
        }

        return Math.Min(sql.Length, index + 1);
    }

    private static int EndOfDollarQuoted(string sql, int index)
    {
        int close = index + 1;
        while (close < sql.Length && IsWord(sql[close]))
        {
            close++;
        }

        if (close >= sql.Length || sql[close] != '$' || char.IsAsciiDigit(sql[index + 1]))
        {
            return index + 1;
        }

        string tag = sql[index..(close + 1)];
        int end = sql.IndexOf(tag, close + 1, StringComparison.Ordinal);
        return end < 0 ? sql.Length : end + tag.Length;
    }

    private static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or >= '\u0080';
}
