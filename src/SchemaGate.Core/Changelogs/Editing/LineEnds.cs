using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>White space at line ends, and the document's last line end.</summary>
internal static class LineEnds
{
    /// <summary>
    /// Blanks and tabs that say nothing. Two before a line of the same paragraph are a line break; code and HTML are as they are.
    /// </summary>
    public static IEnumerable<TextChange> Blanks(EditableDocument document)
    {
        SourceText source = document.Source;
        List<Block> leaves = [.. document.Blocks.SelectMany(Leaves)];
        List<Block> kept = leaves.FindAll(block => block is CodeBlock or HtmlBlock);
        HashSet<int> continued = [.. leaves.OfType<LeafBlock>().Where(block => block is ParagraphBlock or HeadingBlock)
            .Where(block => block.Lines.Count > 1)
            .SelectMany(block => block.Lines.Lines.Take(block.Lines.Count - 1))
            .Select(line => source.LineStart(line.Slice.Start))];
        int next = 0;
        int start = 0;
        for (int line = 0; line < source.LineCount; line++)
        {
            ReadOnlySpan<char> text = source.Line(line).TrimEnd("\r\n");
            int end = start + text.Length;
            int blanks = text.Length - text.TrimEnd(" \t").Length;
            while (next < kept.Count && kept[next].Span.End < start)
            {
                next++;
            }

            bool isKept = next < kept.Count && kept[next].Span.Start <= end;
            if (blanks > 0 && !isKept && !(blanks > 1 && continued.Contains(start)))
            {
                yield return new(end - blanks, blanks, "");
            }

            start += source.Line(line).Length;
        }
    }

    /// <summary>One line end at the end.</summary>
    public static IEnumerable<TextChange> Last(EditableDocument document)
    {
        string text = document.Text;
        int end = text.AsSpan().TrimEnd(" \t\r\n").Length;
        string lineEnd = document.Style.LineEnd(text.Length);
        if (text[end..] != lineEnd && end > 0)
        {
            yield return new(end, text.Length - end, lineEnd);
        }
    }

    private static IEnumerable<Block> Leaves(Block block) =>
        block is ContainerBlock container ? container.SelectMany(Leaves) : [block];
}
