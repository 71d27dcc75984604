using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>A field's place.</summary>
/// <param name="Start">Of its first line.</param>
/// <param name="End">Of its last line that is not blank, before the line end.</param>
/// <param name="TextStart">Where its own text begins, label included: behind the bullet.</param>
/// <param name="TextEnd">Where that ends; white space behind it is not its own.</param>
/// <param name="Item">The bullet; null for a line of a paragraph.</param>
internal sealed record FieldPlace(ChangelogField Field, int Start, int End, int TextStart, int TextEnd, ListItemBlock? Item)
{
    /// <summary>Null where its label is not written plainly.</summary>
    public LabelMarkup? Label { get; private init; }

    public int ValueStart => TextStart + Label!.ValueStart;

    /// <summary>Whether it is a label and one paragraph; below that a list, and comments.</summary>
    public bool IsPlain => Label is not null && ValueStart <= TextEnd
        && (Item is null || (Item[0] is ParagraphBlock && Item.Skip(1).All(block => block is ListBlock or HtmlBlock)));

    /// <summary>Whether nothing is lost with its nested bullets.</summary>
    public bool HasPlainItems => Item is null or [ParagraphBlock] or [ParagraphBlock, ListBlock];

    public ListBlock? Nested => Item is [ParagraphBlock, ListBlock list] ? list : null;

    /// <summary>The fields that stand directly below an entry's heading, in order; not those of its sub-chapters.</summary>
    public static IReadOnlyList<FieldPlace> Of(EntryPlace entry, EditableDocument document)
    {
        Dictionary<int, Block> blocks = [];
        foreach (Block block in entry.Draft.Chapter.Body)
        {
            foreach (Block part in block as ListBlock ?? Enumerable.Repeat(block, 1))
            {
                blocks[part.Span.Start] = part;
            }
        }

        List<FieldPlace> places = [];
        Block? current = null;
        foreach (ChangelogField field in entry.Entry.Fields)
        {
            int offset = document.Source.Offset(field.Span);
            bool begins = blocks.TryGetValue(offset, out Block? found);
            current = begins ? found : current;
            if (current is ListItemBlock item && begins)
            {
                places.Add(Bullet(field, item, document));
            }
            else if (current is ParagraphBlock && offset <= current.Span.End)
            {
                places.Add(Line(field, offset, document));
            }
            else
            {
                break;
            }
        }

        return places;
    }

    private static FieldPlace Line(ChangelogField field, int offset, EditableDocument document)
    {
        int end = document.Source.LineEnd(offset);
        return Labelled(
            new(field, document.Source.LineStart(offset), end, offset, Trimmed(document, offset, end), Item: null), document);
    }

    private static FieldPlace Bullet(ChangelogField field, ListItemBlock item, EditableDocument document)
    {
        (int start, int end) = item is [ParagraphBlock paragraph, ..] ? (paragraph.Span.Start, paragraph.Span.End + 1) : (0, 0);
        return Labelled(
            new(field, document.Places.Start(item), document.Places.End(item), start, Trimmed(document, start, end), item), document);
    }

    private static int Trimmed(EditableDocument document, int start, int end) =>
        start + document.Text.AsSpan(start, Math.Max(Math.Min(end, document.Text.Length) - start, 0)).TrimEnd().Length;

    private static FieldPlace Labelled(FieldPlace place, EditableDocument document) => place with
    {
        Label = LabelMarkup.Read(document.Text.AsSpan(place.TextStart, place.TextEnd - place.TextStart), place.Field.Label),
    };
}
