namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>
/// Writes a document's entries as the seed writes its own, where they are written plainly: labels, bullets, status words, blank lines
/// between entries; in the whole document, white space at line ends and the last line end. It never changes what the document means.
/// </summary>
public static class ChangelogFormatter
{
    private const int MaxRounds = 4;

    private static readonly Func<EditableDocument, IEnumerable<TextChange>>[] s_steps =
        [LineEnds.Blanks, EntryGaps.Changes, FieldLines.Changes, LineEnds.Last];

    /// <summary>
    /// The formatted text. A step after which the document would read differently is left out; a document that cannot be read is refused.
    /// Formatting twice is formatting once. Takes time linear in the text.
    /// </summary>
    public static EditOutcome Format(string text)
    {
        DocumentDraft draft = DocumentDraft.Of(text);
        if (draft.Unreadable is { } unreadable)
        {
            return new EditOutcome.Refused(unreadable);
        }

        // What one step had to leave may be plain after another.
        DocumentDraft? before = null;
        for (int round = 0; round < MaxRounds && before != draft; round++)
        {
            before = draft;
            draft = s_steps.Aggregate(draft, Formatted);
        }

        return new EditOutcome.Edited(draft.Text, TextChange.Between(text, draft.Text) is { } change ? [change] : []);
    }

    private static DocumentDraft Formatted(DocumentDraft draft, Func<EditableDocument, IEnumerable<TextChange>> step)
    {
        DocumentDraft formatted = draft.With(step(draft.Document)).After;
        return formatted == draft || Meaning(formatted.Read.Changelog).SequenceEqual(Meaning(draft.Read.Changelog), StringComparer.Ordinal)
            ? formatted
            : draft;
    }

    /// <summary>All that a document says; of a label only which of the usual ones it is, of a status only the word.</summary>
    private static IEnumerable<string> Meaning(Changelog changelog) =>
    [
        .. changelog.Entries.Select(entry => $"{entry.Section} {entry.Status} {entry.Name}\n{string.Concat(entry.Fields.Select(Meaning))}"),
        .. changelog.Findings.Select(finding => $"{finding.Severity} {finding.Id} {finding.Migration}").Order(StringComparer.Ordinal),
    ];

    private static string Meaning(ChangelogField field)
    {
        string text = FieldLabel.IsStatus(field) && StatusText.Parse(field.Text) is not null ? field.Text.ToUpperInvariant() : field.Text;
        string label = FieldLabel.Usual(field.Label) ?? field.Label;
        return $"{label}\n{text}\n{field.Link}\n{field.HasBlock}\n{string.Concat(field.Items.Select(item => $"- {item}\n"))}";
    }
}
