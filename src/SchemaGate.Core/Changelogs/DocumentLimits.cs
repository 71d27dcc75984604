namespace SchemaGate.Core.Changelogs;

/// <summary>
/// What a document may ask of the parser. Every bound is far beyond what people write; together they keep Markdig's block parsing linear
/// in the text: it is quadratic in nesting, and in the paragraphs that it takes back because they are link definitions or headings after
/// all.
/// </summary>
internal static class DocumentLimits
{
    public const int MaxLength = 8 * 1024 * 1024;
    public const int MaxLines = 250_000;
    public const int MaxIndentation = 256;
    public const int MaxReplacedParagraphs = 10_000;

    /// <summary>Why the text is refused, with its place, or null.</summary>
    public static (string Reason, SourceSpan Span)? Refuse(SourceText source)
    {
        if (source.Text.Length > MaxLength)
        {
            return ($"it is longer than {MaxLength} characters", new(1, 1, 0));
        }

        if (source.LineCount > MaxLines)
        {
            return ($"it has more than {MaxLines} lines", new(1, 1, 0));
        }

        return RefuseLine(source);
    }

    private static (string Reason, SourceSpan Span)? RefuseLine(SourceText source)
    {
        int replaced = 0;
        for (int index = 0; index < source.LineCount; index++)
        {
            ReadOnlySpan<char> line = source.Line(index).TrimEnd();
            int content = ContentStart(line);
            if (content > MaxIndentation)
            {
                return ($"line {index + 1} is nested or indented too deeply", new(index + 1, 1, line.Length));
            }

            replaced += line.Contains("]:", StringComparison.Ordinal) || IsUnderline(line.TrimStart(" \t>"), source, index) ? 1 : 0;
            if (replaced > MaxReplacedParagraphs)
            {
                return ($"it has more than {MaxReplacedParagraphs} link definitions and underlined headings", new(
                    index + 1, 1, line.Length));
            }
        }

        return null;
    }

    private static bool IsUnderline(ReadOnlySpan<char> content, SourceText source, int line) =>
        content is ['=' or '-', ..] && content.TrimEnd(content[0]).IsEmpty && line > 0 && !source.Line(line - 1).IsWhiteSpace();

    /// <summary>Where a line's content begins after indentation, quote marks and list markers.</summary>
    private static int ContentStart(ReadOnlySpan<char> line)
    {
        int index = 0;
        while (index < line.Length)
        {
            int marker = line[index..].IndexOfAnyExceptInRange('0', '9');
            bool numbered = marker > 0 && line[index + marker] is '.' or ')' && IsBlank(line, index + marker + 1);
            if (line[index] is ' ' or '\t' or '>' || (line[index] is '-' or '*' or '+' && IsBlank(line, index + 1)))
            {
                index++;
            }
            else if (numbered)
            {
                index += marker + 1;
            }
            else
            {
                break;
            }
        }

        return index;
    }

    private static bool IsBlank(ReadOnlySpan<char> line, int index) => index >= line.Length || line[index] is ' ' or '\t';
}
