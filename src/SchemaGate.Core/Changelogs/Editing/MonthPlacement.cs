namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Where entries stand in a section that is divided into months.</summary>
internal sealed class MonthPlacement(EditableDocument document, SectionPlace section)
{
    private readonly IReadOnlyList<MonthGroup> _groups = MonthGroup.Of(section);

    private bool IsNewestFirst => _groups.Count > 1
        ? _groups[0].Month > _groups[^1].Month
        : _groups[0].Entries is [var first, .., var last] && string.CompareOrdinal(first.Entry.Name, last.Entry.Name) > 0;

    /// <summary>Whether an entry stands in its migration's month.</summary>
    public bool Decides(ChangelogEntry entry) => _groups.Count > 0 && MonthGroup.MonthOf(entry.Name) is not null;

    /// <summary>Whether all of them do, or none.</summary>
    public bool IsSame(IReadOnlyList<ChangelogEntry> entries) => entries.All(entry => Decides(entry) == Decides(entries[0]));

    /// <summary>Each in its migration's month, whose heading is written where there is none; from the last place to the first.</summary>
    /// <param name="entries">Of all of them the months decide.</param>
    /// <param name="write">An entry's text, without its last line end.</param>
    public IEnumerable<PutEntries> Put(IReadOnlyList<ChangelogEntry> entries, Func<ChangelogEntry, string> write)
    {
        string gap = document.Style.Gap(section);
        string lineEnd = document.Style.LineEnd(section.End);
        bool isNewestFirst = IsNewestFirst;
        List<ChangelogEntry> ordered = [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        if (isNewestFirst)
        {
            ordered.Reverse();
        }

        foreach (var place in ordered.GroupBy(entry => PlaceOf(entry, isNewestFirst)).OrderByDescending(place => place.Key.Offset))
        {
            string text = string.Join(gap, place.GroupBy(Month).Select(month =>
                (Group(month.Key) is null ? _groups[0].Heading(month.Key, lineEnd) + DocumentStyle.Twice(lineEnd) : "")
                + string.Join(gap, month.Select(write))));
            yield return new(place.Key.At, [.. place], new(place.Key.Offset, 0, place.Key.IsBehind ? gap + text : text + gap));
        }
    }

    private static DateOnly Month(ChangelogEntry entry) => MonthGroup.MonthOf(entry.Name)!.Value;

    private MonthGroup? Group(DateOnly month) => _groups.FirstOrDefault(group => group.Month == month);

    private Place PlaceOf(ChangelogEntry entry, bool isNewestFirst)
    {
        DateOnly month = Month(entry);
        if (Group(month) is { } own)
        {
            return own.Entries.Find(other => string.CompareOrdinal(other.Entry.Name, entry.Name) > 0 != isNewestFirst) is { } following
                ? new(following.Start, IndexOf(following), IsBehind: false)
                : Behind(own);
        }

        return _groups.FirstOrDefault(group => group.Month > month != isNewestFirst) is { } next
            ? new(document.Places.Start(next.Chapter.Heading), IndexOf(next.Entries[0]), IsBehind: false)
            : Behind(_groups[^1]);
    }

    private Place Behind(MonthGroup group) => new(group.Entries[^1].End, IndexOf(group.Entries[^1]) + 1, IsBehind: true);

    private int IndexOf(EntryPlace entry) => section.Entries.Index().First(other => ReferenceEquals(other.Item, entry)).Index;

    /// <param name="At">Which of the section's entries the first that is put there becomes.</param>
    private readonly record struct Place(int Offset, int At, bool IsBehind);
}
