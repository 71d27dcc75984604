namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Where an entry stands in a section that is divided into months.</summary>
internal sealed class MonthPlacement(EditableDocument document, SectionPlace section)
{
    private readonly IReadOnlyList<MonthGroup> _groups = MonthGroup.Of(section);

    /// <summary>In its migration's month, whose heading is written where there is none; null where that does not decide it.</summary>
    /// <returns>The changed place, and which of the section's entries the new one becomes.</returns>
    public (TextChange Change, int Index)? Put(string name, string text)
    {
        if (_groups.Count == 0 || MonthGroup.MonthOf(name) is not { } month)
        {
            return null;
        }

        string gap = document.Style.Gap(section);
        bool isNewestFirst = IsNewestFirst;
        if (_groups.FirstOrDefault(group => group.Month == month) is { } own)
        {
            int at = own.Entries.FindIndex(other => string.CompareOrdinal(other.Entry.Name, name) > 0 != isNewestFirst);
            return at < 0 ? Behind(own, gap + text) : (new(own.Entries[at].Start, 0, text + gap), IndexOf(own.Entries[at]));
        }

        string lineEnd = document.Style.LineEnd(section.End);
        text = _groups[0].Heading(month, lineEnd) + DocumentStyle.Twice(lineEnd) + text;
        return _groups.FirstOrDefault(group => group.Month > month != isNewestFirst) is { } next
            ? (new(document.Places.Start(next.Chapter.Heading), 0, text + gap), IndexOf(next.Entries[0]))
            : Behind(_groups[^1], gap + text);
    }

    private bool IsNewestFirst => _groups.Count > 1
        ? _groups[0].Month > _groups[^1].Month
        : _groups[0].Entries is [var first, .., var last] && string.CompareOrdinal(first.Entry.Name, last.Entry.Name) > 0;

    private (TextChange Change, int Index) Behind(MonthGroup group, string text) =>
        (new(group.Entries[^1].End, 0, text), IndexOf(group.Entries[^1]) + 1);

    private int IndexOf(EntryPlace entry) => section.Entries.Index().First(other => ReferenceEquals(other.Item, entry)).Index;
}
