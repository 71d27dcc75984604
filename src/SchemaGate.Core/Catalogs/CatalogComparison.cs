using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs;

/// <summary>Says what makes one catalog another, by meaning: no order of columns, no names of owners, no versions.</summary>
public static class CatalogComparison
{
    /// <summary>NOT NULL is a constraint with a name since this major.</summary>
    private const int NamedNotNull = 18;

    /// <summary>
    /// Every difference, in <see cref="CatalogName.Order"/>. What is a part of an object that is missing is missing too, and listed;
    /// <see cref="CatalogChanges.Outermost"/> leaves it out.
    /// </summary>
    /// <param name="from">What is to be: the history's, unless the scope says otherwise.</param>
    /// <param name="to">What is.</param>
    /// <param name="scope">What is compared.</param>
    public static ImmutableArray<CatalogChange> Compare(Catalog from, Catalog to, CatalogScope scope)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(scope);
        FactComparison facts = new(from, to, scope);
        ImmutableHashSet<CatalogName> others = CatalogOthers.Of(from, to, scope);
        return
        [
            .. Names(from, to).Where(name => !others.Contains(name))
                .Select(name => Change(from[name], to[name], facts)).OfType<CatalogChange>()
                .Where(change => IsCompared(change, from, to, scope)),
        ];
    }

    private static CatalogChange? Change(CatalogObject? from, CatalogObject? to, FactComparison facts)
    {
        if (from is null || to is null)
        {
            return new CatalogChange(from, to, []);
        }

        ImmutableArray<string> differing = facts.Differing(from, to);
        return differing.IsEmpty ? null : new CatalogChange(from, to, differing);
    }

    private static bool IsCompared(CatalogChange change, Catalog from, Catalog to, CatalogScope scope) =>
        !(new[] { change.From, change.To }.OfType<CatalogObject>().Any(scope.LeavesOut)
            || (change.Name.Kind == CatalogKind.Schema && !(IsAsked(from, change.Name) && IsAsked(to, change.Name)))
            || (from.Major < NamedNotNull != to.Major < NamedNotNull
                && (change.From ?? change.To)![CatalogFact.ConstraintType] == "not null")
            || IsOfConstraint(change, from, to));

    private static bool IsAsked(Catalog catalog, CatalogName schema) => catalog.Schemas.Contains(schema.Name, StringComparer.Ordinal);

    /// <summary>An index that is missing together with the constraint that has it is one difference, not two.</summary>
    private static bool IsOfConstraint(CatalogChange change, Catalog from, Catalog to)
    {
        if (change.Name.Kind != CatalogKind.Index || (change.From ?? change.To) is not { } index
            || (change.From is not null && change.To is not null) || index[CatalogFact.OfConstraint] is not { } constraint
            || QuotedName.Parts(index[CatalogFact.Table]) is not [var schema, var table])
        {
            return false;
        }

        CatalogName name = new(CatalogKind.Constraint, schema, table, constraint);
        return from[name] is null || to[name] is null;
    }

    private static IEnumerable<CatalogName> Names(Catalog from, Catalog to) =>
        from.Objects.Keys.Concat(to.Objects.Keys.Where(name => !from.Objects.ContainsKey(name))).Order(CatalogName.Order);
}
