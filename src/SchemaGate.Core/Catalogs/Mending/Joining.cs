namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>What joins objects that are there: partitions to tables and their indexes, sequences to columns, a replica identity.</summary>
internal sealed class Joining(MendSides sides)
{
    private NeedGraph To => sides.To;

    private Fates Fates => sides.Fates;

    public IEnumerable<string> Of(CatalogObject item) => item.Kind switch
    {
        CatalogKind.Table or CatalogKind.ForeignTable => [.. Parents(item), .. OfType(item), .. ReplicaIdentity(item)],
        CatalogKind.Sequence => Sequence(item),
        CatalogKind.Index => Index(item),
        _ => [],
    };

    private IEnumerable<string> Parents(CatalogObject table)
    {
        string name = SqlNames.Of(table.Name);
        if (sides.IsAttached(table))
        {
            yield return $"ALTER TABLE ONLY {table[CatalogFact.PartitionOf]} ATTACH PARTITION {name} {table[CatalogFact.PartitionBound]};";
        }

        if (!Fates.Differs(table.Name, CatalogFact.Inherits))
        {
            yield break;
        }

        string[] had = [.. QuotedText.Split(sides.From[table.Name]?[CatalogFact.Inherits] ?? "", ',')];
        foreach (string parent in QuotedText.Split(table[CatalogFact.Inherits] ?? "", ',').Except(had, StringComparer.Ordinal))
        {
            yield return $"ALTER TABLE {name} INHERIT {parent};";
        }
    }

    private IEnumerable<string> OfType(CatalogObject table) => table[CatalogFact.OfType] is { } type
        && (Fates.Comes(table.Name) || Fates.Differs(table.Name, CatalogFact.OfType))
        ? [$"ALTER TABLE {SqlNames.Of(table.Name)} OF {type};"]
        : [];

    /// <summary>An index that is made again has lost it.</summary>
    private IEnumerable<string> ReplicaIdentity(CatalogObject table)
    {
        string? identity = table[CatalogFact.ReplicaIdentity];
        CatalogName? index = identity is null or "nothing" or "full" ? null : new(CatalogKind.Index, table.Name.Schema, null, identity);
        bool comes = identity is not null && Fates.Comes(table.Name);
        if (!comes && !Fates.Differs(table.Name, CatalogFact.ReplicaIdentity)
            && !(index is not null && (Fates.Comes(index) || Fates.Comes(To.Canonical(index)))))
        {
            return [];
        }

        string words = identity switch
        {
            null => "DEFAULT",
            _ when index is not null && To[index] is not null => $"USING INDEX {QuotedName.Of(identity)}",
            _ => identity.ToUpperInvariant(),
        };
        return [$"ALTER TABLE ONLY {SqlNames.Of(table.Name)} REPLICA IDENTITY {words};"];
    }

    /// <summary>A column that is made again has taken its sequences along, or left them.</summary>
    private IEnumerable<string> Sequence(CatalogObject sequence) => sequence[CatalogFact.OwnedBy] is { } owner
        && (Fates.Comes(sequence.Name) || Fates.Differs(sequence.Name, CatalogFact.OwnedBy))
        ? [$"ALTER SEQUENCE {SqlNames.Of(sequence.Name)} OWNED BY {owner};"]
        : [];

    /// <summary>Where the partition is attached now, its indexes are found by what they are.</summary>
    private IEnumerable<string> Index(CatalogObject index)
    {
        CatalogName? above = index.Needs.FirstOrDefault(need => need.Kind == CatalogKind.Index);
        bool comes = Fates.Comes(index.Name) || Fates.Comes(To.Canonical(index.Name)) || Fates.Differs(index.Name, CatalogFact.Inherited);
        return index.Has(CatalogFact.Inherited) && above is not null && To.TableOf(index) is { } table && comes && !sides.IsAttached(table)
            ? [$"ALTER INDEX {SqlNames.Of(above)} ATTACH PARTITION {SqlNames.Of(index.Name)};"]
            : [];
    }
}
