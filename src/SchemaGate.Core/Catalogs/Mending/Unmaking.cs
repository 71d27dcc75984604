namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>The first half of a plan: what is dropped, and what is lifted so that it can be.</summary>
internal sealed class Unmaking(MendSides sides)
{
    private readonly NotNulls _notNulls = new(sides);

    private Fates Fates => sides.Fates;

    /// <summary>What comes before all else: partitions leave their tables, sequences their columns, identities free their names.</summary>
    public IEnumerable<MendStatement> Loosened(CatalogObject item)
    {
        if (Fates[item.Name] != Fate.Altered)
        {
            return [];
        }

        return item.Kind switch
        {
            CatalogKind.Table or CatalogKind.ForeignTable => Left(item).Select(sql => MendStatement.Plain(item.Name, sql)),
            CatalogKind.Column => Identity(item),
            CatalogKind.Sequence when item.Has(CatalogFact.OwnedBy) && Fates.Differs(item.Name, CatalogFact.OwnedBy) =>
                [MendStatement.Plain(item.Name, $"ALTER SEQUENCE {SqlNames.Of(item.Name)} OWNED BY NONE;") with
                {
                    Requires = [.. OwnersGone(item)],
                }],
            _ => [],
        };
    }

    private IEnumerable<MendStatement> Identity(CatalogObject column)
    {
        CatalogObject to = sides.To[column.Name]!;
        string? sql = sides.From.HasOwnIdentity(column) && !sides.To.HasOwnIdentity(to)
            ? $"ALTER TABLE {SqlNames.Owner(column.Name)} ALTER COLUMN {SqlNames.Of(column.Name)} DROP IDENTITY;"
            : SequenceRename.Of(sides, column, to).First;
        return sql is null ? [] : [MendStatement.Plain(column.Name, sql)];
    }

    public IEnumerable<MendStatement> Of(CatalogObject item) => Fates[item.Name] switch
    {
        Fate.Dropped or Fate.Remade when !IsCovered(item) && !sides.IsDroppedLast(item.Name) => Dropped(item),
        Fate.Altered when item.Kind == CatalogKind.Column && Fates.IsLifted(item.Name) && ColumnText.DefaultOf(item) is not null =>
            [MendStatement.Plain(item.Name, $"{Alter(item)} ALTER COLUMN {SqlNames.Of(item.Name)} DROP DEFAULT;")],
        Fate.Altered when item.Kind == CatalogKind.Publication => Withdrawn(item).Select(sql => MendStatement.Plain(item.Name, sql)),
        _ => [],
    };

    /// <summary>Whether something else takes it along, so that it has no statement of its own.</summary>
    public bool IsCovered(CatalogObject item)
    {
        CatalogObject? owner = sides.From.TableOf(item);
        return item switch
        {
            { Kind: CatalogKind.Column } when owner?.Name.IsView == true => true,
            { Kind: CatalogKind.Sequence } => OwnerGoes(item),
            _ when item.Has(CatalogFact.OfConstraint) => true,
            _ when IsNotNull(item) && _notNulls.IsCovered(item) => true,
            _ when owner is not null && Fates.Goes(owner.Name) => !StandsInTheWay(item, owner),
            _ when sides.From.Giver(item) is { } giver => owner is not null && sides.ChangesParents(owner.Name)
                ? item.Kind == CatalogKind.Trigger
                : Fates.Goes(giver.Name),
            _ => false,
        };
    }

    /// <summary>A table of whose columns or rows a part is published: they are in the way. It comes back with the list.</summary>
    private IEnumerable<string> Withdrawn(CatalogObject publication)
    {
        IReadOnlyList<string> wanted = Fates.IsLifted(publication.Name) ? [] : Published.Entries(sides.To[publication.Name]!);
        return Published.Entries(publication)
            .Where(entry => Published.IsRestricted(entry) && !wanted.Contains(entry, StringComparer.Ordinal))
            .Select(entry => $"ALTER PUBLICATION {SqlNames.Of(publication.Name)} DROP {Published.Table(entry)};");
    }

    private IEnumerable<string> Left(CatalogObject table)
    {
        string name = SqlNames.Of(table.Name);
        if (table.Has(CatalogFact.PartitionOf) && sides.ChangesParents(table.Name))
        {
            yield return Detach(table);
        }

        if (Fates.Differs(table.Name, CatalogFact.Inherits))
        {
            foreach (string parent in Parents(table).Except(Parents(sides.To[table.Name]!), StringComparer.Ordinal))
            {
                yield return $"ALTER TABLE {name} NO INHERIT {parent};";
            }
        }
    }

    private static string Alter(CatalogObject part) => $"ALTER TABLE ONLY {SqlNames.Owner(part.Name)}";

    private static string Detach(CatalogObject table) =>
        $"ALTER TABLE {table[CatalogFact.PartitionOf]} DETACH PARTITION {SqlNames.Of(table.Name)};";

    /// <summary>A partition that a foreign key may refer to is not dropped before it is detached.</summary>
    private bool IsReferred(CatalogObject table) => table.Has(CatalogFact.PartitionOf)
        && sides.From.Parents(table).FirstOrDefault() is { } whole && !Fates.Goes(whole)
        && Above(whole).SelectMany(sides.From.Dependents).SelectMany(part => sides.From.Dependents(part).Append(part))
            .Any(name => sides.From[name]?[CatalogFact.ConstraintType] == "foreign key"
                && !Above(whole).Contains(sides.From.Owner(name)!.Name));

