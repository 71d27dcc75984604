namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>
/// NOT NULL as a constraint, which it is since PostgreSQL 18 (of domains 17): the catalog has those that somebody has named, and those that
/// are not valid or not inherited. A column has at most one, so that another name is given to the one that is there.
/// </summary>
internal sealed class NotNulls(MendSides sides)
{
    private const string NotValid = " NOT VALID";
    private const string NoInherit = " NO INHERIT";

    /// <summary>The tables whose NOT NULL has a name in a schema: the server would give another table's a number.</summary>
    private readonly Lazy<ILookup<(string?, string?), string?>> _taken = new(() => sides.From.Catalog.Objects.Values
        .Where(item => item.Has(CatalogFact.NotNullName))
        .ToLookup(column => (column.Name.Schema, column[CatalogFact.NotNullName]), column => column.Name.Owner));

    private Fates Fates => sides.Fates;

    public static bool Is(CatalogObject item) => item[CatalogFact.ConstraintType] == "not null" && item.Kind == CatalogKind.Constraint;

    /// <summary>One of a partitioned table that is not valid: no partition is attached after it unless it has it, too.</summary>
    public static bool ComesLast(NeedGraph graph, CatalogObject item) => Is(item) && Has(item, NotValid)
        && graph.Owner(item.Name)?.Has(CatalogFact.PartitionBy) == true;

    /// <summary>
    /// Whether a parent's NOT NULL becomes one that is not inherited, which leaves it to the children: the child's goes after that.
    /// </summary>
    public static bool IsLeft(MendSides sides, CatalogName column) => sides.From[column] is { } from && sides.To[column] is { } to
        && from.Has(CatalogFact.NotNull) && !to.Has(CatalogFact.NotNull) && sides.From.Giver(from) is { } giver
        && sides.To.NotNullOf(giver.Name) is { } with && Has(with, NoInherit)
        && sides.From[giver.Name]!.Has(CatalogFact.NotNull)
        && !(sides.From.NotNullOf(giver.Name) is { } had && Has(had, NoInherit));

    /// <summary>As the definition of a column or domain says it; null where it does not.</summary>
    public string? Inline(CatalogObject item) => (item.Has(CatalogFact.NotNull), sides.To.NotNullOf(item.Name)) switch
    {
        (false, _) => null,
        (_, null) when IsTaken(item) => $"CONSTRAINT {QuotedName.Of(item[CatalogFact.NotNullName]!)} NOT NULL",
        (_, null) => "NOT NULL",
        (_, { } named) when Has(named, NotValid) => null,
        (_, { } named) => $"CONSTRAINT {SqlNames.Of(named.Name)} NOT NULL{(Has(named, NoInherit) ? NoInherit : "")}",
    };

    /// <summary>What makes one of a table.</summary>
    public IEnumerable<string> Made(CatalogObject constraint)
    {
        CatalogObject column = sides.To.Subject(constraint)!;
        CatalogName table = sides.To.Owner(constraint.Name)!.Name;
        if ((constraint.Has(CatalogFact.Inherited) && !sides.ChangesParents(table))
            || (Fates.Comes(column.Name) && sides.To.Giver(column) is null && Inline(column) is not null))
        {
            return [];
        }

        string alter = $"ALTER TABLE {SqlNames.Owner(constraint.Name)}";
        string add = $"{alter} ADD CONSTRAINT {SqlNames.Of(constraint.Name)} {constraint[CatalogFact.Definition]};";
        string? old = sides.From[column.Name]?[CatalogFact.NotNullName];
        if (old is null || Fates[constraint.Name] == Fate.Remade || Fates.Comes(column.Name))
        {
            return [add];
        }

        if (Has(constraint, NotValid))
        {
            string drop = $"{alter} ALTER COLUMN {SqlNames.Of(column.Name)} DROP NOT NULL;";
            return sides.From.NotNullOf(column.Name) is null ? [drop, add] : [add];
        }

        IEnumerable<string> left = sides.From.Dependents(column.Name)
            .Where(child => child.Kind == CatalogKind.Column && IsLeft(sides, child))
            .Select(child => $"ALTER TABLE {SqlNames.Owner(child)} ALTER COLUMN {SqlNames.Of(child)} DROP NOT NULL;");
        return [.. Renamed(alter, sides.From.NotNullOf(column.Name), old, constraint), .. left];
    }

    /// <summary>What takes one away, or its name where the column stays NOT NULL.</summary>
    public IEnumerable<string> Unmade(CatalogObject constraint)
    {
        CatalogName column = sides.From.Subject(constraint)!.Name;
        string alter = $"ALTER TABLE {SqlNames.Owner(constraint.Name)}";
        string? now = sides.To[column]?[CatalogFact.NotNullName];
        return now is null || Fates[constraint.Name] == Fate.Remade || sides.To.NotNullOf(column) is not null
            ? [$"{alter} DROP CONSTRAINT {SqlNames.Of(constraint.Name)};"]
            : Renamed(alter, constraint, constraint.Name.Name, with: null, now);
    }

    /// <summary>Whether it goes with its column, its parent's or by getting another's name.</summary>
    public bool IsCovered(CatalogObject constraint)
    {
        CatalogName column = sides.From.Subject(constraint)!.Name;
        return Fates.Goes(column)
            || (constraint.Has(CatalogFact.Inherited) && !sides.ChangesParents(sides.From.Owner(constraint.Name)!.Name))
            || (Fates[constraint.Name] == Fate.Dropped && sides.To.NotNullOf(column) is { } named && !Has(named, NotValid)
                && !Fates.Comes(column));
    }

    private bool IsTaken(CatalogObject column) => column.Has(CatalogFact.NotNullName)
        && _taken.Value[(column.Name.Schema, column[CatalogFact.NotNullName])].Any(table => table != column.Name.Owner);

    private static string[] Renamed(string alter, CatalogObject? had, string old, CatalogObject? with, string? name = null)
    {
        string quoted = QuotedName.Of(old);
        bool hasNoInherit = had is not null && Has(had, NoInherit), getsNoInherit = with is not null && Has(with, NoInherit);
        string?[] statements =
        [
            had is not null && Has(had, NotValid) ? $"{alter} VALIDATE CONSTRAINT {quoted};" : null,
            (hasNoInherit, getsNoInherit) switch
            {
                (false, true) => $"{alter} ALTER CONSTRAINT {quoted} NO INHERIT;",
                (true, false) => $"{alter} ALTER CONSTRAINT {quoted} INHERIT;",
                _ => null,
            },
            (with?.Name.Name ?? name) is { } now && now != old ? $"{alter} RENAME CONSTRAINT {quoted} TO {QuotedName.Of(now)};" : null,
        ];
        return [.. statements.OfType<string>()];
    }

    private static bool Has(CatalogObject constraint, string words) =>
        constraint[CatalogFact.Definition]!.Contains(words, StringComparison.Ordinal);
}
