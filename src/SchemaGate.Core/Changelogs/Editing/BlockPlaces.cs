using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Where blocks begin and end, in whole lines.</summary>
internal sealed class BlockPlaces(SourceText source, BlockReader reader)
{
    public int Start(Block block) => source.LineStart(block.Span.Start);

    /// <summary>The end of the last line of a block that is not blank, before its line end.</summary>
    public int End(Block block)
    {
        int end = Math.Min(Last(block) + 1, source.Text.Length);
        int start = block.Span.Start;
        int length = source.Text.AsSpan(start, Math.Max(end - start, 0)).TrimEnd().Length;
        return source.LineEnd(start + length);
    }

    /// <summary>
    /// The end of the blocks without what stands below them for another reason: a rule before the next section, the document's date.
    /// </summary>
    public int HeadEnd(IReadOnlyList<Block> blocks) => End(blocks.Last(block => !IsTail(block) || block == blocks[0]));

    /// <summary>
    /// The same for an entry: also without a note behind a rule, a comment, an anchor, and the end of an element that began elsewhere.
    /// </summary>
    /// <param name="blocks">A heading first, then its blocks and those of its sub-chapters.</param>
    public int ContentEnd(IReadOnlyList<Block> blocks)
    {
        int count = LoosePart.NoteStart(blocks);
        while (count > 1 && (IsTail(blocks[count - 1]) || IsLoose(blocks, count - 1)))
        {
            count--;
        }

        return End(blocks[count - 1]);
    }

    /// <summary>Whether a paragraph is the document's own date.</summary>
    public bool IsLastUpdated(Block block) => LastUpdatedText.Is(block, reader);

    private bool IsLoose(IReadOnlyList<Block> blocks, int index)
    {
        int start = Start(blocks[index]);
        bool isApart = start == 0 || string.IsNullOrWhiteSpace(source.Text[source.LineStart(start - 1)..start]);
        return (isApart || source.Text.AsSpan(End(blocks[index])).TrimStart().StartsWith("#", StringComparison.Ordinal))
            && LoosePart.Is(blocks, index);
    }

    private bool IsTail(Block block) => block is ThematicBreakBlock or LinkReferenceDefinitionGroup || IsLastUpdated(block);

    /// <summary>Markdig ends a container where it was closed, which may be before its last child ends.</summary>
    private static int Last(Block block) =>
        block is ContainerBlock { LastChild: { } child } ? Math.Max(block.Span.End, Last(child)) : block.Span.End;
}
