namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>Both sides' objects in an order that is right for what needs what.</summary>
internal sealed class MendOrder(MendSides sides, Making making, Unmaking unmaking)
{
    /// <summary>What is made, after all that it needs; else by kind, and columns in their places.</summary>
    public IReadOnlyList<CatalogObject> Making => Walk(
        sides.To.Catalog.Objects.Values.OrderBy(item => item.Kind).ThenBy(item => item.Name.Schema, StringComparer.Ordinal)
            .ThenBy(item => item.Name.Owner, StringComparer.Ordinal)
            .ThenBy(item => item.Kind == CatalogKind.Column ? NeedGraph.Place(item) : 0)
            .ThenBy(item => item.Name.Name, StringComparer.Ordinal),
        Before, name => sides.To[name]);

    /// <summary>What is dropped, after all that needs it; else what comes last by kind first.</summary>
    public IReadOnlyList<CatalogObject> Unmaking => Walk(sides.From.Catalog.Objects.Values.Reverse(), After, name => sides.From[name]);

    /// <summary>What has to be made before; a table has its columns in it, a domain its constraints, with what those need.</summary>
    public IEnumerable<CatalogName> Before(CatalogName name)
    {
        CatalogName whole = sides.To.Canonical(name);
        IEnumerable<CatalogName> parts = name.Kind switch
        {
            CatalogKind.Table or CatalogKind.ForeignTable => sides.To.Columns(name).Where(making.IsInline)
                .SelectMany(column => sides.To.Needs(column.Name)
                    .Where(need => need.Kind != CatalogKind.Column && !(need.Kind == CatalogKind.Function && making.ComesLater(column)))),
            CatalogKind.Domain => sides.To.Constraints(name).Where(making.IsInDomain)
                .SelectMany(constraint => sides.To.Needs(constraint.Name)),
            // A primary key gives its columns a NOT NULL of its own name where they have none.
            CatalogKind.Constraint when sides.To[name]?[CatalogFact.ConstraintType] == "primary key" =>
                sides.To.Needs(name).Select(sides.To.NotNullOf).OfType<CatalogObject>().Select(constraint => constraint.Name),
            _ => [],
        };
        return sides.To.Needs(name).Concat(parts).Concat(whole == name ? [] : [whole]).Where(need => need != name);
    }

    /// <summary>
    /// What has to be dropped before: what needs it or a part of it, or that whose part this is. No NOT NULL goes while its column is in a
    /// primary key.
    /// </summary>
    public IEnumerable<CatalogName> After(CatalogName name) =>
        sides.From.Dependents(name).Concat(PrimaryKey(name)).SelectMany(WithWhole).Where(other => other != name);

    private IEnumerable<CatalogName> PrimaryKey(CatalogName name) =>
        sides.From[name] is { } item && NotNulls.Is(item) && sides.From.Subject(item) is { Kind: CatalogKind.Column } column
            ? sides.From.Dependents(column.Name).Where(other =>
                sides.From[other]?[CatalogFact.ConstraintType] == "primary key" && other.Owner == name.Owner && sides.Fates.Goes(other))
            : [];

    /// <summary>What is dropped as a part of something else is gone when that is.</summary>
    private IEnumerable<CatalogName> WithWhole(CatalogName name) => sides.From[name] is { } item && sides.Fates.Goes(name)
        && unmaking.IsCovered(item) && sides.From.TableOf(item) is { } owner ? [name, owner.Name] : [name];

    private static List<CatalogObject> Walk(
        IEnumerable<CatalogObject> objects, Func<CatalogName, IEnumerable<CatalogName>> first, Func<CatalogName, CatalogObject?> find)
    {
        List<CatalogObject> order = [];
        HashSet<CatalogName> seen = [];
        Stack<(CatalogObject Item, IEnumerator<CatalogName> First)> path = [];
        foreach (CatalogObject start in objects)
        {
            Enter(start);
            while (path.TryPeek(out (CatalogObject Item, IEnumerator<CatalogName> First) top))
            {
                if (!top.First.MoveNext())
                {
                    order.Add(path.Pop().Item);
                }
                else if (find(top.First.Current) is { } next)
                {
                    Enter(next);
                }
            }
        }

        return order;

        void Enter(CatalogObject item)
        {
            if (seen.Add(item.Name))
            {
                path.Push((item, first(item.Name).GetEnumerator()));
            }
        }
    }
}
