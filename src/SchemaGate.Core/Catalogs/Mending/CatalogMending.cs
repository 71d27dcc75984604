namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>
/// The SQL that makes one catalog another: first what is in the way is dropped, then all is made or changed, then joined. Foreign keys come
/// last, and the types that were replaced go.
/// </summary>
public static class CatalogMending
{
    /// <summary>From an emptied catalog, it is the whole schema.</summary>
    /// <param name="from">What is there.</param>
    /// <param name="to">What is to be.</param>
    /// <param name="changes">
    /// What the comparison of the two said, or a part of it. Nothing else is changed, but made again as it is where it must be.
    /// </param>
    public static MendPlan Of(Catalog from, Catalog to, IReadOnlyList<CatalogChange> changes)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(changes);
        NeedGraph before = new(from), after = new(MendTarget.Of(from, to, changes));
        MendSides sides = new(before, after, new Fates(before, after, changes));
        return new(new MendStatements(sides).All(), [.. Leftovers.Of(sides, changes)]);
    }
}
