namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>The blank lines between entries: one.</summary>
internal static class EntryGaps
{
    public static IEnumerable<TextChange> Changes(EditableDocument document) =>
        from section in document.Sections
        from pair in section.Entries.Zip(section.Entries.Skip(1))
        let gap = document.Text[pair.First.End..pair.Second.Start]
        let wanted = DocumentStyle.Twice(document.Style.LineEnd(pair.Second.Start))
        where string.IsNullOrWhiteSpace(gap) && gap != wanted
        select new TextChange(pair.First.End, gap.Length, wanted);
}
