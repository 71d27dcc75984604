namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>
/// Takes entries out of a section, with what separates them from the next, and with the heading of a group ("December 2024") that has
/// nothing else.
/// </summary>
/// <param name="gone">Some of the section's entries, by reference.</param>
internal sealed class EntryRemoval(EditableDocument document, SectionPlace section, IReadOnlySet<ChangelogEntry> gone)
{
    private readonly List<Chapter> _chapters = section.Section.Entries;
    private readonly Dictionary<Chapter, EntryPlace> _owners = Owners(section);

    /// <summary>Null where it depends on what is between them, so that they have to go one by one.</summary>
    public IReadOnlyList<TextChange>? Changes()
    {
        List<Run> runs = [.. Runs()];
        if (!runs.TrueForAll(IsWhole))
        {
            return null;
        }

        return (gone.Count == section.Entries.Count, runs) switch
        {
            (false, _) => runs.ConvertAll(Change),
            (true, [var all]) => [new(Start(all.First), End(all) - Start(all.First), document.Style.EmptySection)],
            _ => null,
        };
    }

    private static Dictionary<Chapter, EntryPlace> Owners(SectionPlace section)
    {
        Dictionary<Chapter, EntryPlace> owners = new(ReferenceEqualityComparer.Instance);
        foreach (EntryPlace entry in section.Entries)
        {
            foreach (Chapter chapter in entry.Draft.Parts.Prepend(entry.Draft.Chapter))
            {
                owners[chapter] = entry;
            }
        }

        return owners;
    }

    /// <summary>The longest stretches of chapters that go.</summary>
    private IEnumerable<Run> Runs()
    {
        bool[] goes = Goes();
        for (int first = 0; first < goes.Length; first++)
        {
            int last = first;
            while (last < goes.Length && goes[last])
            {
                last++;
            }

            if (last > first)
            {
                yield return new(first, last - 1);
                first = last;
            }
        }
    }

    /// <summary>Which chapters go: those of the entries, and a heading that has nothing else and no text of its own.</summary>
    private bool[] Goes()
    {
        bool[] goes = new bool[_chapters.Count];
        for (int index = goes.Length - 1; index >= 0; index--)
        {
            int level = _chapters[index].Level;
            int end = index + 1;
            if (_owners.TryGetValue(_chapters[index], out EntryPlace? owner))
            {
                goes[index] = gone.Contains(owner.Entry);
                continue;
            }

            while (end < goes.Length && goes[end] && _chapters[end].Level > level)
            {
                end++;
            }

            goes[index] = end > index + 1 && (end == goes.Length || _chapters[end].Level <= level)
                && IsGap(document.Places.End(_chapters[index].Heading), Start(index + 1));
        }

        return goes;
    }

    /// <summary>Whether nothing is between its entries but blank lines and rules.</summary>
    private bool IsWhole(Run run) => Enumerable.Range(run.First + 1, run.Last - run.First).All(index =>
        _owners.GetValueOrDefault(_chapters[index - 1]) is not { } before
        || before == _owners.GetValueOrDefault(_chapters[index])
        || IsGap(before.End, Start(index)));

    private TextChange Change(Run run)
    {
        EntryPlace? before = Enumerable.Range(1, run.First).Select(back => _owners.GetValueOrDefault(_chapters[run.First - back]))
            .FirstOrDefault(entry => entry is not null);
        int? next = run.Last + 1 < _chapters.Count ? Start(run.Last + 1) : null;
        (int start, int end) = (Start(run.First), End(run));
        (int from, int to) = (before, next) switch
        {
            (_, { } heading) when IsGap(end, heading) => (start, heading),
            (_, { } heading) => (start, Math.Min(document.Source.LineStart(NextText(end)), heading)),
            ({ } last, null) when IsGap(last.End, start) => (last.End, end),
            _ => (start, end),
        };
        return new(from, to - from, "");
    }

    private int Start(int chapter) => document.Places.Start(_chapters[chapter].Heading);

    private int End(Run run) => _owners[_chapters[run.Last]].End;

    private int NextText(int offset) => document.Text.Length - document.Text.AsSpan(offset).TrimStart(" \t\r\n").Length;

    private bool IsGap(int start, int end) => DocumentStyle.IsGap(document.Text.AsSpan(start, end - start));

    /// <summary>Chapters by their index, both ends included. The last is always an entry's.</summary>
    private readonly record struct Run(int First, int Last);
}
