using Markdig;
using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>
/// CommonMark's block structure of a document. Inline markup is left alone: <see cref="InlineText"/> reads it where it is needed,
/// because Markdig's own pass is quadratic for unclosed links and refuses deep nesting anywhere in the document.
/// </summary>
internal static class MarkdownBlocks
{
    private static readonly MarkdownPipeline s_blocksOnly = BlocksOnly();

    /// <summary>
    /// The document, or null where Markdig refuses it. It documents no exception; it throws on nesting deeper than 128, and whatever else
    /// it may throw must close the gate in words instead of stopping the process.
    /// </summary>
    public static MarkdownDocument? Parse(SourceText source)
    {
        try
        {
            return Markdown.Parse(source.Text, s_blocksOnly);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>The lines of a paragraph or heading, as written, without indentation and container marks.</summary>
    public static string Text(LeafBlock block) => string.Join('\n', Lines(block));

    /// <summary>The same, without a copy where it is one line.</summary>
    public static ReadOnlySpan<char> Span(LeafBlock block) =>
        block.Lines.Count == 1 ? block.Lines.Lines[0].Slice.AsSpan().Trim() : Text(block);

    public static IEnumerable<string> Lines(LeafBlock block) =>
        Enumerable.Range(0, block.Lines.Count).Select(index => Line(block, index));

    private static string Line(LeafBlock block, int index) => block.Lines.Lines[index].Slice.AsSpan().Trim().ToString();

    private static MarkdownPipeline BlocksOnly()
    {
        MarkdownPipelineBuilder builder = new();
        foreach (var parser in builder.BlockParsers)
        {
            parser.Closed += (_, block) =>
            {
                if (block is LeafBlock leaf)
                {
                    leaf.ProcessInlines = false;
                }
            };
        }

        return builder.Build();
    }
}
