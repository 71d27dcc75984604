using System.Globalization;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Entries of a section below a heading that names a month: <c>### December 2024</c>, <c>### 2024-12</c>.</summary>
/// <param name="Chapter">The heading.</param>
/// <param name="Month">Its first day.</param>
/// <param name="Format">Of the heading's text.</param>
internal sealed record MonthGroup(Chapter Chapter, DateOnly Month, string Format)
{
    private const int MonthDigits = 6;

    private static readonly string[] s_formats = ["MMMM yyyy", "yyyy-MM"];

    public List<EntryPlace> Entries { get; } = [];

    /// <summary>The section's groups that have entries, in order.</summary>
    public static IReadOnlyList<MonthGroup> Of(SectionPlace section)
    {
        Dictionary<Chapter, EntryPlace> entries = new(ReferenceEqualityComparer.Instance);
        foreach (EntryPlace entry in section.Entries)
        {
            entries[entry.Draft.Chapter] = entry;
        }

        List<MonthGroup> groups = [];
        MonthGroup? current = null;
        foreach (Chapter chapter in section.Section.Entries)
        {
            current = chapter.Level > current?.Chapter.Level ? current : null;
            if (entries.TryGetValue(chapter, out EntryPlace? entry))
            {
                current?.Entries.Add(entry);
            }
            else if (current is null && Read(chapter) is { } group)
            {
                current = group;
                groups.Add(group);
            }
        }

        return groups.FindAll(group => group.Entries.Count > 0);
    }

    /// <summary>The first day of the month that a migration's digits begin with, or null.</summary>
    public static DateOnly? MonthOf(string name) =>
        MigrationFileText.IsMigrationName(name) && name.Length > MonthDigits
        && Parse(name[..MonthDigits], "yyyyMM") is { Year: > 1970 } month
            ? month
            : null;

    /// <summary>A heading like this one for another month.</summary>
    public string Heading(DateOnly month, string lineEnd)
    {
        string title = month.ToString(Format, CultureInfo.InvariantCulture);
        char underline = Chapter.Level == 1 ? '=' : '-';
        return Chapter.IsUnderlined
            ? title + lineEnd + new string(underline, title.Length)
            : $"{new string('#', Chapter.Level)} {title}";
    }

    private static MonthGroup? Read(Chapter chapter) => s_formats
        .Select(format => Parse(chapter.Title, format) is { } month ? new MonthGroup(chapter, month, format) : null)
        .FirstOrDefault(group => group is not null);

    private static DateOnly? Parse(string text, string format) =>
        DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly month) ? month : null;
}
