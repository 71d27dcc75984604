using System.Text.RegularExpressions;
using SchemaGate.Core.Catalogs.Mending;

namespace SchemaGate.Core.Catalogs;

/// <summary>SQL of the server's deparsing as it is once the server has read its own words again, without an order that is none.</summary>
internal static partial class DeparsedText
{
    /// <summary>
    /// <c>status IN ('a', 'b')</c> of a varchar comes as <c>ANY ((ARRAY['a'::character varying, …])::text[])</c>, and of that, read
    /// again, <c>ANY (ARRAY[('a'::character varying)::text, …])</c>, which stays.
    /// </summary>
    public static string Settled(CatalogKind kind, string text)
    {
        if (kind == CatalogKind.Statistics)
        {
            // The columns stand in the table's order.
            return string.Join(' ', QuotedText.Split(text, ' ', ',').Order(StringComparer.Ordinal));
        }

        // A body in somebody's own words is what it is.
        return kind is CatalogKind.Function or CatalogKind.Procedure && text.Contains("\nAS $", StringComparison.Ordinal)
            ? text
            : Spread(text);
    }

    private static string Spread(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] is '"' or '\'')
            {
                at = QuotedText.End(text, at);
            }
            else if (text.AsSpan(at).StartsWith(Begin) && Close(text, at + Begin.Length) is var close and > 0
                && Cast().Match(text[(close + 1)..]) is { Success: true } cast)
            {
                IEnumerable<string> items = QuotedText.Split(text[(at + Begin.Length)..close], ',')
                    .Select(item => $"({item})::{cast.Groups["type"].Value}");
                text = $"{text[..at]}ARRAY[{string.Join(", ", items)}]{text[(close + 1 + cast.Length)..]}";
            }
        }

        return text;
    }

    private const string Begin = "(ARRAY[";

    /// <summary>Where the bracket closes that opened before; -1 where it does not.</summary>
    private static int Close(string text, int start)
    {
        int depth = 0;
        for (int at = start; at < text.Length; at++)
        {
            if (text[at] is '"' or '\'')
            {
                at = QuotedText.End(text, at);
            }
            else if (text[at] == ']' && depth-- == 0)
            {
                return at;
            }
            else if (text[at] == '[')
            {
                depth++;
            }
        }

        return -1;
    }

    [GeneratedRegex("""^\)::(?<type>(?:"(?:[^"]|"")*"|[\w .])+(?:\(\d+(?:,-?\d+)?\))?(?: with(?:out)? time zone)?)\[\]""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Cast();
}
