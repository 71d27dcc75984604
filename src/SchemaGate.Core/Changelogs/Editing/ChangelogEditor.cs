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
    public static EditOutcome Apply(string text, ChangelogEdit edit) => Apply(DocumentDraft.Of(text), [edit]).Outcome;

    /// <summary>
    /// All of the edits, or none of them. Those of one entry are made one after the other; those of different entries at once, where they
    /// do not depend on each other: many of them take a few readings of the document.
    /// </summary>
    /// <param name="text">The document.</param>
    /// <param name="edits">In their order.</param>
    /// <param name="today">For the document's date, where the edits change anything; null leaves that as it is.</param>
    public static EditOutcome Apply(string text, IReadOnlyList<ChangelogEdit> edits, DateOnly? today = null)
    {
        DocumentDraft draft = DocumentDraft.Of(text);
        foreach (IReadOnlyList<ChangelogEdit> batch in EditBatches.Of(edits))
        {
            (EditOutcome outcome, draft) = Apply(draft, batch);
            if (outcome is EditOutcome.Refused)
            {
                return outcome;
            }
        }

        if (today is { } date && draft.Text != text)
        {
            draft = Apply(draft, [new ChangelogEdit.SetLastUpdated(date)]).After;
        }

        return new EditOutcome.Edited(draft.Text, TextChange.Between(text, draft.Text) is { } change ? [change] : []);
    }

    /// <summary>An entry as an edit would write it into this document, for somebody to go on with.</summary>
    public static string Draft(string text, ChangelogEdit.AddEntry add)
    {
        DocumentDraft draft = DocumentDraft.Of(text);
        return draft.Unreadable is null ? EntryEdits.Draft(draft.Document, add) : "";
    }

    /// <summary>At once where that can be told; else the halves, one after the other.</summary>
    private static (EditOutcome Outcome, DocumentDraft After) Apply(DocumentDraft draft, IReadOnlyList<ChangelogEdit> batch)
    {
        (EditOutcome outcome, DocumentDraft after) = AtOnce(draft, batch);
        if (outcome is EditOutcome.Edited || batch.Count == 1)
        {
            return (outcome, after);
        }

        int half = batch.Count / 2;
        (outcome, after) = Apply(draft, [.. batch.Take(half)]);
        return outcome is EditOutcome.Refused ? (outcome, draft) : Apply(after, [.. batch.Skip(half)]);
    }

    /// <returns>What became of it, and the draft that the next edit is made of.</returns>
    private static (EditOutcome Outcome, DocumentDraft After) AtOnce(DocumentDraft draft, IReadOnlyList<ChangelogEdit> batch)
    {
        if (draft.Unreadable is { } unreadable)
        {
            return (new EditOutcome.Refused(unreadable), draft);
        }

        Proposal proposal = Propose(draft.Document, batch);
        if (proposal.Refusal is { } refusal)
        {
            return (new EditOutcome.Refused(refusal), draft);
        }

        (DocumentDraft after, IReadOnlyList<TextChange> changes) = draft.With(proposal.Changes);
        return ReadsDifferently.Than(proposal.Meant, draft.Read.Changelog, after.Read.Changelog, batch) is { } difference
            ? (new EditOutcome.Refused(difference), draft)
            : (new EditOutcome.Edited(after.Text, changes), after);
    }

    private static Proposal Propose(EditableDocument document, IReadOnlyList<ChangelogEdit> batch) => batch[0] switch
    {
        ChangelogEdit.AddEntry add => EntryEdits.Add(document, add),
        ChangelogEdit.AddWritten add => EntryEdits.Add(document, add),
        ChangelogEdit.RenameEntry rename => EntryEdits.Rename(document, rename),
        ChangelogEdit.SetLastUpdated set => LastUpdated.Set(document, set.Date),
        ChangelogEdit.MoveEntry => EntryEdits.Move(document, [.. batch.Cast<ChangelogEdit.MoveEntry>()]),
        _ => FieldEdits.Of(document, batch),
    };
}
