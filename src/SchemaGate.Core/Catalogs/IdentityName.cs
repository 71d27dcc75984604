using System.Text;

namespace SchemaGate.Core.Catalogs;

/// <summary>What the sequence of an identity is called.</summary>
internal static class IdentityName
{
    /// <summary>From here on a name may be one that was cut to fit into 63 bytes.</summary>
    private const int Cut = 56;

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
        return rest == $"{column.Name.Owner}_{column.Name.Name}_seq"
            || (rest.EndsWith("_seq", StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(name) > Cut);
    }
}
