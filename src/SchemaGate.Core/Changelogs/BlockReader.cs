using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>Reads blocks as text and as fields.</summary>
internal sealed class BlockReader(SourceText source, MarkdownDocument document)
{
    private static readonly string[] s_sql = ["sql", "pgsql", "postgresql", "postgres"];

    private readonly InlineReader _inline = new(document.ContainsLinkReferenceDefinition);

    public SourceSpan Span(Block block) => source.RestOfLine(block.Span.Start);

    public InlineText Inline(ReadOnlySpan<char> text) => _inline.Read(text);

    /// <summary>
    /// A heading's text without symbols such as emoji around it. A migration's name may begin with a dash, dot or underscore.
    /// </summary>
    public string Title(HeadingBlock heading) => Title(MarkdownBlocks.Span(heading));

    /// <param name="heading">Without its number signs.</param>
    public string Title(ReadOnlySpan<char> heading)
    {
        string text = Inline(heading).Text;
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
    public List<ChangelogField> Fields(IEnumerable<Block> blocks)
    {
        List<ChangelogField> fields = [];
        Block? before = null;
        foreach (Block block in blocks)
        {
            // A label alone in its paragraph is that of the block below.
            if (before is ParagraphBlock && IsUnread(block) && fields is [.., { HasContent: false } label])
            {
                fields[^1] = label with { HasBlock = true, Code = Code([block]) };
            }

            AddFields(block, fields);
            before = block;
        }

        return fields;
    }

    /// <summary>A paragraph's or heading's own text; of a list, its bullets' texts in order, at any depth.</summary>
    public IReadOnlyList<string> Texts(Block block)
    {
        List<string> texts = [];
        AddTexts(block, texts);
        return texts;
    }

    /// <summary>The texts of the code blocks among these that are SQL, or say nothing of what they are.</summary>
    public static IReadOnlyList<string> Code(IEnumerable<Block> blocks) =>
        [.. blocks.OfType<CodeBlock>().Where(IsSql).Select(block => block.Lines.ToString())];

    /// <summary>Code and quotes, which say that there is something and not what.</summary>
    public static bool IsUnread(Block block) => block is CodeBlock or QuoteBlock;

    private static bool IsSql(CodeBlock block) =>
        block is not FencedCodeBlock { Info: { Length: > 0 } language } || s_sql.Contains(language, StringComparer.OrdinalIgnoreCase);

    private static bool IsDecoration(char symbol) =>
        char.IsWhiteSpace(symbol) || char.IsSurrogate(symbol) || char.IsControl(symbol) || symbol is '\uFE0F' or '\u200D' or '\uFEFF'
        || char.GetUnicodeCategory(symbol) == System.Globalization.UnicodeCategory.OtherSymbol;

    private void AddTexts(Block block, List<string> texts)
    {
        if (block is ParagraphBlock or HeadingBlock)
        {
            texts.Add(Inline(MarkdownBlocks.Span((LeafBlock)block)).Text);
        }
        else if (block is ListBlock list)
        {
            foreach (Block child in list)
            {
                AddBullet((ListItemBlock)child, texts);
            }
        }
    }

    private void AddBullet(ListItemBlock item, List<string> texts)
    {
        if (OwnText(item).Text is { Length: > 0 } text)
        {
            texts.Add(text);
        }

        AddNested(item, texts);
    }

    private void AddNested(ListItemBlock item, List<string> texts)
    {
        foreach (Block block in item)
        {
            if (block is ListBlock list)
            {
                AddTexts(list, texts);
            }
        }
    }

    private void AddFields(Block block, List<ChangelogField> fields)
    {
        if (block is ParagraphBlock or HeadingBlock)
        {
            AddLabelled((LeafBlock)block, fields);
        }
        else if (block is ListBlock list)
        {
            foreach (Block item in list)
            {
                fields.Add(Bullet((ListItemBlock)item));
            }
        }
    }

    private void AddLabelled(LeafBlock paragraph, List<ChangelogField> fields)
    {
        for (int index = 0; index < paragraph.Lines.Count; index++)
        {
            var slice = paragraph.Lines.Lines[index].Slice;
            InlineText inline = Inline(slice.AsSpan().Trim());
            (string label, string text) = FieldLabel.Split(inline);
            if (label.Length > 0 && (inline.StrongLength > 0 || FieldLabel.IsKnown(label)))
            {
                fields.Add(new(label, text, [], source.RestOfLine(slice.Start)) { Link = inline.Link });
            }
        }
    }

    private ChangelogField Bullet(ListItemBlock item)
    {
        InlineText inline = OwnText(item);
        (string label, string text) = FieldLabel.Split(inline);
        IReadOnlyList<string> items = [];
        if (item.Count > 1)
        {
            List<string> nested = [];
            AddNested(item, nested);
            items = nested;
        }

        return new(label, text, items, Span(item))
        {
            Link = inline.Link,
            HasBlock = item.Any(IsUnread),
            Code = item.Count > 1 ? Code(item) : [],
        };
    }

    /// <summary>Most bullets are one paragraph, or one above a list: those are read without a copy.</summary>
    private InlineText OwnText(ListItemBlock item) => item is [ParagraphBlock] or [ParagraphBlock, ListBlock]
        ? Inline(MarkdownBlocks.Span((ParagraphBlock)item[0]))
        : Inline(string.Join(
            '\n', item.Where(block => block is ParagraphBlock or HeadingBlock).Select(block => MarkdownBlocks.Text((LeafBlock)block))));
}
