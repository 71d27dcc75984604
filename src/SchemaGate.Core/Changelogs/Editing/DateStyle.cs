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
    public static Func<DateOnly, string> Of(Changelog changelog) => Of(s_formats, changelog);

    /// <summary>A day as another one is written; where several styles fit that, as most of the document's dates are.</summary>
    internal static string Like(string written, DateOnly day, Changelog changelog)
    {
        string[] fitting = Array.FindAll(s_formats, format => IsWritten(written, format));
        return Of(fitting.Length == 0 ? s_formats : fitting, changelog)(day);
    }

    private static Func<DateOnly, string> Of(string[] formats, Changelog changelog)
    {
        ArgumentNullException.ThrowIfNull(changelog);
        List<string> dates = [.. changelog.Entries
            .SelectMany(entry => entry.Fields)
            .Where(field => field.Label.StartsWith("Date", StringComparison.OrdinalIgnoreCase))
            .Select(field => field.Text)];
        string? most = formats.MaxBy(format => dates.Count(date => IsWritten(date, format)));
        return day => day.ToString(most, CultureInfo.InvariantCulture);
    }

    private static bool IsWritten(string text, string format) =>
        DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
