namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>
/// One change of a document. Entries are named by their heading's whole text. An edit that has been made already changes nothing.
/// </summary>
public abstract record ChangelogEdit
{
    private ChangelogEdit()
    {
    }

    /// <summary>A new entry in a section, which is made where it is missing.</summary>
    /// <param name="Name">A migration's name or a free title, as it shall read.</param>
    /// <param name="Fields">In the order in which they are to stand; a Status is one of them.</param>
    public sealed record AddEntry(ChangelogStatus Section, string Name, IReadOnlyList<FieldValue> Fields) : ChangelogEdit;

    /// <summary>The same, written by hand: its heading and what stands below.</summary>
    /// <param name="Markdown">Of one entry and nothing else; its line ends become the document's.</param>
    public sealed record AddWritten(ChangelogStatus Section, string Markdown) : ChangelogEdit;

    /// <summary>The word of the Status field. An entry without one gets one only where its section says something else.</summary>
    public sealed record SetStatus(string Name, ChangelogStatus Status) : ChangelogEdit;

    /// <summary>The entry with all that stands below its heading, to another section.</summary>
    public sealed record MoveEntry(string Name, ChangelogStatus Section) : ChangelogEdit;

    /// <summary>The heading's text.</summary>
    public sealed record RenameEntry(string Name, string NewName) : ChangelogEdit;

    /// <summary>A field's text and items; a field that is missing is put where the seed's order has it.</summary>
    public sealed record SetField(string Name, FieldValue Field) : ChangelogEdit;

    /// <summary>The "Last Updated" line, where the document has one.</summary>
    public sealed record SetLastUpdated(DateOnly Date) : ChangelogEdit;
}

/// <summary>What shall stand in a field.</summary>
/// <param name="Label">Such as <c>Risk Level</c>.</param>
/// <param name="Text">One line of Markdown.</param>
/// <param name="Items">Nested bullets, a line of Markdown each; null leaves those that are there.</param>
public sealed record FieldValue(string Label, string Text, IReadOnlyList<string>? Items = null)
{
    /// <summary>A Status, written as the seed does.</summary>
    public static FieldValue Status(ChangelogStatus status) => new("Status", $"`{status.ToString().ToUpperInvariant()}`");
}
