using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>
/// What stands in a section outside its entries. In Pending, a bullet or a paragraph is a change that someone wrote down without a heading:
/// it must not pass. Elsewhere a bullet is no entry, and saying so is enough. Quotes, fences and comments are remarks.
/// </summary>
internal static class LooseContentRule
{
    public static void Judge(Section section, BlockReader reader, ICollection<Finding> findings)
    {
        foreach (Block block in section.Chapter.Body)
        {
            foreach ((Block part, string text) in Parts(block, reader))
            {
                if (Judge(section.Status, part, text, reader.Span(part)) is { } finding)
                {
                    findings.Add(finding);
                }
            }
        }

        foreach (ChangelogField field in reader.Fields(section.Chapter.Body).Where(FieldLabel.IsStatus))
        {
            string message = $"A Status stands in the {section.Status} section without an entry's heading above it: write the heading.";
            findings.Add(new(FindingIds.UnknownStatus, FindingSeverity.Blocking, message, field.Span, null));
        }
    }

    private static Finding? Judge(ChangelogStatus section, Block part, string text, SourceSpan span)
    {
        if (NoneText.IsNone(text))
        {
            return null;
        }

        string quote = text.Length <= 60 ? text : text[..60] + "…";
        if (section == ChangelogStatus.Pending)
        {
            return new(
                FindingIds.PendingChange,
                FindingSeverity.Blocking,
                $"The Pending section holds '{quote}' without an entry's heading: write it as an entry, or remove it when it is migrated.",
                span,
                null);
        }

        return part is not ListItemBlock ? null : new(
            FindingIds.LooseContent,
            FindingSeverity.Warning,
            $"The {section} section holds '{quote}' as a bullet, which is no entry: write '### ' and the migration's name.",
            span,
            null);
    }

    private static IEnumerable<(Block Part, string Text)> Parts(Block block, BlockReader reader) => block switch
    {
        ListBlock list => list.OfType<ListItemBlock>().Select(item => ((Block)item, string.Join(' ', item.SelectMany(reader.Texts)))),
        ParagraphBlock or HeadingBlock => [(block, string.Join(' ', reader.Texts(block)))],
        HtmlBlock { Type: HtmlBlockType.InterruptingBlock or HtmlBlockType.NonInterruptingBlock } html =>
            [(block, reader.Inline(MarkdownBlocks.Text(html)).Text)],
        CodeBlock and not FencedCodeBlock => [(block, MarkdownBlocks.Text((LeafBlock)block))],
        _ => [],
    };
}
