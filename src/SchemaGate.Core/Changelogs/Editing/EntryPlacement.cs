namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Takes entries out of sections and puts them in, with what holds a section's place while it has none.</summary>
internal sealed class EntryPlacement(EditableDocument document)
{
    private readonly List<TextChange> _changes = [];
    private readonly List<List<ChangelogEntry>> _meant =
        [.. document.Sections.Select(section => section.Entries.Select(entry => entry.Entry).ToList())];

    public Proposal Proposal => Refusal is { } refusal
        ? Proposal.Refuse(refusal)
        : new(_changes, [.. _meant.SelectMany(entries => entries)]);

    /// <summary>Why an entry cannot be put in, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>
    /// With what separates it from the next entry, and with the heading of a group ("December 2024") that had only this one and
    /// nothing else.
    /// </summary>
    public void TakeOut(EntryPlace entry)
    {
        int index = document.Sections.Index().First(section => section.Item.Section == entry.Draft.Section).Index;
        SectionPlace section = document.Sections[index];
        int at = _meant[index].FindIndex(other => ReferenceEquals(other, entry.Entry));
        _meant[index].RemoveAt(at);
        (int start, int? next) = Chapters(section, entry);
        if (section.Entries.Count == 1)
        {
            _changes.Add(new(start, entry.End - start, document.Style.EmptySection));
            return;
        }

        EntryPlace? before = at > 0 ? section.Entries[at - 1] : null;
        (int from, int to) = (before, next) switch
        {
            (_, { } heading) when IsGap(entry.End, heading) => (start, heading),
            (_, { } heading) => (start, Math.Min(document.Source.LineStart(NextText(entry.End)), heading)),
            ({ } last, null) when IsGap(last.End, start) => (last.End, entry.End),
            _ => (start, entry.End),
        };
        _changes.Add(new(from, to - from, ""));
    }

    /// <param name="write">The entry's text, without its last line end, for a heading of this level in this section.</param>
    public void PutIn(ChangelogEntry entry, Func<int, SectionPlace?, string> write)
    {
        List<int> indexes = [.. document.Sections.Index().Where(section => section.Item.Status == entry.Section)
            .Select(section => section.Index)];
        if (indexes.Count == 0)
        {
            PutInNewSection(entry, write);
            return;
        }

        bool isOne = indexes.Count == 1;
        indexes.RemoveAll(other => StatusText.IsQualified(document.Sections[other].Section.Chapter.Title)
            || (!isOne && !IsOnTheOthersLevel(document.Sections[other])));
        if (indexes is not [var index])
        {
            Refusal = Several(entry.Section, indexes.Count);
            return;
        }

        SectionPlace section = document.Sections[index];
        string text = write(document.Style.EntryLevel(section, section.Section.Chapter.Level), section);
        (TextChange change, int at) = new MonthPlacement(document, section).Put(entry.Name, text)
            ?? Among(section, entry.Name, text);
        _changes.Add(change);
        _meant[index].Insert(at, entry);
    }

    /// <summary>Where the entry begins, with the headings that stand for it alone, and the next heading of its section.</summary>
    private (int Start, int? Next) Chapters(SectionPlace section, EntryPlace entry)
    {
        List<Chapter> chapters = section.Section.Entries;
        int first = chapters.FindIndex(chapter => ReferenceEquals(chapter, entry.Draft.Chapter));
        Chapter? next = chapters.ElementAtOrDefault(first + 1 + entry.Draft.Parts.Count);
        while (first > 0 && chapters[first - 1].Level < chapters[first].Level
            && (next is null || next.Level <= chapters[first - 1].Level)
            && !section.Entries.Any(other => ReferenceEquals(other.Draft.Chapter, chapters[first - 1]))
            && IsGap(document.Places.End(chapters[first - 1].Heading), document.Places.Start(chapters[first].Heading)))
        {
            first--;
        }

        return (document.Places.Start(chapters[first].Heading), next is null ? null : document.Places.Start(next.Heading));
    }

    private static List<string> Names(SectionPlace section) => [.. section.Entries.Select(entry => entry.Entry.Name)];

    /// <summary>A heading above or below the level of the other sections ("Deployed things") is none of them.</summary>
    private bool IsOnTheOthersLevel(SectionPlace section) => document.Sections.Any(
        other => other.Status != section.Status && other.Section.Chapter.Level == section.Section.Chapter.Level);

    private string Several(ChangelogStatus status, int count) => count == 0
        ? $"'{document.Sections.First(section => section.Status == status).Section.Chapter.Title}' is the only {status} section, "
            + "and not of production: write the section that is, then edit the entry."
        : $"The document has several {status} sections: move the entry by hand.";

    private (TextChange Change, int Index) Among(SectionPlace section, string name, string text)
    {
        if (section.Entries.Count == 0)
        {
            return (First(section, text), 0);
        }

        string gap = document.Style.Gap(section);
        int at = EntryOrder.IndexFor(name, Names(section), document.Sections.Select(Names));
        return (at < section.Entries.Count ? new(section.Entries[at].Start, 0, text + gap) : new(section.End, 0, gap + text), at);
    }

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

    private void PutInNewSection(ChangelogEntry entry, Func<int, SectionPlace?, string> write)
    {
        int index = document.Sections.Index().Where(section => section.Item.Status < entry.Section)
            .Select(section => section.Index + 1).LastOrDefault(0);
        SectionPlace like = document.Sections[Math.Max(index - 1, 0)];
        int level = like.Section.Chapter.Level;
        string lineEnd = document.Style.LineEnd(like.HeadEnd);
        string heading = SectionHeading(entry.Section, like.Section.Chapter, lineEnd);
        string text = heading + DocumentStyle.Twice(lineEnd) + write(document.Style.EntryLevel(null, level), null);
        _changes.Add(index > 0 ? new(like.End, 0, GapAfter(like) + text) : new(like.Start, 0, text + GapAfter(like)));
        _meant.Insert(index, [entry]);
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

    private int NextText(int offset) => document.Text.Length - document.Text.AsSpan(offset).TrimStart(" \t\r\n").Length;

    private bool IsGap(int start, int end) => DocumentStyle.IsGap(document.Text.AsSpan(start, end - start));
}
