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
    public static string Write(DateOnly day, Changelog changelog) => Write(day, s_formats, Dates(changelog));

    /// <summary>A day as another one is written; where several styles fit that, as most of the document's dates are.</summary>
    internal static string Like(string written, DateOnly day, Changelog changelog)
    {
        string[] fitting = Array.FindAll(s_formats, format => IsWritten(written, format));
        return fitting.Length == 0 ? Write(day, changelog) : Write(day, fitting, Dates(changelog));
    }

    private static List<string> Dates(Changelog changelog) => [.. changelog.Entries
        .SelectMany(entry => entry.Fields)
        .Where(field => field.Label.StartsWith("Date", StringComparison.OrdinalIgnoreCase))
        .Select(field => field.Text)];

    private static string Write(DateOnly day, IEnumerable<string> formats, List<string> dates) =>
        day.ToString(formats.MaxBy(format => dates.Count(date => IsWritten(date, format))), CultureInfo.InvariantCulture);

    private static bool IsWritten(string text, string format) =>
        DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
