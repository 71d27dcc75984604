namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Takes entries out of sections and puts them in, with what holds a section's place while it has none.</summary>
internal sealed class EntryPlacement(EditableDocument document)
{
    private readonly List<TextChange> _changes = [];
    private readonly List<List<ChangelogEntry>> _meant =
        [.. document.Sections.Select(section => section.Entries.Select(entry => entry.Entry).ToList())];

    /// <summary>Why entries cannot be put in, or null.</summary>
    private Proposal? _refusal;

    public Proposal Proposal => _refusal ?? new(_changes, [.. _meant.SelectMany(entries => entries)]);

    /// <returns>Whether that can be told at once: of one entry it can.</returns>
    public bool TakeOut(IReadOnlyList<EntryPlace> entries)
    {
        foreach (IGrouping<Section, EntryPlace> gone in entries.GroupBy(entry => entry.Draft.Section))
        {
            int index = document.Sections.Index().First(section => section.Item.Section == gone.Key).Index;
            HashSet<ChangelogEntry> left = new(gone.Select(entry => entry.Entry), ReferenceEqualityComparer.Instance);
            if (new EntryRemoval(document, document.Sections[index], left).Changes() is not { } changes)
            {
                return false;
            }

            _changes.AddRange(changes);
            _meant[index].RemoveAll(left.Contains);
        }

        return true;
    }

    /// <param name="entries">All of one section.</param>
    /// <param name="write">The entry's text, without its last line end, for a heading of this level in this section.</param>
    public void PutIn(IReadOnlyList<ChangelogEntry> entries, Func<ChangelogEntry, int, SectionPlace?, string> write)
    {
        ChangelogStatus status = entries[0].Section;
        List<int> indexes = [.. document.Sections.Index().Where(section => section.Item.Status == status).Select(section => section.Index)];
        if (indexes.Count == 0)
        {
            PutInNewSection(entries, write);
            return;
        }

        bool isOne = indexes.Count == 1;
        indexes.RemoveAll(other => StatusText.IsQualified(document.Sections[other].Section.Chapter.Title)
            || (!isOne && !IsOnTheOthersLevel(document.Sections[other])));
        if (indexes is not [var index])
        {
            _refusal = Several(status, indexes.Count);
            return;
        }

        SectionPlace section = document.Sections[index];
        MonthPlacement months = new(document, section);
        if (!months.IsSame(entries))
        {
            _refusal = Proposal.OneByOne;
            return;
        }

        int level = document.Style.EntryLevel(section, section.Section.Chapter.Level);
        string Text(ChangelogEntry entry) => write(entry, level, section);
        foreach (PutEntries put in months.Decides(entries[0]) ? months.Put(entries, Text) : Among(section, entries, Text))
        {
            _changes.Add(put.Change);
            _meant[index].InsertRange(put.At, put.Entries);
        }
    }

    private static List<string> Names(SectionPlace section) => [.. section.Entries.Select(entry => entry.Entry.Name)];

    /// <summary>A heading above or below the level of the other sections ("Deployed things") is none of them.</summary>
    private bool IsOnTheOthersLevel(SectionPlace section) => document.Sections.Any(
        other => other.Status != section.Status && other.Section.Chapter.Level == section.Section.Chapter.Level);

    private Proposal Several(ChangelogStatus status, int count) => Proposal.Refuse(count == 0
        ? $"'{document.Sections.First(section => section.Status == status).Section.Chapter.Title}' is the only {status} section, "
            + "and not of production: write the section that is, then edit the entry."
        : $"The document has several {status} sections: move the entry by hand.");

    private IEnumerable<PutEntries> Among(SectionPlace section, IReadOnlyList<ChangelogEntry> entries, Func<ChangelogEntry, string> write)
    {
        string gap = document.Style.Gap(section);
        EntryOrder order = new(entries.Select(entry => entry.Name), Names(section), document.Sections.Select(Names));
        foreach ((int at, List<ChangelogEntry> here) in order.Places(entries))
        {
            string text = string.Join(gap, here.Select(write));
            yield return new(at, here, section.Entries.Count == 0 ? First(section, text) : Among(section, at, text, gap));
        }
    }

    private static TextChange Among(SectionPlace section, int at, string text, string gap) => at < section.Entries.Count
        ? new(section.Entries[at].Start, 0, text + gap)
        : new(section.End, 0, gap + text);

    private TextChange First(SectionPlace section, string text)
    {
        if (document.PlaceholderOf(section) is { } none)
        {
            return new(none.Start.Value, none.End.Value - none.Start.Value, text);
        }

        string lineEnd = document.Style.LineEnd(section.HeadEnd);
        return new(section.HeadEnd, 0, DocumentStyle.Twice(lineEnd) + text + BlankLine(section.HeadEnd, lineEnd));
    }

    /// <summary>A line end where the next line is not blank.</summary>
    private string BlankLine(int end, string lineEnd)
    {
        ReadOnlySpan<char> rest = document.Text.AsSpan(end);
        ReadOnlySpan<char> next = rest.StartsWith("\r\n") ? rest[2..] : rest[Math.Min(1, rest.Length)..];
        int length = next.IndexOfAny('\n', '\r');
        return next.IsEmpty || (length >= 0 && next[..length].IsWhiteSpace()) ? "" : lineEnd;
    }

    private void PutInNewSection(IReadOnlyList<ChangelogEntry> entries, Func<ChangelogEntry, int, SectionPlace?, string> write)
    {
        ChangelogStatus status = entries[0].Section;
        int index = document.Sections.Index().Where(section => section.Item.Status < status)
            .Select(section => section.Index + 1).LastOrDefault(0);
        SectionPlace like = document.Sections[Math.Max(index - 1, 0)];
        int level = like.Section.Chapter.Level;
        string lineEnd = document.Style.LineEnd(like.HeadEnd);
        string heading = SectionHeading(status, like.Section.Chapter, lineEnd);
        int entryLevel = document.Style.EntryLevel(null, level);
        // In a section without entries, they are in their order.
        List<ChangelogEntry> ordered = new EntryOrder(entries.Select(entry => entry.Name), [], document.Sections.Select(Names))
            .Places(entries).Single().Entries;
        string written = string.Join(document.Style.Gap(like), ordered.Select(entry => write(entry, entryLevel, null)));
        string text = heading + DocumentStyle.Twice(lineEnd) + written;
        _changes.Add(index > 0 ? new(like.End, 0, GapAfter(like) + text) : new(like.Start, 0, text + GapAfter(like)));
        _meant.Insert(index, ordered);
    }

    /// <summary>What stands between a section and the next heading.</summary>
    private string GapAfter(SectionPlace section) =>
        document.NextHeading(section.End) is { } next && IsGap(section.End, next)
            ? document.Text[section.End..next]
            : DocumentStyle.Twice(document.Style.LineEnd(section.End));

    private static string SectionHeading(ChangelogStatus status, Chapter like, string lineEnd)
    {
        string title = status switch
        {
            ChangelogStatus.Pending => "Pending Schema Changes (BLOCKING DEPLOYMENT)",
            ChangelogStatus.Migrated => "Migrated (Ready for Deployment)",
            _ => "Deployed to Production",
        };
        char underline = like.Level == 1 ? '=' : '-';
        return like.IsUnderlined
            ? title + lineEnd + new string(underline, title.Length)
            : $"{new string('#', like.Level)} {title}";
    }

    private bool IsGap(int start, int end) => DocumentStyle.IsGap(document.Text.AsSpan(start, end - start));
}
