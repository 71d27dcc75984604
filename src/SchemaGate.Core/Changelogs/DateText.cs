using System.Globalization;

namespace SchemaGate.Core.Changelogs;

/// <summary>
/// Dates as people write them in a changelog: a day, a month or a year, in words or numbers, with remarks in parentheses.
/// </summary>
internal static class DateText
{
    private static readonly char[] s_separators = [' ', ',', '\t', '\u00A0'];
    private static readonly string[] s_weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    private static readonly string[] s_ordinals = ["st", "nd", "rd", "th"];

    /// <summary>By the number of spaces in them: trying all of them at every date would be most of what a date costs.</summary>
    private static readonly string[][] s_formats =
    [.. new string[]
    {
        "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "M/d/yyyy", "d/M/yyyy", "d-M-yyyy", "d M yyyy", "yyyyMMdd",
        "yyyy-M-d H:mm", "yyyy-M-d H:mm:ss", "yyyy-M-dTH:mm", "yyyy-M-dTH:mm:ss", "yyyy-M-dTH:mmK", "yyyy-M-dTH:mm:ssK",
        "yyyy-M-dTH:mm:ss.FFFFFFFK", "yyyy-M", "yyyy/M", "M/yyyy", "yyyy", "MMMM yyyy", "MMM yyyy", "yyyy MMMM", "yyyy MMM",
        "MMMM d yyyy", "MMM d yyyy", "d MMMM yyyy", "d MMM yyyy", "yyyy MMM d", "yyyy-MMM-d", "d-MMM-yyyy",
    }.GroupBy(format => format.Count(' '.Equals)).OrderBy(group => group.Key).Select(group => group.ToArray())];

    public static bool IsDate(string text)
    {
        int remark = text.IndexOf('(', StringComparison.Ordinal);
        ReadOnlySpan<char> stated = remark < 0 ? text : text.AsSpan(0, remark);
        List<string> parts = [];
        foreach (Range range in stated.SplitAny(s_separators))
        {
            if (!stated[range].IsEmpty && Plain(stated[range].ToString()) is { Length: > 0 } part)
            {
                parts.Add(part);
            }
        }

        return parts.Count > 0 && parts.Count <= s_formats.Length && DateTimeOffset.TryParseExact(
            string.Join(' ', parts), s_formats[parts.Count - 1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
    }

    /// <summary>Without an abbreviation's dot, an ordinal's letters (24th), a weekday or a time zone.</summary>
    private static string Plain(string part)
    {
        string plain = part.TrimEnd('.');
        bool isNumber = plain.Length > 2 && char.IsAsciiDigit(plain[0]);
        if (isNumber && s_ordinals.Contains(plain[^2..], StringComparer.OrdinalIgnoreCase))
        {
            return plain[..^2];
        }

        if (plain.Equals("Sept", StringComparison.OrdinalIgnoreCase))
        {
            return "Sep";
        }

        return plain is "UTC" or "GMT" || IsWeekday(plain) ? "" : plain;
    }

    private static bool IsWeekday(string word) =>
        (word.Length is 3 or 4 || word.EndsWith("day", StringComparison.OrdinalIgnoreCase))
        && s_weekdays.Contains(word[..3], StringComparer.OrdinalIgnoreCase);
}
