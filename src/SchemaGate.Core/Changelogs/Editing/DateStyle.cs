using System.Globalization;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Dates as a document writes its own.</summary>
public static class DateStyle
{
    /// <summary>The seed's.</summary>
    private const string Usual = "MMMM d, yyyy";

    private static readonly string[] s_formats =
    [
        Usual, "yyyy-MM-dd", "MMM d, yyyy", "d MMMM yyyy", "d MMM yyyy", "yyyy/MM/dd", "yyyy.MM.dd", "dd.MM.yyyy", "d.M.yyyy",
        "MM/dd/yyyy", "M/d/yyyy", "dd/MM/yyyy", "d/M/yyyy", "yyyyMMdd",
    ];

    /// <summary>A day as most of the document's dates are written that name a day; as the seed's where none does.</summary>
    public static string Write(DateOnly day, Changelog changelog) => Of(changelog)(day);

    /// <summary>Writes days so.</summary>
    public static Func<DateOnly, string> Of(Changelog changelog)
    {
        ArgumentNullException.ThrowIfNull(changelog);
        string format = Format(changelog.Entries
            .SelectMany(entry => entry.Fields)
            .Where(field => field.Label.StartsWith("Date", StringComparison.OrdinalIgnoreCase))
            .Select(field => field.Text)
            .ToList()) ?? Usual;
        return day => day.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Null where the sample names no day.</summary>
    internal static string? Write(DateOnly day, string sample) => Format([sample]) is { } format
        ? day.ToString(format, CultureInfo.InvariantCulture)
        : null;

    private static string? Format(IReadOnlyList<string> samples)
    {
        (string format, int count) = s_formats.Select(format => (format, samples.Count(sample => IsWritten(sample, format))))
            .MaxBy(format => format.Item2);
        return count == 0 ? null : format;
    }

    private static bool IsWritten(string text, string format) =>
        DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
