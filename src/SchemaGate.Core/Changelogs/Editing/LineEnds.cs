using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>White space at line ends, and the document's last line end.</summary>
internal static class LineEnds
{
    /// <summary>
    /// White space that says nothing. Two blanks before a line of the same paragraph are a line break; code and HTML are as they are.
    /// </summary>
    public static IEnumerable<TextChange> Blanks(EditableDocument document)
    {
        SourceText source = document.Source;
        List<Block> kept = [.. document.Blocks.SelectMany(Leaves).Where(block => block is CodeBlock or HtmlBlock)];
        int next = 0;
        int start = 0;
        for (int line = 0; line < source.LineCount; line++)
        {
            string text = source.Line(line).ToString();
            int end = start + text.TrimEnd('\r', '\n').Length;
            int blanks = text.TrimEnd('\r', '\n').Length - text.TrimEnd().Length;
            while (next < kept.Count && kept[next].Span.End < start)
            {
                next++;
            }

            bool isKept = next < kept.Count && kept[next].Span.Start <= end;
            bool breaks = blanks > 1 && !string.IsNullOrWhiteSpace(text) && line + 1 < source.LineCount && Continues(source.Line(line + 1));
            if (blanks > 0 && !isKept && !breaks)
            {
                yield return new(end - blanks, blanks, "");
            }

            start += text.Length;
        }
    }

    /// <summary>One line end at the end.</summary>
    public static IEnumerable<TextChange> Last(EditableDocument document)
    {
        string text = document.Text;
        int end = text.TrimEnd().Length;
        string lineEnd = document.Style.LineEnd(text.Length);
        if (text[end..] != lineEnd && end > 0)
        {
            yield return new(end, text.Length - end, lineEnd);
        }
    }

    private static IEnumerable<Block> Leaves(Block block) =>
        block is ContainerBlock container ? container.SelectMany(Leaves) : [block];

    private static bool Continues(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> text = line.TrimStart();
        return !text.IsEmpty && text[0] is not ('#' or '-' or '+' or '*');
    }
}
