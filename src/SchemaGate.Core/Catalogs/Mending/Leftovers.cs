namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>What no statement mends, in sentences.</summary>
internal static class Leftovers
{
    public static IEnumerable<string> Of(MendSides sides, IReadOnlyList<CatalogChange> changes) =>
    [
        .. changes.Where(change => change.Name.Kind == CatalogKind.Other).Select(Other),
        .. changes.Where(change => change is { From: not null, To: not null, Name.Kind: not CatalogKind.Other })
            .SelectMany(change => InPlace.Never(change).Concat(OnlyInherited(sides, change)).Select(fact => Never(change, fact))),
        .. sides.To.Catalog.Objects.Values.Where(item => LosesGiver(sides, item)).Select(OfItsOwn),
        .. changes.Where(change => change.From is null && change.To![CatalogFact.Valid] == "no" && !IsPartitioned(sides, change.To))
            .Select(change => $"{Name(change.Name)}: a build that failed is not made again; the index comes out valid."),
        .. sides.To.Catalog.Objects.Values.Where(item => item.Kind is CatalogKind.Table or CatalogKind.ForeignTable)
            .Select(table => Places(sides, table)).OfType<string>(),
    ];

    private static string Other(CatalogChange change) => change switch
    {
        { From: null } => $"{change.Name.Name}: it is missing, and no statement is written for this kind.",
        { To: null } => $"{change.Name.Name}: it is too much, and no statement is written for this kind.",
        _ => $"{change.Name.Name}: it differs, and no statement is written for this kind.",
    };

    private static string Never(CatalogChange change, string fact) => fact == CatalogFact.Valid
        ? $"{Name(change.Name)}: a build that failed is not made again; the index stays valid."
        : Never(change.Name, fact, Value(change.From!, fact), Value(change.To!, fact));

    private static string Never(CatalogName name, string fact, string now, string wanted) =>
        $"{Name(name)}: {fact} is {now} and should be {wanted}; no statement changes that and keeps what is there.";

    private static string OfItsOwn(CatalogObject part) => Never(part.Name, CatalogFact.Inherited, "absent", "yes");

    /// <summary>
    /// Whether a table gets another parent for the one that gave it the part, as where the parent has a new name: what NO INHERIT makes the
    /// table's own stays so.
    /// </summary>
    private static bool LosesGiver(MendSides sides, CatalogObject part) => part.Name.Owner is not null && part.Has(CatalogFact.Inherited)
        && sides.From[part.Name] is { } before && before.Has(CatalogFact.Inherited)
        && sides.From.Giver(NotNulls.Is(before) ? sides.From.Subject(before)! : before) is { } giver
        && sides.From.Owner(giver.Name) is { } parent
        && sides.To.Owner(part.Name) is { } table && sides.Fates.Differs(table.Name, CatalogFact.Inherits)
        && !sides.To.Parents(table).Contains(parent.Name);

    /// <summary>
    /// Whether a part is its own or a parent's follows from the parents; alone, no statement says it. INHERIT leaves a column the table's
    /// own beside the parent's, which ATTACH PARTITION does not.
    /// </summary>
    private static IEnumerable<string> OnlyInherited(MendSides sides, CatalogChange change)
    {
        if (!change.Facts.Contains(CatalogFact.Inherited, StringComparer.Ordinal) || sides.Fates[change.Name] != Fate.Altered
            || change.Name.Kind == CatalogKind.Index || sides.To.TableOf(change.To!) is not { } table)
        {
            return [];
        }

        bool isTold = sides.ChangesParents(table.Name)
            ? table.Has(CatalogFact.PartitionOf) || !change.To!.Has(CatalogFact.Inherited)
            : sides.From.Giver(change.From!) is not null;
        return isTold ? [] : [CatalogFact.Inherited];
    }

    /// <summary>A column that is added comes last.</summary>
    private static string? Places(MendSides sides, CatalogObject table)
    {
        if (sides.From[table.Name] is null || sides.Fates.Comes(table.Name))
        {
            return null;
        }

        CatalogName[] wanted = [.. sides.To.Columns(table.Name).Select(column => column.Name)];
        CatalogName[] come = [.. wanted.Where(sides.Fates.Comes)];
        IEnumerable<CatalogName> kept = sides.From.Columns(table.Name).Select(column => column.Name).Where(name => !sides.Fates.Goes(name));
        string verb = come.Length == 1 ? "comes" : "come";
        return come.Length == 0 || wanted.SequenceEqual(kept.Concat(come))
            ? null
            : $"{Name(table.Name)}: {string.Join(", ", come.Select(name => name.Name))} {verb} last, "
                + "not at the place of the other side; no statement moves a column.";
    }

    private static bool IsPartitioned(MendSides sides, CatalogObject index) =>
        sides.To.TableOf(index)?.Has(CatalogFact.PartitionBy) == true;

    private static string Name(CatalogName name) => $"{CatalogWords.Kind(name.Kind)} {name}";

    private static string Value(CatalogObject item, string fact) => item[fact] ?? "absent";
}
