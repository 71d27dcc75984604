namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>
/// Edits a changelog document by source span: only the characters that an edit is about change. New lines are written as the document
/// writes its own.
/// </summary>
public static class ChangelogEditor
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>
    /// The text after an edit. It is parsed and compared with what the edit means for the text before: where they differ, nothing is
    /// changed, and the reason says so. Takes time linear in the text; never throws.
    /// </summary>
    public static EditOutcome Apply(string text, ChangelogEdit edit)
    {
        ReadDocument read = ChangelogParser.Read(text);
        if (Unreadable(read) is { } unreadable)
        {
            return new EditOutcome.Refused(unreadable);
        }

        EditableDocument document = new(read, read.Parts!);
        Proposal proposal = Propose(document, edit);
        if (proposal.Refusal is { } refusal)
        {
            return new EditOutcome.Refused(refusal);
        }

        int mark = text.StartsWith(ByteOrderMark) ? 1 : 0;
        List<TextChange> changes = [.. proposal.Changes.OrderBy(change => change.Start)
            .Select(change => change with { Start = change.Start + mark })];
        string edited = TextChange.Apply(text, changes);
        return ReadsDifferently.Than(proposal.Meant, read.Changelog, ChangelogParser.Parse(edited), edit) is { } difference
            ? new EditOutcome.Refused(difference)
            : new EditOutcome.Edited(edited, changes);
    }

    /// <summary>All of the edits, each of what the one before made; or none of them.</summary>
    public static EditOutcome Apply(string text, IReadOnlyList<ChangelogEdit> edits)
    {
        string edited = text;
        foreach (ChangelogEdit edit in edits)
        {
            switch (Apply(edited, edit))
            {
                case EditOutcome.Edited { Text: var next }:
                    edited = next;
                    break;
                case EditOutcome.Refused refused:
                    return refused;
            }
        }

        return new EditOutcome.Edited(edited, TextChange.Between(text, edited) is { } change ? [change] : []);
    }

    /// <summary>The same, and where they change anything, the document's date.</summary>
    public static EditOutcome Apply(string text, IReadOnlyList<ChangelogEdit> edits, DateOnly today) =>
        Apply(text, edits) is EditOutcome.Edited { Changes.Count: > 0 }
            ? Apply(text, [.. edits, new ChangelogEdit.SetLastUpdated(today)])
            : Apply(text, edits);

    /// <summary>An entry as an edit would write it into this document, for somebody to go on with.</summary>
    public static string Draft(string text, ChangelogEdit.AddEntry add)
    {
        ReadDocument read = ChangelogParser.Read(text);
        return read.Parts is { } parts ? EntryEdits.Draft(new(read, parts), add) : "";
    }

    internal static string? Unreadable(ReadDocument read)
    {
        string[] ids = [FindingIds.NotAChangelog, FindingIds.UnreadableBlock];
        Finding? found = read.Changelog.Findings.FirstOrDefault(finding =>
            ids.Contains(finding.Id) && finding.Severity == FindingSeverity.Blocking);
        return read.Parts is not null && found is null ? null : $"Line {found?.Span?.Line ?? 1}: {found?.Message}";
    }

    private static Proposal Propose(EditableDocument document, ChangelogEdit edit) => edit switch
    {
        ChangelogEdit.AddEntry add => EntryEdits.Add(document, add),
        ChangelogEdit.AddWritten add => EntryEdits.Add(document, add),
        ChangelogEdit.MoveEntry move => Of(document, move.Name, entry => EntryEdits.Move(document, entry, move.Section)),
        ChangelogEdit.RenameEntry rename => EntryEdits.Rename(document, rename),
        ChangelogEdit.SetStatus set => Of(document, set.Name, entry => new FieldEdits(document, entry).SetStatus(set.Status)),
        ChangelogEdit.SetField set => Of(document, set.Name, entry => new FieldEdits(document, entry).SetField(set.Field)),
        ChangelogEdit.SetLastUpdated set => LastUpdated.Set(document, set.Date),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Proposal Of(EditableDocument document, string name, Func<EntryPlace, Proposal> propose)
    {
        (ChangelogEntry? entry, string? problem) = EntryNames.Exact(document.Changelog.Entries, name);
        return entry is null ? Proposal.Refuse(problem!) : propose(document.Entry(entry));
    }
}
