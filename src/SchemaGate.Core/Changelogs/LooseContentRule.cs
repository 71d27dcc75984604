using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>
/// What stands in a section outside its entries. In Pending, whatever it is written as (a bullet, a paragraph, a quote, a fence of SQL), it
/// is a change that someone wrote down without a heading: it must not pass. Elsewhere a bullet is no entry, and saying so is enough.
/// </summary>
internal static class LooseContentRule
{
    public static void Judge(Section section, BlockReader reader, ICollection<Finding> findings)
    {
        IEnumerable<Finding?> found = section.Status == ChangelogStatus.Pending
            ? section.Chapter.Body.SelectMany(block => Parts(block, reader)).Select(part => Pending(part.Block, part.Text, reader))
            : section.Chapter.Body.OfType<ListBlock>().SelectMany(list => list.OfType<ListItemBlock>())
                .Select(item => Bullet(section.Status, item, reader));
        foreach (Finding finding in found.OfType<Finding>())
        {
            findings.Add(finding);
        }

        foreach (ChangelogField field in reader.Fields(section.Chapter.Body).Where(FieldLabel.IsStatus))
        {
            string message = $"A Status stands in the {section.Status} section without an entry's heading above it: write the heading.";
            findings.Add(new(FindingIds.UnknownStatus, FindingSeverity.Blocking, message, field.Span, null));
        }
    }

    /// <summary>Whether a block says anything to who reads the document: a comment and an anchor do not.</summary>
    public static bool IsVisible(Block block, BlockReader reader) => block is not HtmlBlock html
        ? block is not (ThematicBreakBlock or LinkReferenceDefinitionGroup)
        : HtmlText(html, reader).Length > 0;

    private static Finding? Pending(Block part, string text, BlockReader reader)
    {
        if (NoneText.IsNone(text))
        {
            return null;
        }

        if (part is CodeBlock code && TemplateText.IsTemplate(code))
        {
            const string Skipped = "A template stands here and is passed over: its heading has a placeholder for the migration's name. "
                + "A change that is pending needs an entry of its own, outside of the fence.";
            return new(FindingIds.TemplateSkipped, FindingSeverity.Information, Skipped, reader.Span(part), null);
        }

        string what = part is FencedCodeBlock ? "in a code fence" : "without an entry's heading";
        return new(
            FindingIds.PendingChange,
            FindingSeverity.Blocking,
            $"The Pending section holds '{Short(text)}' {what}: write it as an entry, or remove it when it is migrated.",
            reader.Span(part),
            null);
    }

    private static Finding? Bullet(ChangelogStatus section, ListItemBlock item, BlockReader reader)
    {
        string text = string.Join(' ', item.SelectMany(reader.Texts));
        return NoneText.IsNone(text) ? null : new(
            FindingIds.LooseContent,
            FindingSeverity.Warning,
            $"The {section} section holds '{Short(text)}' as a bullet, which is no entry: write '### ' and the migration's name.",
            reader.Span(item),
            null);
    }

    /// <summary>One for each bullet and each other block, also of those in quotes.</summary>
    private static IEnumerable<(Block Block, string Text)> Parts(Block block, BlockReader reader) => block switch
    {
        ListItemBlock item => [(item, string.Join(' ', item.SelectMany(child => Parts(child, reader)).Select(part => part.Text)))],
        ContainerBlock container and not LinkReferenceDefinitionGroup => container.SelectMany(child => Parts(child, reader)),
        ParagraphBlock or HeadingBlock => [(block, string.Join(' ', reader.Texts(block)))],
        HtmlBlock html => [(block, HtmlText(html, reader))],
        CodeBlock code => [(block, MarkdownBlocks.Text(code))],
        _ => [],
    };

    private static string HtmlText(HtmlBlock html, BlockReader reader) => reader.Inline(MarkdownBlocks.Text(html)).Text.Trim();

    private static string Short(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : line[..60] + "…";
    }
}
