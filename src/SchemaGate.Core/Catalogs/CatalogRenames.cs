using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs;

/// <summary>Two changes that look like one new name. For words only: nobody can know.</summary>
/// <param name="Missing">What only the side that is to be has.</param>
/// <param name="Extra">What only the side that is has.</param>
public sealed record CatalogRename(CatalogChange Missing, CatalogChange Extra);

/// <summary>What may have been renamed.</summary>
public static class CatalogRenames
{
    /// <summary>
    /// Tables and columns that are missing, each with the only one that is too much and has the same facts: a column in the same table, a
    /// table with the same columns in the same schema. Where several might be it, none is.
    /// </summary>
    public static ImmutableArray<CatalogRename> Likely(IReadOnlyList<CatalogChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ILookup<(string?, string?), CatalogChange> columns = changes
            .Where(change => change.Name.Kind == CatalogKind.Column && (change.From is null || change.To is null))
            .ToLookup(change => (change.Name.Schema, change.Name.Owner));
        ILookup<string, CatalogChange> missing = Candidates(changes.Where(change => change.To is null), columns);
        ILookup<string, CatalogChange> extra = Candidates(changes.Where(change => change.From is null), columns);
        return
        [
            .. missing.Where(group => group.Count() == 1 && extra[group.Key].Count() == 1)
                .Select(group => new CatalogRename(group.First(), extra[group.Key].First()))
                .OrderBy(rename => rename.Missing.Name, CatalogName.Order),
        ];
    }

    private static ILookup<string, CatalogChange> Candidates(
        IEnumerable<CatalogChange> changes, ILookup<(string?, string?), CatalogChange> columns)
    {
        List<CatalogChange> list = [.. changes.Where(change => change.Name.Kind == CatalogKind.Table || IsOfTable(change))];
        HashSet<(string?, string?)> tables =
        [
            .. list.Where(change => change.Name.Kind == CatalogKind.Table)
                .Select(change => (change.Name.Schema, (string?)change.Name.Name)),
        ];
        return list.Where(change => change.Name.Kind == CatalogKind.Table || !tables.Contains((change.Name.Schema, change.Name.Owner)))
            .ToLookup(change => Likeness(change, columns), StringComparer.Ordinal);
    }

    private static bool IsOfTable(CatalogChange change) =>
        change.Name.Kind == CatalogKind.Column && !(change.From ?? change.To)!.Has(CatalogFact.OfView);

    private static string Likeness(CatalogChange change, ILookup<(string?, string?), CatalogChange> columns)
    {
        CatalogName name = change.Name;
        string own = $"{name.Kind}\n{name.Schema}\n{name.Owner}\n{Facts((change.From ?? change.To)!)}";
        return name.Kind == CatalogKind.Column ? own : own + string.Concat(columns[(name.Schema, name.Name)]
            .Select(column => (column.From ?? column.To)!)
            .Select(column => $"\n\n{column.Name.Name}\n{Facts(column)}"));
    }

    private static string Facts(CatalogObject thing) => string.Join('\n', thing.Facts
        .Where(fact => fact.Key is not (CatalogFact.Position or CatalogFact.OwnerRole or CatalogFact.NotNullName
            or CatalogFact.IdentitySequence))
        .Select(fact => $"{fact.Key}={fact.Value}"));
}
