using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>A document with the places of its sections and entries, as offsets of a text without its byte order mark.</summary>
internal sealed class EditableDocument
{
    private readonly ReadParts _parts;
    private readonly Lazy<ILookup<string, EntryPlace>> _named;

    public EditableDocument(ReadDocument document, ReadParts parts)
    {
        _parts = parts;
        Source = document.Source;
        Changelog = document.Changelog;
        Places = new(Source, parts.Reader);
        ILookup<Section, ReadEntry> entries = parts.Entries.ToLookup(entry => entry.Draft.Section);
        Sections = [.. parts.Outline.Sections.Select(section => SectionPlace.Of(section, entries[section], Places))];
        Style = new(this);
        _named = new(() => Entries.ToLookup(place => place.Entry.Name, StringComparer.Ordinal), isThreadSafe: false);
    }

    public SourceText Source { get; }

    public string Text => Source.Text;

    public Changelog Changelog { get; }

    public BlockPlaces Places { get; }

    public BlockReader Reader => _parts.Reader;

    public IReadOnlyList<SectionPlace> Sections { get; }

    public DocumentStyle Style { get; }

    public IEnumerable<EntryPlace> Entries => Sections.SelectMany(section => section.Entries);

    /// <summary>The blocks of the document itself, in order.</summary>
    public IEnumerable<Block> Blocks => _parts.Blocks;

    /// <summary>The only entry of this name, or sentences that say why there is none.</summary>
    public (EntryPlace? Entry, string? Problem) Entry(string name) => _named.Value[name].Take(2).ToList() is [var only]
        ? (only, null)
        : (null, EntryNames.Exact(Changelog.Entries, name).Problem);

    /// <summary>Where a section without entries says that it has none, or null.</summary>
    public Range? PlaceholderOf(SectionPlace section)
    {
        Block? found = section.Section.Chapter.Body.LastOrDefault(block => block is ParagraphBlock or ListBlock
            && string.Join(' ', Reader.Texts(block)) is { Length: > 0 } text && NoneText.IsNone(text));
        return found is null ? null : Places.Start(found)..Places.End(found);
    }

    /// <summary>Where the heading after an offset begins, or null.</summary>
    public int? NextHeading(int offset) =>
        Blocks.OfType<HeadingBlock>().Where(heading => heading.Span.Start >= offset).Select(heading => (int?)Places.Start(heading))
            .FirstOrDefault();
}
