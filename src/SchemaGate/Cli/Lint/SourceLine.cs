using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Cli.Lint;

/// <summary>The line that a place begins on, or the part of a long one.</summary>
/// <param name="Text">Without its end.</param>
/// <param name="From">Where the place begins in the text, from 0.</param>
/// <param name="Length">How much of it is on this line; at least 1, so that there is something to point at.</param>
internal sealed record SourceLine(string Text, int From, int Length)
{
    private const int Longest = 160;
    private const int Before = 60;

    public static SourceLine Of(string sql, TextSpan span)
    {
        int start = Math.Clamp(span.Offset, 0, sql.Length);
        int first = sql.AsSpan(0, start).LastIndexOf('\n') + 1;
        int next = sql.IndexOf('\n', start);
        int last = first + sql.AsSpan(first, (next < 0 ? sql.Length : next) - first).TrimEnd("\r").Length;
        int from = last - first > Longest ? Whole(sql, Math.Max(first, start - Before)) : first;
        int to = Whole(sql, Math.Min(last, from + Longest));
        int length = Math.Min(span.Length, to - start);
        return new(sql[from..Math.Max(from, to)], start - from, Math.Max(1, length));
    }

    /// <summary>The place behind the last character: line and column from 1.</summary>
    public static (int Line, int Column) End(string sql, TextSpan span)
    {
        int start = Math.Clamp(span.Offset, 0, sql.Length);
        ReadOnlySpan<char> text = sql.AsSpan(start, Math.Clamp(span.Length, 0, sql.Length - start));
        int lines = text.Count('\n');
        return lines == 0 ? (span.Line, span.Column + text.Length) : (span.Line + lines, text.Length - text.LastIndexOf('\n'));
    }

    /// <summary>Not between the halves of a surrogate pair.</summary>
    private static int Whole(string sql, int index) =>
        index > 0 && index < sql.Length && char.IsLowSurrogate(sql[index]) ? index - 1 : index;
}
