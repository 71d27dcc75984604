namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>A section and the places of its entries.</summary>
/// <param name="Start">Of its heading's line.</param>
/// <param name="HeadEnd">Where what stands above its first entry ends, before the line end.</param>
internal sealed record SectionPlace(Section Section, int Start, int HeadEnd, IReadOnlyList<EntryPlace> Entries)
{
    public ChangelogStatus Status => Section.Status;

    public int End => Entries.Count > 0 ? Entries[^1].End : HeadEnd;

    public static SectionPlace Of(Section section, IEnumerable<ReadEntry> entries, BlockPlaces places) => new(
        section,
        places.Start(section.Chapter.Heading),
        places.HeadEnd([section.Chapter.Heading, .. section.Chapter.Body]),
        [.. entries.Select(entry => EntryPlace.Of(entry, places))]);
}

/// <summary>An entry's place.</summary>
/// <param name="Start">Of its heading's line.</param>
/// <param name="End">Of its last line that is not blank and no rule, before the line end.</param>
internal sealed record EntryPlace(EntryDraft Draft, ChangelogEntry Entry, int Start, int End)
{
    public static EntryPlace Of(ReadEntry entry, BlockPlaces places)
    {
        IEnumerable<Markdig.Syntax.Block> parts = entry.Draft.Parts.SelectMany(part => part.Body.Prepend(part.Heading));
        return new(
            entry.Draft, entry.Entry, places.Start(entry.Draft.Chapter.Heading),
            places.ContentEnd([entry.Draft.Chapter.Heading, .. entry.Draft.Chapter.Body, .. parts]));
    }
}
