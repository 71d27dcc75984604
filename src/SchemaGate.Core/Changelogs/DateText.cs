using System.Globalization;

namespace SchemaGate.Core.Changelogs;

/// <summary>Dates as people write them in a changelog: a day, a month or a year, in words or numbers, with remarks in parentheses.</summary>
internal static class DateText
{
    private static readonly char[] s_separators = [' ', ',', '\t', '\u00A0'];
    private static readonly string[] s_weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    private static readonly string[] s_ordinals = ["st", "nd", "rd", "th"];

    private static readonly string[] s_formats =
    [
        "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "M/d/yyyy", "d/M/yyyy", "d-M-yyyy", "d M yyyy", "yyyyMMdd",
        "yyyy-M-d H:mm", "yyyy-M-d H:mm:ss", "yyyy-M-dTH:mm", "yyyy-M-dTH:mm:ss", "yyyy-M-dTH:mmK", "yyyy-M-dTH:mm:ssK", "yyyy-M-dTH:mm:ss.FFFFFFFK",
        "yyyy-M", "yyyy/M", "M/yyyy", "yyyy", "MMMM yyyy", "MMM yyyy", "yyyy MMMM", "yyyy MMM",
        "MMMM d yyyy", "MMM d yyyy", "d MMMM yyyy", "d MMM yyyy", "yyyy MMM d", "yyyy-MMM-d", "d-MMM-yyyy",
    ];

    public static bool IsDate(string text)
    {
        string stated = text.Split('(', 2)[0];
        var parts = stated.Split(s_separators, StringSplitOptions.RemoveEmptyEntries).Select(Plain).Where(part => part.Length > 0);
        return DateTimeOffset.TryParseExact(
            string.Join(' ', parts), s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
    }

    /// <summary>Without an abbreviation's dot, an ordinal's letters (24th), a weekday or a time zone.</summary>
    private static string Plain(string part)
    {
        string plain = part.TrimEnd('.');
        bool isNumber = plain.Length > 2 && char.IsAsciiDigit(plain[0]);
        return isNumber && s_ordinals.Contains(plain[^2..], StringComparer.OrdinalIgnoreCase) ? plain[..^2]
            : plain.Equals("Sept", StringComparison.OrdinalIgnoreCase) ? "Sep"
            : plain is "UTC" or "GMT" || IsWeekday(plain) ? ""
            : plain;
    }

    private static bool IsWeekday(string word) =>
        s_weekdays.Any(day => word.StartsWith(day, StringComparison.OrdinalIgnoreCase))
        && (word.Length <= 4 || word.EndsWith("day", StringComparison.OrdinalIgnoreCase));
}
