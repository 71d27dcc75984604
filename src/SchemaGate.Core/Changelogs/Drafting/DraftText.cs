using System.Globalization;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>Dates and headings as the document writes them.</summary>
public static class DraftText
{
    private const string Escaped = @"\`*_[]<>&#~|!";

    /// <summary><c>December 24, 2024</c>.</summary>
    public static string Date(DateOnly day) => day.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture);

    /// <summary>The day that a migration's name begins with, as most tools number them; null where it begins otherwise.</summary>
    public static DateOnly? DateOf(string name)
    {
        string digits = string.Concat(name.TrimStart('V').TakeWhile(char.IsAsciiDigit));
        return digits.Length is 8 or 12 or 14
            && DateOnly.TryParseExact(digits[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            && day.Year is > 1990 and < 2100 ? day : null;
    }

    /// <summary>A migration's name in a heading: what is a mark of Markdown there reads as itself.</summary>
    public static string Title(string name)
    {
        bool isPlain = name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '_' or '-' or '.' or ':' or '/')
            && name is not ['_', ..] and not [.., '_'];
        return isPlain ? name : string.Concat(name.Select(symbol => Escaped.Contains(symbol, StringComparison.Ordinal)
            ? $"\\{symbol}" : $"{symbol}"));
    }
}
