using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>
/// A catalog with what follows from its names and facts: an index of a constraint is its constraint's part, a column needs its table, a
/// partition its parent. That a column owns a sequence is no need: the sequence is made before it.
/// </summary>
internal sealed class NeedGraph
{
    private static readonly CatalogKind[] s_relations =
    [
        CatalogKind.Table, CatalogKind.ForeignTable, CatalogKind.View, CatalogKind.MaterializedView, CatalogKind.Domain,
    ];

    private readonly Dictionary<CatalogName, CatalogName> _constraintOf = [];
    private readonly Dictionary<CatalogName, CatalogName> _indexOf = [];
    private readonly Dictionary<CatalogName, CatalogObject> _notNullOf = [];
    private readonly Dictionary<CatalogName, CatalogName[]> _needs = [];
    private readonly ILookup<CatalogName, CatalogName> _dependents;
    private readonly ILookup<CatalogName, CatalogObject> _columns;
    private readonly ILookup<CatalogName, CatalogObject> _constraints;

    public NeedGraph(Catalog catalog)
    {
        Catalog = catalog;
        foreach (CatalogObject index in catalog.Objects.Values.Where(item => item.Has(CatalogFact.OfConstraint)))
        {
            if (index[CatalogFact.Table] is { } table && Relation(table) is { } relation)
            {
                CatalogName constraint = new(CatalogKind.Constraint, relation.Schema, relation.Name, index[CatalogFact.OfConstraint]!);
                (_constraintOf[index.Name], _indexOf[constraint]) = (constraint, index.Name);
            }
        }

        foreach (IGrouping<CatalogName, CatalogObject> item in catalog.Objects.Values.GroupBy(item => Canonical(item.Name)))
        {
            _needs[item.Key] = [.. item.SelectMany(Direct).Select(Canonical).Where(name => name != item.Key).Distinct()];
        }

        _dependents = _needs.SelectMany(item => item.Value.Select(need => (Need: need, By: item.Key)))
            .ToLookup(item => item.Need, item => item.By);
        _columns = catalog.Objects.Values.Where(item => item.Kind == CatalogKind.Column && Owner(item.Name) is not null)
            .OrderBy(Place).ToLookup(item => Owner(item.Name)!.Name);
        _constraints = catalog.Objects.Values.Where(item => item.Kind == CatalogKind.Constraint && Owner(item.Name) is not null)
            .ToLookup(item => Owner(item.Name)!.Name);
        foreach (CatalogObject constraint in catalog.Objects.Values.Where(NotNulls.Is))
        {
            if (Subject(constraint) is { } subject)
            {
                _notNullOf[subject.Name] = constraint;
            }
        }
    }

    public Catalog Catalog { get; }

    public CatalogObject? this[CatalogName name] => Catalog[name];

    public IReadOnlyList<CatalogName> Needs(CatalogName name) => _needs.GetValueOrDefault(name, []);

    public IEnumerable<CatalogName> Dependents(CatalogName name) => _dependents[name];

    /// <summary>A relation's columns in their places.</summary>
    public IEnumerable<CatalogObject> Columns(CatalogName relation) => _columns[relation];

    /// <summary>Of a table or a domain, by name.</summary>
    public IEnumerable<CatalogObject> Constraints(CatalogName owner) => _constraints[owner];

    /// <summary>The constraint of an index that is a constraint's; any other name itself.</summary>
    public CatalogName Canonical(CatalogName name) => _constraintOf.GetValueOrDefault(name, name);

    /// <summary>The relation or domain whose part this is.</summary>
    public CatalogObject? Owner(CatalogName part) => part.Owner is null ? null : Find(part.Schema, part.Owner);

    public bool OfDomain(CatalogName part) => Owner(part)?.Kind == CatalogKind.Domain;

    /// <param name="qualified">As facts name relations: qualified, and quoted where it has to be.</param>
    public CatalogName? Relation(string qualified) =>
        QuotedName.Parts(qualified) is [var schema, var name] ? Find(schema, name)?.Name : null;

    /// <summary>The tables that a table inherits from, or the one whose partition it is.</summary>
    public IEnumerable<CatalogName> Parents(CatalogObject table) =>
        QuotedText.Split($"{table[CatalogFact.PartitionOf]},{table[CatalogFact.Inherits]}", ',').Select(Relation).OfType<CatalogName>();

