namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>
/// Edits a changelog document by source span: only the characters that an edit is about change. New lines are written as the document
/// writes its own.
/// </summary>
public static class ChangelogEditor
{
    /// <summary>
    /// The text after an edit. It is parsed and compared with what the edit means for the text before: where they differ, nothing is
    /// changed, and the reason says so. Takes time linear in the text; never throws.
    /// </summary>
    public static EditOutcome Apply(string text, ChangelogEdit edit) => Apply(DocumentDraft.Of(text), edit).Outcome;

    /// <summary>All of the edits, each of what the one before made, or none of them.</summary>
    /// <param name="text">The document.</param>
    /// <param name="edits">One after the other.</param>
    /// <param name="today">For the document's date, where the edits change anything; null leaves that as it is.</param>
    public static EditOutcome Apply(string text, IReadOnlyList<ChangelogEdit> edits, DateOnly? today = null)
    {
        DocumentDraft draft = DocumentDraft.Of(text);
        foreach (ChangelogEdit edit in edits)
        {
            (EditOutcome outcome, draft) = Apply(draft, edit);
            if (outcome is EditOutcome.Refused)
            {
                return outcome;
            }
        }

        if (today is { } date && draft.Text != text)
        {
            draft = Apply(draft, new ChangelogEdit.SetLastUpdated(date)).After;
        }

        return new EditOutcome.Edited(draft.Text, TextChange.Between(text, draft.Text) is { } change ? [change] : []);
    }

    /// <summary>An entry as an edit would write it into this document, for somebody to go on with.</summary>
    public static string Draft(string text, ChangelogEdit.AddEntry add)
    {
        DocumentDraft draft = DocumentDraft.Of(text);
        return draft.Unreadable is null ? EntryEdits.Draft(draft.Document, add) : "";
    }

    /// <returns>What became of it, and the draft that the next edit is made of.</returns>
    private static (EditOutcome Outcome, DocumentDraft After) Apply(DocumentDraft draft, ChangelogEdit edit)
    {
        if (draft.Unreadable is { } unreadable)
        {
            return (new EditOutcome.Refused(unreadable), draft);
        }

        Proposal proposal = Propose(draft.Document, edit);
        if (proposal.Refusal is { } refusal)
        {
            return (new EditOutcome.Refused(refusal), draft);
        }

        (DocumentDraft after, IReadOnlyList<TextChange> changes) = draft.With(proposal.Changes);
        return ReadsDifferently.Than(proposal.Meant, draft.Read.Changelog, after.Read.Changelog, edit) is { } difference
            ? (new EditOutcome.Refused(difference), draft)
            : (new EditOutcome.Edited(after.Text, changes), after);
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
