using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>A heading of the document itself (not of a quote or a list) and the blocks up to the next one.</summary>
/// <param name="Level">1 to 6.</param>
/// <param name="Title">The heading's text.</param>
/// <param name="IsUnderlined">A setext heading.</param>
internal sealed record Chapter(HeadingBlock Heading, int Level, string Title, bool IsUnderlined)
{
    public List<Block> Body { get; } = [];
}
