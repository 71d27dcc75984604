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
    /// The formatted text. A step after which an entry would read differently is left out for that entry, or for all; a document that
    /// cannot be read is refused. Formatting twice is formatting once. Takes time linear in the text.
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
        EditableDocument document = draft.Document;
        List<TextChange> changes = [.. step(document)];
        DocumentDraft formatted = draft.With(changes).After;
        if (MeansTheSame(formatted, draft))
        {
            return formatted;
        }

        List<EntryPlace> others = [.. document.Entries.Zip(formatted.Read.Changelog.Entries)
            .Where(pair => !Meaning(pair.First.Entry).Equals(Meaning(pair.Second), StringComparison.Ordinal))
            .Select(pair => pair.First)];
        List<int> starts = others.ConvertAll(entry => entry.Start);
        formatted = draft.With(changes.FindAll(change => !Stands(change, others, starts))).After;
        return MeansTheSame(formatted, draft) ? formatted : draft;
    }

    /// <param name="starts">Of the entries, ascending.</param>
    private static bool Stands(TextChange change, List<EntryPlace> entries, List<int> starts)
    {
        int found = starts.BinarySearch(change.Start);
        int index = found >= 0 ? found : ~found - 1;
        return index >= 0 && change.Start <= entries[index].End;
    }

    private static bool MeansTheSame(DocumentDraft formatted, DocumentDraft draft) => formatted == draft
        || Meaning(formatted.Read.Changelog).SequenceEqual(Meaning(draft.Read.Changelog), StringComparer.Ordinal);

    /// <summary>All that a document says; of a label only which of the usual ones it is, of a status only the word.</summary>
    private static IEnumerable<string> Meaning(Changelog changelog) =>
    [
        .. changelog.Entries.Select(Meaning),
        .. changelog.Findings.Select(finding => $"{finding.Severity} {finding.Id} {finding.Migration}").Order(StringComparer.Ordinal),
    ];

    private static string Meaning(ChangelogEntry entry) =>
        $"{entry.Section} {entry.Status} {entry.Name}\n{string.Concat(entry.Fields.Select(Meaning))}";

    private static string Meaning(ChangelogField field)
    {
        string text = FieldLabel.IsStatus(field) && StatusText.Parse(field.Text) is not null ? field.Text.ToUpperInvariant() : field.Text;
        string label = FieldLabel.Usual(field.Label) ?? field.Label;
        return $"{label}\n{text}\n{field.Link}\n{field.HasBlock}\n{string.Concat(field.Items.Select(item => $"- {item}\n"))}";
    }
}
