using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs;

/// <summary>Views of a list of changes.</summary>
public static class CatalogChanges
{
    /// <summary>
    /// Without what only follows from another change of the list: the parts and the own sequences of a table that is missing or too much,
    /// the columns of a changed view, and what a changed parent gives to its partitions. In the same order.
    /// </summary>
    public static ImmutableArray<CatalogChange> Outermost(IReadOnlyList<CatalogChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        HashSet<(string? Schema, string Name)> whole =
        [
            .. changes.Where(change => IsOneSided(change) && change.Name.Owner is null && change.Name.Kind is not CatalogKind.Index)
                .Select(change => (change.Name.Schema, change.Name.Name)),
        ];
        return [.. changes.Where(change => !IsOfView(change)
            && !(IsOneSided(change) && (IsPartOf(change, whole) || Thing(change).Has(CatalogFact.Inherited))))];
    }

    private static bool IsPartOf(CatalogChange change, HashSet<(string? Schema, string Name)> whole)
    {
        bool isWhole = change.Name.IsView || change.Name.Kind is CatalogKind.Table or CatalogKind.ForeignTable;
        string? owner = isWhole ? null : CatalogScope.TableOf(Thing(change));
        return owner is not null && whole.Contains((change.Name.Schema, owner));
    }

    /// <summary>A column that a view's query makes, or makes no more.</summary>
    private static bool IsOfView(CatalogChange change) => IsOneSided(change)
        ? Thing(change).Has(CatalogFact.OfView)
        : change.Facts.Contains(CatalogFact.OfView, StringComparer.Ordinal);

    private static bool IsOneSided(CatalogChange change) => change.From is null || change.To is null;

    private static CatalogObject Thing(CatalogChange change) => (change.To ?? change.From)!;
}