    private IEnumerable<CatalogName> Above(CatalogName table) =>
        sides.From[table] is { } item ? sides.From.Parents(item).SelectMany(Above).Prepend(table) : [];

    private static IReadOnlyList<string> Parents(CatalogObject table) => QuotedText.Split(table[CatalogFact.Inherits] ?? "", ',');

    private IEnumerable<MendStatement> Dropped(CatalogObject item)
    {
        if (IsReferred(item))
        {
            yield return MendStatement.Plain(item.Name, Detach(item)) with { Destroys = true };
        }

        IEnumerable<string> statements = item switch
        {
            _ when sides.IsSwapped(item.Name) => Renamed(item),
            _ when IsNotNull(item) => _notNulls.Unmade(item),
            _ => [Drop(item)],
        };
        foreach (string sql in statements)
        {
            yield return MendStatement.Plain(item.Name, sql) with { Destroys = Destroys(item) };
        }
    }

    private bool IsNotNull(CatalogObject item) => NotNulls.Is(item) && !sides.From.OfDomain(item.Name);

    private bool Destroys(CatalogObject item) => (Fates[item.Name], item.Kind) switch
    {
        (_, CatalogKind.Constraint or CatalogKind.Index or CatalogKind.Statistics or CatalogKind.Rule or CatalogKind.Trigger
            or CatalogKind.Policy) => false,
        (Fate.Dropped, _) => true,
        (_, CatalogKind.Column) => !item.Has(CatalogFact.Generated),
        (_, CatalogKind.Enum) => EnumLabels.Lost(item, sides.To[item.Name]!),
        (_, CatalogKind.CompositeType) => CompositeAttributes.Lost(item, sides.To[item.Name]!),
        (_, CatalogKind.RangeType) => !ColumnType.Widens(RangeText.Subtype(item), RangeText.Subtype(sides.To[item.Name]!)),
        (_, CatalogKind.Domain) => !ColumnType.Widens(item[CatalogFact.Type], sides.To[item.Name]![CatalogFact.Type]),
        _ => false,
    };

    private string Drop(CatalogObject item)
    {
        CatalogName name = item.Name;
        return item.Kind switch
        {
            CatalogKind.Column => $"ALTER TABLE {Only(item)}{SqlNames.Owner(name)} DROP COLUMN {SqlNames.Of(name)};",
            CatalogKind.Constraint when sides.From.OfDomain(name) =>
                $"ALTER DOMAIN {SqlNames.Owner(name)} DROP CONSTRAINT {SqlNames.Of(name)};",
            CatalogKind.Constraint => $"ALTER TABLE {SqlNames.Owner(name)} DROP CONSTRAINT {SqlNames.Of(name)};",
            CatalogKind.Rule or CatalogKind.Trigger or CatalogKind.Policy =>
                $"DROP {SqlNames.Word(item.Kind)} {SqlNames.Of(name)} ON {SqlNames.Owner(name)};",
            _ => $"DROP {SqlNames.Word(item.Kind)} {SqlNames.Of(name)};",
        };
    }

    /// <summary>A child keeps the column where it still has it.</summary>
    private string Only(CatalogObject column) => sides.From.Dependents(column.Name)
        .Any(name => name.Kind == CatalogKind.Column && name.Name == column.Name.Name && !Fates.Goes(name)) ? "ONLY " : "";

    private IEnumerable<string> Renamed(CatalogObject type)
    {
        string word = type.Kind == CatalogKind.Domain ? "DOMAIN" : "TYPE", old = QuotedName.Of(sides.OldName(type.Name));
        IEnumerable<string> along = type.Kind == CatalogKind.RangeType
            ? RangeText.Renamed(type, old, name => sides.OldName(type.Name with { Schema = name.Schema, Name = name.Name }),
                sides.From.Catalog.Major)
            : [];
        return along.Prepend($"ALTER {word} {SqlNames.Of(type.Name)} RENAME TO {old};");
    }

    private bool OwnerGoes(CatalogObject sequence) => !Fates.Differs(sequence.Name, CatalogFact.OwnedBy) && OwnersGone(sequence).Any();

    /// <summary>Of the column that owns a sequence, and its table: while those stay, the sequence stays theirs.</summary>
    private IEnumerable<CatalogName> OwnersGone(CatalogObject sequence) =>
        QuotedName.Parts(sequence[CatalogFact.OwnedBy] ?? "") is [var schema, var table, var column]
            ? new CatalogName[] { new(CatalogKind.Column, schema, table, column), new(CatalogKind.Table, schema, null, table) }
                .Where(Fates.Goes)
            : [];

    /// <summary>
    /// A part of a dropped table that needs something else which is dropped, too, and first: two tables may refer to each other, and a
    /// trigger's function to its table.
    /// </summary>
    private bool StandsInTheWay(CatalogObject part, CatalogObject owner) => sides.From.Needs(part.Name).Any(need => Fates.Goes(need)
        && need != owner.Name && sides.From.Owner(need)?.Name != owner.Name
        && (part[CatalogFact.ConstraintType] == "foreign key" || sides.From.Reaches(need, owner.Name)));
}
