using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>A chapter of a section with the sub-chapters that belong to it, before it is judged.</summary>
internal sealed record EntryDraft(Chapter Chapter, Section Section)
{
    /// <summary>Sub-chapters that are not entries themselves, such as <c>#### Changes</c>.</summary>
    public List<Chapter> Parts { get; } = [];

    /// <summary>Whether anything stands below its heading that a reader sees.</summary>
    public bool HasContent(BlockReader reader) =>
        Parts.Count > 0 || Chapter.Body.Any(block => LooseContentRule.IsVisible(block, reader));

    /// <summary>
    /// A section's drafts. A deeper heading is an entry of its own when it has a Status or a migration's name; the heading above it is
    /// then only a group ("December 2024"), if nothing but such entries stands below it.
    /// </summary>
    public static IEnumerable<EntryDraft> Of(Section section, BlockReader reader)
    {
        EntryDraft? current = null;
        foreach (Chapter chapter in section.Entries)
        {
            bool isDeeper = current is not null && chapter.Level > current.Chapter.Level;
            if (isDeeper && !IsEntry(chapter, reader))
            {
                current!.Parts.Add(chapter);
                continue;
            }

            if (current is not null && !(isDeeper && current.IsGroup))
            {
                yield return current;
            }

            current = new(chapter, section);
        }

        if (current is not null)
        {
            yield return current;
        }
    }

    /// <summary>The entry's bullets, then those sub-chapters that are labelled like one; not the document's own date.</summary>
    public List<ChangelogField> Fields(BlockReader reader)
    {
        List<ChangelogField> fields = reader.Fields(Chapter.Body.Where(block => !LastUpdatedText.IsAlone(block, reader)));
        foreach (Chapter part in Parts.Where(part => FieldLabel.IsKnown(part.Title) || FieldLabel.IsRollback(part.Title)))
        {
            string text = string.Join('\n', part.Body.OfType<ParagraphBlock>().SelectMany(reader.Texts));
            var items = part.Body.OfType<ListBlock>().SelectMany(reader.Texts).ToList();
            fields.Add(new(part.Title, text, items, reader.Span(part.Heading))
            {
                HasBlock = part.Body.Any(BlockReader.IsUnread),
                Code = BlockReader.Code(part.Body),
            });
        }

        return fields;
    }

    /// <summary>Whether the entry says something in a paragraph of its own.</summary>
    public bool HasProse(BlockReader reader) =>
        Chapter.Body.OfType<ParagraphBlock>().Any(paragraph => reader.Fields([paragraph]).Count == 0);

    private bool IsGroup => Parts.Count == 0 && !Chapter.Body.Any(IsContent) && !MigrationFileText.IsMigrationName(Chapter.Title);

    private static bool IsEntry(Chapter chapter, BlockReader reader) =>
        MigrationFileText.IsMigrationName(chapter.Title) || reader.Fields(chapter.Body).Any(FieldLabel.IsStatus);

    private static bool IsContent(Block block) => block is not (ThematicBreakBlock or HtmlBlock or LinkReferenceDefinitionGroup);
}
