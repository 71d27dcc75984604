namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>A text that is being edited, and how it reads.</summary>
/// <param name="Text">With its byte order mark, where it has one.</param>
internal sealed record DocumentDraft(string Text, ReadDocument Read)
{
    private const char ByteOrderMark = '\uFEFF';

    private static readonly string[] s_unreadable = [FindingIds.NotAChangelog, FindingIds.UnreadableBlock];

    /// <summary>Why it cannot be edited: it is no changelog, or a part of it is hidden from Markdown; else null.</summary>
    public string? Unreadable => Read.Changelog.Findings.FirstOrDefault(finding =>
        s_unreadable.Contains(finding.Id, StringComparer.Ordinal) && finding.Severity == FindingSeverity.Blocking) is { } found
            ? $"Line {found.Span?.Line}: {found.Message}"
            : null;

    /// <summary>With its places; only of one that is readable.</summary>
    public EditableDocument Document => new(Read, Read.Parts!);

    public static DocumentDraft Of(string text) => new(text, ChangelogParser.Read(text));

    /// <summary>The text after changes, and those by its own offsets, ascending.</summary>
    /// <param name="changes">By offsets of the text without its byte order mark, in any order.</param>
    public (DocumentDraft After, IReadOnlyList<TextChange> Changes) With(IEnumerable<TextChange> changes)
    {
        int mark = Text.StartsWith(ByteOrderMark) ? 1 : 0;
        List<TextChange> made = [.. changes.OrderBy(change => change.Start).Select(change => change with { Start = change.Start + mark })];
        return (made.Count == 0 ? this : Of(TextChange.Apply(Text, made)), made);
    }
}
