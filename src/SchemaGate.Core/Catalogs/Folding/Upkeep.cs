using System.Text.RegularExpressions;

namespace SchemaGate.Core.Catalogs.Folding;

/// <summary>Parts of tables that come and go with what operators run, and are nobody's change.</summary>
internal static partial class Upkeep
{
    /// <summary>What REINDEX CONCURRENTLY left, or is about to swap, and the trigger of a pg_repack that runs.</summary>
    public static bool Makes(CatalogObject part) => part.Kind switch
    {
        CatalogKind.Index => part[CatalogFact.Valid] == "no" && Rebuilt().IsMatch(part.Name.Name),
        CatalogKind.Trigger => part.Name.Name == "repack_trigger",
        _ => false,
    };

    [GeneratedRegex("_cc(new|old)[0-9]*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
        | RegexOptions.ExplicitCapture)]
    private static partial Regex Rebuilt();
}