    /// <summary>The table whose index or column or constraint this is.</summary>
    public CatalogObject? TableOf(CatalogObject part) =>
        part[CatalogFact.Table] is { } table && Relation(table) is { } name ? Catalog[name] : Owner(part.Name);

    /// <summary>What gives a part: the parent's part that it depends on, or the one of its name.</summary>
    public CatalogObject? Giver(CatalogObject part)
    {
        if (!part.Has(CatalogFact.Inherited) || TableOf(part) is not { } table)
        {
            return null;
        }

        CatalogName[] parents = [.. Parents(table)];
        CatalogName? needed = part.Needs.FirstOrDefault(need => need.Kind == part.Kind && need != part.Name
            && Catalog[need] is { } above && TableOf(above) is { } owner && parents.Contains(owner.Name));
        return needed is null
            ? parents.Select(parent => Catalog[part.Name with { Schema = parent.Schema, Owner = parent.Name }])
                .FirstOrDefault(above => above is not null && part.Name.Owner is not null)
            : Catalog[Canonical(needed)];
    }

    /// <summary>PostgreSQL 17 and newer give a partition its identity when it is attached, and refuse one that has its own.</summary>
    public bool HasOwnIdentity(CatalogObject column) => column.Has(CatalogFact.Identity)
        && !(Giver(column)?.Has(CatalogFact.Identity) == true && Owner(column.Name)!.Has(CatalogFact.PartitionOf));

    /// <summary>The index of a constraint that has one.</summary>
    public CatalogObject? IndexOf(CatalogName constraint) =>
        _indexOf.TryGetValue(constraint, out CatalogName? index) ? Catalog[index] : null;

    /// <summary>The NOT NULL of a column or domain that is an object of its own.</summary>
    public CatalogObject? NotNullOf(CatalogName name) => _notNullOf.GetValueOrDefault(name);

    /// <summary>The column or domain that a NOT NULL is of.</summary>
    public CatalogObject? Subject(CatalogObject notNull) => Owner(notNull.Name) is { Kind: CatalogKind.Domain } domain
        ? domain
        : notNull.Needs.Where(need => need.Kind == CatalogKind.Column && need.Owner == notNull.Name.Owner).Select(need => Catalog[need])
            .FirstOrDefault();

    /// <summary>Whether one needs the other, at once or by others.</summary>
    public bool Reaches(CatalogName from, CatalogName to)
    {
        HashSet<CatalogName> seen = [from];
        Stack<CatalogName> open = new(seen);
        while (open.TryPop(out CatalogName? name))
        {
            foreach (CatalogName need in Needs(name).Where(seen.Add))
            {
                open.Push(need);
            }
        }

        return from != to && seen.Contains(to);
    }

    public static int Place(CatalogObject column) =>
        int.TryParse(column[CatalogFact.Position], System.Globalization.CultureInfo.InvariantCulture, out int place) ? place : int.MaxValue;

    private CatalogObject? Find(string? schema, string name) =>
        s_relations.Select(kind => Catalog[new(kind, schema, null, name)]).FirstOrDefault(item => item is not null);

    private IEnumerable<CatalogName> Direct(CatalogObject item)
    {
        ImmutableArray<CatalogName> told = item.Kind == CatalogKind.Sequence
            ? [.. item.Needs.Where(need => need.Kind is not (CatalogKind.Column or CatalogKind.Table))]
            : item.Needs;
        IEnumerable<CatalogName?> followed =
        [
            item.Name.Schema is null ? null : new(CatalogKind.Schema, null, null, item.Name.Schema),
            Owner(item.Name)?.Name,
            item[CatalogFact.Table] is { } table ? Relation(table) : null,
            Giver(item)?.Name,
            .. item.Kind is CatalogKind.Table or CatalogKind.ForeignTable ? Parents(item) : [],
            .. item.Kind is CatalogKind.Publication ? Published.Columns(item, this) : [],
        ];
        return told.Concat(followed.OfType<CatalogName>()).Where(name => Catalog[name] is not null);
    }
}
