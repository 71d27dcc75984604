namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>
/// What is to be where only these changes are made: what a comparison left out stays where it is too much, and away where it is missing.
/// </summary>
internal static class MendTarget
{
    public static Catalog Of(Catalog from, Catalog to, IReadOnlyList<CatalogChange> changes)
    {
        HashSet<CatalogName> changed = [.. changes.Select(change => change.Name)];
        Catalog target = to with
        {
            Objects = to.Objects.RemoveRange(to.Objects.Keys.Where(name => from[name] is null && !changed.Contains(name)))
                .AddRange(from.Objects.Where(item => to[item.Key] is null && !changed.Contains(item.Key))),
        };
        // An index that comes or goes with its constraint is no change of its own.
        IEnumerable<CatalogObject> come = to.Objects.Values.Where(item => target[item.Name] is null && Constraint(item) is { } whole
            && changed.Contains(whole));
        IEnumerable<CatalogName> gone = target.Objects.Values
            .Where(item => to[item.Name] is null && Constraint(item) is { } whole && changed.Contains(whole)).Select(item => item.Name);
        return target with
        {
            Objects = target.Objects.RemoveRange(gone).AddRange(come.Select(item => KeyValuePair.Create(item.Name, item))),
        };
    }

    private static CatalogName? Constraint(CatalogObject index) => index[CatalogFact.OfConstraint] is { } name
        && QuotedName.Parts(index[CatalogFact.Table]) is [var schema, var table] ? new(CatalogKind.Constraint, schema, table, name) : null;
}
