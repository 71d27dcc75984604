using System.Text.RegularExpressions;

namespace SchemaGate.Core.Catalogs;

/// <summary>
/// SQL of the server's deparsing without what majors word differently: white space, parentheses around a single term, qualification. It
/// does not tell same names of two tables or schemas apart, nor <c>(a)</c> from <c>a</c> where that matters; so it is asked only where the
/// texts differ and the servers' majors do.
/// </summary>
internal static partial class CatalogText
{
    /// <summary>Its terms with one space between them.</summary>
    public static string Plain(string text)
    {
        List<string> terms = [];
        foreach (string term in Terms().Matches(text).Select(match => match.Value))
        {
            string plain = Simple().Match(term) is { Success: true } name ? name.Groups["name"].Value : term;
            while (terms is [.., _, "."])
            {
                terms.RemoveRange(terms.Count - 2, 2);
            }

            terms.Add(plain);
            if (terms is [.., "(", var inner, ")"] && inner is not "(" and not ")" && !IsCall(terms))
            {
                terms.RemoveAt(terms.Count - 1);
                terms.RemoveAt(terms.Count - 2);
            }
        }

        return string.Join(' ', terms);
    }

    /// <summary>Behind a name or a keyword parentheses mean something.</summary>
    private static bool IsCall(List<string> terms) =>
        terms.Count > 3 && terms[^4] is var before && (char.IsLetterOrDigit(before[^1]) || before[^1] is '_' or '"');

    [GeneratedRegex("""[eE]?'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\w*\$|\w+|::|[-+*/<>=~!@#%^&|`?]+|\S""", RegexOptions.CultureInvariant
        | RegexOptions.NonBacktracking)]
    private static partial Regex Terms();

    [GeneratedRegex("^\"(?<name>[a-z_][a-z0-9_$]*)\"$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Simple();
}
