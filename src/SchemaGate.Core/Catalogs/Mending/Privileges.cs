using System.Collections.Immutable;
namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>GRANT and REVOKE, from one object's privileges to another's.</summary>
internal static class Privileges
{
    private static readonly ImmutableDictionary<char, string> s_words = new Dictionary<char, string>
    {
        ['r'] = "SELECT",
        ['a'] = "INSERT",
        ['w'] = "UPDATE",
        ['d'] = "DELETE",
        ['D'] = "TRUNCATE",
        ['x'] = "REFERENCES",
        ['t'] = "TRIGGER",
        ['m'] = "MAINTAIN",
        ['X'] = "EXECUTE",
        ['U'] = "USAGE",
        ['C'] = "CREATE",
    }.ToImmutableDictionary();

    /// <param name="from">Null where the object has just been made: it has its kind's default.</param>
    public static IEnumerable<string> Statements(CatalogObject? from, CatalogObject to)
    {
        IReadOnlyDictionary<string, string> now = CatalogGrants.Of(to);
        IReadOnlyDictionary<string, string> old =
            CatalogGrants.Of(from ?? to with { Facts = to.Facts.Remove(CatalogFact.Grants) });
        foreach (string role in old.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            (string before, string after) = (old.GetValueOrDefault(role, ""), now.GetValueOrDefault(role, ""));
            string who = role == CatalogGrants.Public ? "PUBLIC" : QuotedName.Of(role);
            string lost = Letters(before, any: true, letter => !Has(after, letter, grantable: null));
            string bound = Letters(before, any: false, letter => Has(after, letter, grantable: false));
            string plain = Letters(after, any: true, letter => Has(after, letter, false) && !Has(before, letter, null));
            string grantable = Letters(after, any: false, letter => !Has(before, letter, grantable: true));
            string?[] statements =
            [
                Say("REVOKE", lost, to.Name, $"FROM {who}"), Say("REVOKE GRANT OPTION FOR", bound, to.Name, $"FROM {who}"),
                Say("GRANT", plain, to.Name, $"TO {who}"), Say("GRANT", grantable, to.Name, $"TO {who} WITH GRANT OPTION"),
            ];
            foreach (string statement in statements.OfType<string>())
            {
                yield return statement;
            }
        }
    }

    private static string? Say(string verb, string letters, CatalogName on, string whom)
    {
        string columns = on.Kind == CatalogKind.Column ? $" ({QuotedName.Of(on.Name)})" : "";
        string words = string.Join(", ", letters.Select(letter => s_words[letter] + columns));
        return letters.Length == 0 ? null : $"{verb} {words} ON {On(on)} {whom};";
    }

    private static string On(CatalogName name) => name.Kind switch
    {
        CatalogKind.Table or CatalogKind.ForeignTable or CatalogKind.View or CatalogKind.MaterializedView => $"TABLE {SqlNames.Of(name)}",
        CatalogKind.Column => $"TABLE {SqlNames.Owner(name)}",
        CatalogKind.Aggregate => $"FUNCTION {SqlNames.Of(name with { Kind = CatalogKind.Function })}",
        _ => $"{SqlNames.Word(name.Kind)} {SqlNames.Of(name)}",
    };

    /// <param name="letters">With stars.</param>
    /// <param name="any">All of them, or those with a star.</param>
    private static string Letters(string letters, bool any, Func<char, bool> which) => string.Concat(letters
        .Where(letter => letter != '*' && (any || Has(letters, letter, grantable: true)) && which(letter)));

    private static bool Has(string letters, char letter, bool? grantable) =>
        letters.IndexOf(letter, StringComparison.Ordinal) is >= 0 and int at
        && (grantable is null || grantable == letters.AsSpan(at + 1).StartsWith("*"));
}
