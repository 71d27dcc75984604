namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>Both catalogs, and what becomes of each object.</summary>
internal sealed record MendSides(NeedGraph From, NeedGraph To, Fates Fates)
{
    /// <summary>Whether the table gets other parents, or is a partition of other bounds; also where it is made.</summary>
    public bool IsAttached(CatalogObject table) => table.Has(CatalogFact.PartitionOf)
        && (Fates.Comes(table.Name) || Fates.Differs(table.Name, CatalogFact.PartitionOf)
            || Fates.Differs(table.Name, CatalogFact.PartitionBound));

    public bool ChangesParents(CatalogName table) => Fates.Differs(table, CatalogFact.PartitionOf)
        || Fates.Differs(table, CatalogFact.PartitionBound) || Fates.Differs(table, CatalogFact.Inherits);

    /// <summary>
    /// Whether the columns of a type that is made again keep it, under another name, until they have the new one. Not where nothing uses
    /// it.
    /// </summary>
    public bool IsSwapped(CatalogName type) => Fates[type] == Fate.Remade && IsType(type.Kind) && From.Dependents(type)
        .Any(name => (name.Kind == CatalogKind.Column && Fates.IsRetyped(name)) || (IsType(name.Kind) && name != type && IsSwapped(name)));

    /// <summary>Whether columns that stay have the type or collation until they have another one: then it is dropped last.</summary>
    public bool IsDroppedLast(CatalogName type) => Fates[type] == Fate.Dropped
        && (IsType(type.Kind) || type.Kind == CatalogKind.Collation) && From.Dependents(type).Any(
            name => (name.Kind == CatalogKind.Column && !Fates.Goes(name)) || IsSwapped(name) || IsDroppedLast(name));

    /// <summary>A name that neither side has, for a type that is replaced.</summary>
    public string OldName(CatalogName type)
    {
        string name = QuotedText.Cut(type.Name, "_old");
        for (int number = 2; Taken(type.Schema, name); number++)
        {
            name = QuotedText.Cut(type.Name, $"_old{number}");
        }

        return name;
    }

    public static bool IsType(CatalogKind kind) =>
        kind is CatalogKind.Enum or CatalogKind.Domain or CatalogKind.CompositeType or CatalogKind.RangeType;

    private bool Taken(string? schema, string name) => new[] { From.Catalog, To.Catalog }.Any(catalog => Enum.GetValues<CatalogKind>()
        .Any(kind => catalog[new(kind, schema, null, name)] is not null));
}
