namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>A document's own habits, which new lines follow; else the seed's.</summary>
internal sealed class DocumentStyle(EditableDocument document)
{
    private const string Placeholder = "_None currently_";

    /// <summary>How many entries are looked at for a habit.</summary>
    private const int MaxLooked = 20;

    /// <summary>The line end around an offset, else the document's first, else LF.</summary>
    public string LineEnd(int offset)
    {
        int before = offset == 0 ? -1 : document.Text.LastIndexOfAny(['\n', '\r'], offset - 1);
        int end = before >= 0 ? before : document.Text.AsSpan().IndexOfAny('\n', '\r');
        return end switch
        {
            < 0 => "\n",
            _ when document.Text[end] == '\n' => end > 0 && document.Text[end - 1] == '\r' ? "\r\n" : "\n",
            _ => end + 1 < document.Text.Length && document.Text[end + 1] == '\n' ? "\r\n" : "\r",
        };
    }

    /// <summary>What stands between two entries of a section, else of any: blank lines, and a rule where the document has them.</summary>
    public string Gap(SectionPlace section) =>
        Gaps(section).Concat(document.Sections.SelectMany(Gaps)).FirstOrDefault() ?? Twice(LineEnd(section.End));

    /// <summary>How an entry of this section writes its fields, else any entry.</summary>
    public FieldStyle Fields(IEnumerable<EntryPlace> nearest) => nearest.Concat(document.Entries).Take(MaxLooked)
        .SelectMany(entry => FieldPlace.Of(entry, document))
        .Select(place => FieldStyle.Of(place, document.Text))
        .OfType<FieldStyle>()
        .FirstOrDefault() is { } style ? style with { ItemBullet = ItemBullet(nearest, style) } : FieldStyle.Seed;

    /// <summary>What the document writes into any empty section: words of one status are those of one section.</summary>
    public string EmptySection => document.Sections.Where(section => section.Entries.Count == 0)
        .Select(section => document.PlaceholderOf(section))
        .Where(range => range is not null)
        .Select(range => document.Text[range!.Value])
        .FirstOrDefault(text => !Enum.GetValues<ChangelogStatus>().Any(status => StatusText.Mentions(text, status))) ?? Placeholder;

    /// <summary>The heading's level of an entry of this section: that of its entries, else of the document's, else one below it.</summary>
    public int EntryLevel(SectionPlace? section, int sectionLevel)
    {
        int? level = (section?.Entries ?? []).Concat(document.Entries).FirstOrDefault()?.Draft.Chapter.Level;
        return level > sectionLevel ? level.Value : sectionLevel + 1;
    }

    /// <summary>Whether nothing stands there but blank lines and rules.</summary>
    public static bool IsGap(ReadOnlySpan<char> text) => text.Length > 0 && text.Trim(" \t\r\n-*_").IsEmpty;

    public static string Twice(string lineEnd) => lineEnd + lineEnd;

    private IEnumerable<string> Gaps(SectionPlace section) => section.Entries.Zip(section.Entries.Skip(1))
        .Take(MaxLooked)
        .Select(pair => document.Text[pair.First.End..pair.Second.Start])
        .Where(gap => IsGap(gap));

    private string ItemBullet(IEnumerable<EntryPlace> nearest, FieldStyle style) => nearest.Concat(document.Entries).Take(MaxLooked)
        .SelectMany(entry => FieldPlace.Of(entry, document))
        .Where(place => place.Nested is not null)
        .Select(place => FieldStyle.Of(place, document.Text))
        .OfType<FieldStyle>()
        .FirstOrDefault(other => other.Bullet == style.Bullet)?.ItemBullet ?? style.ItemBullet;
}
