using System.Globalization;
using Markdig.Helpers;

namespace SchemaGate.Core.Changelogs;

/// <summary>
/// Where a piece of inline Markdown ends. Every search is bounded or stops at the next character that could begin the same
/// search again, so that all of them together stay linear.
/// </summary>
internal static class InlineSyntax
{
    private const int MaxLabel = 200;
    private const int MaxTitle = 200;
    private const int MaxEntity = 32;
    private const int MaxDigits = 7;

    /// <summary>How often the character at this place is repeated.</summary>
    public static int RunLength(ReadOnlySpan<char> source, int index)
    {
        int length = source[index..].IndexOfAnyExcept(source[index]);
        return length < 0 ? source.Length - index : length;
    }

    /// <summary>The next run of exactly this length, or -1.</summary>
    public static int FindRun(ReadOnlySpan<char> source, char symbol, int length, int from)
    {
        for (int at = from; at < source.Length;)
        {
            int distance = source[at..].IndexOf(symbol);
            if (distance < 0)
            {
                return -1;
            }

            at += distance;
            int found = RunLength(source, at);
            if (found == length)
            {
                return at;
            }

            at += found;
        }

        return -1;
    }

    /// <summary>A code span's text (CommonMark 6.1): one space, or line end, is taken off where both ends have one.</summary>
    public static ReadOnlySpan<char> Code(ReadOnlySpan<char> text) =>
        text is [' ' or '\n', _, .., ' ' or '\n'] && !text.IsWhiteSpace() ? text[1..^1] : text;

    /// <summary>The end of <c>(destination "title")</c>, or -1.</summary>
    public static int Destination(ReadOnlySpan<char> source, int index, out string? destination)
    {
        destination = null;
        if (index >= source.Length || source[index] != '(')
        {
            return -1;
        }

        int start = SkipSpace(source, index + 1);
        int end = DestinationEnd(source, start);
        int close = end < 0 ? -1 : TitleEnd(source, SkipSpace(source, end));
        if (close < 0)
        {
            return -1;
        }

        destination = source[start..end].Trim("<>").ToString();
        return close;
    }

    /// <summary>
    /// The end of a reference link whose text stands between the two places: <c>[text][label]</c>, <c>[label][]</c>, <c>[label]</c>.
    /// </summary>
    public static int Reference(ReadOnlySpan<char> source, int start, int close, Func<string, bool> isReference)
    {
        int next = close + 1;
        if (next < source.Length && source[next] == '[')
        {
            int length = source.Slice(next + 1, Math.Min(MaxLabel, source.Length - next - 1)).IndexOf(']');
            if (length > 0)
            {
                return isReference(source.Slice(next + 1, length).ToString()) ? next + length + 2 : -1;
            }

            next += length == 0 ? 2 : 0;
        }

        return close - start is > 0 and <= MaxLabel && isReference(source[start..close].ToString()) ? next : -1;
    }

    /// <summary>The <c>&gt;</c> that ends a tag or an autolink, or -1.</summary>
    public static int TagEnd(ReadOnlySpan<char> source, int index, out bool isAutolink)
    {
        isAutolink = false;
        int length = source[(index + 1)..].IndexOfAny('<', '>');
        if (length <= 0 || source[index + 1 + length] == '<')
        {
            return -1;
        }

        ReadOnlySpan<char> inner = source.Slice(index + 1, length);
        ReadOnlySpan<char> name = inner.TrimStart('/');
        int end = 0;
        while (end < name.Length && (char.IsAsciiLetterOrDigit(name[end]) || name[end] == '-'))
        {
            end++;
        }

        bool isTag = name.Length > 0 && char.IsAsciiLetter(name[0])
            && (end == name.Length || name[end] is '/' || char.IsWhiteSpace(name[end]));
        isAutolink = !isTag && inner.IndexOfAny(':', '@') > 0 && inner.IndexOfAny(' ', '\n') < 0;
        return isTag || isAutolink ? index + 1 + length : -1;
    }

    /// <summary>The end of a character reference, or -1.</summary>
    public static int Entity(ReadOnlySpan<char> source, int index, out string? decoded)
    {
        decoded = null;
        ReadOnlySpan<char> rest = source.Slice(index + 1, Math.Min(MaxEntity, source.Length - index - 1));
        int length = rest.IndexOf(';');
        if (length <= 0)
        {
            return -1;
        }

        decoded = rest[0] == '#' ? Numeric(rest[1..length]) : EntityHelper.DecodeEntity(rest[..length]);
        return decoded is null ? -1 : index + length + 2;
    }

    private static string? Numeric(ReadOnlySpan<char> digits)
    {
        bool isHex = digits is ['x' or 'X', ..];
        if (digits.Length > MaxDigits)
        {
            return null;
        }

        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        ReadOnlySpan<char> number = isHex ? digits[1..] : digits;
        return int.TryParse(number, style, CultureInfo.InvariantCulture, out int code) ? EntityHelper.DecodeEntity(code) : null;
    }

    private static int SkipSpace(ReadOnlySpan<char> source, int index)
    {
        while (index < source.Length && char.IsWhiteSpace(source[index]))
        {
            index++;
        }

        return index;
    }

    private static int DestinationEnd(ReadOnlySpan<char> source, int index)
    {
        int depth = 0;
        for (; index < source.Length; index++)
        {
            char symbol = source[index];
            if (symbol is '[' or ']')
            {
                return -1;
            }

            if (char.IsWhiteSpace(symbol) || (symbol == ')' && depth == 0))
            {
                return index;
            }

            depth += symbol switch { '(' => 1, ')' => -1, _ => 0 };
        }

        return -1;
    }

    private static int TitleEnd(ReadOnlySpan<char> source, int index)
    {
        if (index < source.Length && source[index] is '"' or '\'' or '(')
        {
            char quote = source[index] == '(' ? ')' : source[index];
            int length = source.Slice(index + 1, Math.Min(MaxTitle, source.Length - index - 1)).IndexOf(quote);
            index = length < 0 ? source.Length : SkipSpace(source, index + length + 2);
        }

        return index < source.Length && source[index] == ')' ? index + 1 : -1;
    }
}
