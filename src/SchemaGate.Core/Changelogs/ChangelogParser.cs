using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>Reads a changelog document: tolerant of how it is written, strict about what it means.</summary>
public static class ChangelogParser
{
    /// <summary>The longest document that is read, in UTF-16 code units. A longer one is refused by a finding.</summary>
    public const int MaxLength = DocumentLimits.MaxLength;

    /// <summary>
    /// The document's entries, and what it says wrongly, in the order of its lines. Never throws: a text that cannot be read is a
    /// changelog without entries and with a Blocking finding. Takes time linear in the text.
    /// </summary>
    public static Changelog Parse(string text) => Read(text).Changelog;

    /// <summary>The same, with the blocks that it was read from.</summary>
    internal static ReadDocument Read(string text)
    {
        SourceText source = new(text.Length > MaxLength + 1 ? text[..(MaxLength + 1)] : text);
        if (DocumentLimits.Refuse(source) is { } refusal)
        {
            return new(source, Refused(refusal.Reason, refusal.Span), null);
        }

        return MarkdownBlocks.Parse(source) is { } document
            ? Read(source, document, new(source, document))
            : new(
                source,
                Refused("its Markdown cannot be parsed, most likely because it nests deeper than 128 levels", new(1, 1, 0)),
                null);
    }

    private static ReadDocument Read(SourceText source, MarkdownDocument document, BlockReader reader)
    {
        DocumentOutline outline = DocumentOutline.Of(document, reader);
        List<Finding> findings = [];
        DocumentRules.Judge(document, outline, reader, findings);
        List<ReadEntry> entries = [.. outline.Sections.SelectMany(section => Entries(section, reader, findings))];
        List<ChangelogEntry> read = entries.ConvertAll(entry => entry.Entry);
        DuplicateRule.Judge(read, findings);
        Changelog changelog = new(read, findings.OrderBy(finding => finding.Span?.Line).ToList());
        return new(source, changelog, new(document, outline, reader, entries));
    }

    private static IEnumerable<ReadEntry> Entries(Section section, BlockReader reader, List<Finding> findings)
    {
        LooseContentRule.Judge(section, reader, findings);
        foreach (EntryDraft draft in EntryDraft.Of(section, reader))
        {
            if (draft.Chapter.Title.Length == 0)
            {
                findings.Add(new(
                    FindingIds.EmptyEntry,
                    FindingSeverity.Blocking,
                    $"An entry of the {section.Status} section has no name: write the migration's name into its heading.",
                    reader.Span(draft.Chapter.Heading),
                    null));
            }
            else if (draft.HasContent(reader) || !NoneText.IsNone(draft.Chapter.Title))
            {
                yield return new(draft, EntryRules.Entry(draft, reader, findings));
            }
        }
    }

    private static Changelog Refused(string reason, SourceSpan span) => new(
        [],
        [new(FindingIds.NotAChangelog, FindingSeverity.Blocking, $"The document cannot be read as a changelog: {reason}.", span, null)]);
}
