namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>What an edit would do: the changed places, and the entries that the new text must have.</summary>
/// <param name="Changes">By offsets of the text without its byte order mark, in any order.</param>
/// <param name="Meant">All entries in the order of the document; their spans do not count.</param>
internal sealed record Proposal(IReadOnlyList<TextChange> Changes, IReadOnlyList<ChangelogEntry> Meant)
{
    /// <summary>Why nothing is to be done; null where something is.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Several edits are not told at once; never of a single one.</summary>
    public static Proposal OneByOne { get; } = Refuse("These changes depend on each other.");

    public static Proposal Refuse(string reason) => new([], []) { Refusal = reason };

    /// <summary>Everything is as it should be.</summary>
    public static Proposal Nothing(EditableDocument document) => new([], document.Changelog.Entries);
}
