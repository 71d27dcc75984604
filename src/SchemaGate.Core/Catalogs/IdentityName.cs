using System.Text;

namespace SchemaGate.Core.Catalogs;

/// <summary>What the sequence of an identity is called.</summary>
internal static class IdentityName
{
    private const string Ending = "_seq";

    /// <summary>A name is cut to fit into this many bytes.</summary>
    private const int Longest = 63;

    /// <summary>
    /// Whether the server made it up of the table's and the column's name (its ChooseRelationName): then it may have a number, and another
    /// one elsewhere. Also where there is none.
    /// </summary>
    public static bool IsServersOwn(CatalogObject column)
    {
        if (QuotedName.Parts(column[CatalogFact.IdentitySequence]) is not [_, var name])
        {
            return true;
        }

        string rest = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return rest.EndsWith(Ending, StringComparison.Ordinal) && name == Made(column.Name, Ending + name[rest.Length..]);
    }

    /// <summary>
    /// What a statement has to say, quoted and qualified; null where the server comes to the name, or to one that is as good. Where
    /// something else is to have the name without a number it may be there before or after, so that the number is said.
    /// </summary>
    public static string? Said(Catalog goal, CatalogObject column)
    {
        if (!IsServersOwn(column))
        {
            return column[CatalogFact.IdentitySequence];
        }

        string plain = Made(column.Name, Ending);
        return QuotedName.Parts(column[CatalogFact.IdentitySequence]) is [var schema, var name] && name != plain
            && IsTaken(goal, schema, plain)
            ? column[CatalogFact.IdentitySequence]
            : null;
    }

    /// <summary>Whether a relation or the sequence of an identity has the name.</summary>
    public static bool IsTaken(Catalog catalog, string schema, string name)
    {
        string quoted = QuotedName.Of(schema, name);
        return Enum.GetValues<CatalogKind>().Any(kind => catalog[new(kind, schema, null, name)] is not null)
            || catalog.Objects.Values.Any(item => item[CatalogFact.IdentitySequence] == quoted);
    }

    /// <summary>As the server's makeObjectName: the longer one of the two names is cut first.</summary>
    private static string Made(CatalogName column, string ending)
    {
        int table = Encoding.UTF8.GetByteCount(column.Owner!), own = Encoding.UTF8.GetByteCount(column.Name);
        while (table + own > Longest - 1 - ending.Length)
        {
            _ = table > own ? table-- : own--;
        }

        return $"{Cut(column.Owner!, table)}_{Cut(column.Name, own)}{ending}";
    }

    private static string Cut(string name, int bytes)
    {
        while (Encoding.UTF8.GetByteCount(name) > bytes)
        {
            name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        }

        return name;
    }
}
