using System.Globalization;

namespace SchemaGate.Core.Pages;

/// <summary>Texts of others, as a page shows them.</summary>
internal static class PageText
{
    /// <summary>
    /// Control characters and the marks that turn the direction of writing become U+FFFD, of which each takes one place: what is seen is
    /// what is there (CVE-2021-42574).
    /// </summary>
    public static string Shown(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text.Any(IsUnsafe)
        ? string.Create(text.Length, text, (shown, from) =>
        {
            for (int index = 0; index < from.Length; index++)
            {
                shown[index] = IsUnsafe(from[index]) ? '\uFFFD' : from[index];
            }
        })
        : text;

    /// <summary>At most so many UTF-16 code units; no surrogate pair is cut in two.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        return text[..(most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }

    /// <summary>For people, in UTC: a page is read anywhere.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary><c>1 entry</c>, <c>3 entries</c>.</summary>
    public static string Count(int number, string one, string several) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? one : several)}");

    private static bool IsUnsafe(char symbol) => (char.IsControl(symbol) && symbol is not ('\n' or '\r' or '\t'))
        || symbol is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C';
}
