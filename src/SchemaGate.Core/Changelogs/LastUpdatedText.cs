using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>The paragraph that says when the document was last changed, which is nothing of the entry above it.</summary>
internal static class LastUpdatedText
{
    private const string Label = "Last Updated";
    private static readonly char[] s_colons = [':', '：'];

    /// <summary>Whether a paragraph is the document's own date: the label, and directly behind it a colon or a day.</summary>
    public static bool Is(Block block, BlockReader reader)
    {
        if (block is not ParagraphBlock paragraph || reader.Inline(MarkdownBlocks.Span(paragraph)).Text is not { } text
            || !text.StartsWith(Label, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string rest = text[Label.Length..].TrimStart();
        return rest.IndexOfAny(s_colons) == 0 || DateText.IsDate(rest);
    }

    /// <summary>The same, where no line of the paragraph is one of an entry's usual fields.</summary>
    public static bool IsAlone(Block block, BlockReader reader) => Is(block, reader)
        && reader.Fields([block]).TrueForAll(
            field => !FieldLabel.IsKnown(field.Label) && !FieldLabel.IsStatus(field) && !FieldLabel.IsRollback(field.Label));
}
