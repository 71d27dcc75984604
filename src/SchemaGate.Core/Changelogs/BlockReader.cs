using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>Reads blocks as text and as fields.</summary>
internal sealed class BlockReader(SourceText source, MarkdownDocument document)
{
    private readonly InlineReader _inline = new(document.ContainsLinkReferenceDefinition);

    public SourceSpan Span(Block block) => source.RestOfLine(block.Span.Start);

    public InlineText Inline(string text) => _inline.Read(text);

    /// <summary>A heading's text without symbols such as emoji around it. A migration's name may begin with a dash, dot or underscore.</summary>
    public string Title(HeadingBlock heading)
    {
        string text = Inline(MarkdownBlocks.Text(heading)).Text;
        int start = 0;
        int end = text.Length;
        while (start < end && IsDecoration(text[start]))
        {
            start++;
        }

        while (end > start && IsDecoration(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary>The fields that blocks hold: the top-level bullets, and the labelled lines of paragraphs.</summary>
    public List<ChangelogField> Fields(IEnumerable<Block> blocks) => blocks.SelectMany(Fields).ToList();

    /// <summary>The bullets of a list as fields; a bullet without a label has an empty one.</summary>
    public IEnumerable<ChangelogField> Bullets(ListBlock list) => list.OfType<ListItemBlock>().Select(Bullet);

    /// <summary>A paragraph's or heading's own text; of a list, its bullets' texts in order, at any depth.</summary>
    public IEnumerable<string> Texts(Block block) => block switch
    {
        ListBlock list => list.OfType<ListItemBlock>().SelectMany(item => OwnText(item).Text is { Length: > 0 } text ? Nested(item).Prepend(text) : Nested(item)),
        ParagraphBlock or HeadingBlock => [Inline(MarkdownBlocks.Text((LeafBlock)block)).Text],
        _ => [],
    };

    private static bool IsDecoration(char symbol) =>
        char.IsWhiteSpace(symbol) || char.IsSurrogate(symbol) || char.IsControl(symbol) || symbol is '\uFE0F' or '\u200D' or '\uFEFF'
        || char.GetUnicodeCategory(symbol) == System.Globalization.UnicodeCategory.OtherSymbol;

    private IEnumerable<ChangelogField> Fields(Block block) => block switch
    {
        ListBlock list => Bullets(list),
        ParagraphBlock or HeadingBlock => Labelled((LeafBlock)block),
        _ => [],
    };

    private IEnumerable<ChangelogField> Labelled(LeafBlock paragraph)
    {
        for (int index = 0; index < paragraph.Lines.Count; index++)
        {
            var slice = paragraph.Lines.Lines[index].Slice;
            InlineText inline = Inline(slice.ToString().Trim());
            (string label, string text) = FieldLabel.Split(inline);
            if (label.Length > 0 && (inline.StrongLength > 0 || FieldLabel.IsKnown(label)))
            {
                yield return new(label, text, [], source.RestOfLine(slice.Start)) { Link = inline.Link };
            }
        }
    }

    private ChangelogField Bullet(ListItemBlock item)
    {
        InlineText inline = OwnText(item);
        (string label, string text) = FieldLabel.Split(inline);
        return new(label, text, [.. Nested(item)], Span(item)) { Link = inline.Link };
    }

    private InlineText OwnText(ListItemBlock item) => item is [ParagraphBlock only]
        ? Inline(MarkdownBlocks.Text(only))
        : Inline(string.Join('\n', item.Where(block => block is ParagraphBlock or HeadingBlock).Select(block => MarkdownBlocks.Text((LeafBlock)block))));

    private IEnumerable<string> Nested(ListItemBlock item) => item.OfType<ListBlock>().SelectMany(Texts);
}
