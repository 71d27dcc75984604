namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>What an edit would do to one entry.</summary>
/// <param name="Changes">By offsets of the document, within the entry.</param>
/// <param name="Meant">The entry that the new text must have; its span does not count.</param>
internal sealed record EntryChange(IReadOnlyList<TextChange> Changes, ChangelogEntry Meant)
{
    /// <summary>Why nothing is to be done; null where something is.</summary>
    public string? Refusal { get; init; }
}
