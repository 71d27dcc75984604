namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>The statement that makes an object which is not there.</summary>
internal sealed class Making(MendSides sides)
{
    private readonly NotNulls _notNulls = new(sides);

    private NeedGraph To => sides.To;

    private Fates Fates => sides.Fates;

    /// <summary>Without its comment, its privileges and whatever else is said of it once it is there.</summary>
    public IEnumerable<string> Of(CatalogObject item) => item.Kind switch
    {
        CatalogKind.Table or CatalogKind.ForeignTable => [Table(item)],
        CatalogKind.Column => Column(item),
        CatalogKind.Constraint => Constraint(item),
        CatalogKind.Index when item.Has(CatalogFact.OfConstraint) => [],
        CatalogKind.Trigger when To.Giver(item) is not null => [],
        CatalogKind.Extension => [.. SchemaOf(item), Whole(item)],
        _ => [Whole(item)],
    };

    /// <summary>Whether the column is written in its table's CREATE TABLE.</summary>
    public bool IsInline(CatalogObject column) => To.Owner(column.Name) is { Kind: CatalogKind.Table or CatalogKind.ForeignTable } table
        && Fates.Comes(table.Name) && !IsGiven(column);

    /// <summary>
    /// Whether the constraint is written in its domain's CREATE DOMAIN: none is added once an array or a composite type of the domain is
    /// used. Not one that needs its own domain, or is not valid.
    /// </summary>
    public bool IsInDomain(CatalogObject constraint) => To.Owner(constraint.Name) is { Kind: CatalogKind.Domain } domain
        && Fates.Comes(domain.Name) && !constraint[CatalogFact.Definition]!.Contains("NOT VALID", StringComparison.Ordinal)
        && !To.Needs(constraint.Name).Any(need => need != domain.Name && To.Reaches(need, domain.Name));

    /// <summary>A default that calls a function comes after it: the function may need the table.</summary>
    public bool ComesLater(CatalogObject column) => ColumnText.DefaultOf(column) is not null
        && To.Needs(column.Name).Any(need => need.Kind is CatalogKind.Function or CatalogKind.Extension);

    /// <summary>Whether a parent gives the part, so that no statement makes it. A partition is attached with all its parts.</summary>
    private bool IsGiven(CatalogObject part) => To.Giver(part) is not null && To.Owner(part.Name) is { } table
        && !(table.Has(CatalogFact.PartitionOf) ? sides.IsAttached(table) : Fates.Differs(table.Name, CatalogFact.Inherits));

    private string Whole(CatalogObject item)
    {
        string name = SqlNames.Of(item.Name);
        return item.Kind switch
        {
            CatalogKind.Schema => $"CREATE SCHEMA {(item.Name.Name == "public" ? "IF NOT EXISTS " : "")}{name};",
            CatalogKind.Extension => Joined("CREATE EXTENSION IF NOT EXISTS", name,
                item[CatalogFact.InSchema] is { } schema ? $"WITH SCHEMA {QuotedName.Of(schema)}" : null),
            CatalogKind.Collation => $"CREATE COLLATION {name} ({item[CatalogFact.Definition]});",
            CatalogKind.Enum => EnumLabels.Created(item),
            CatalogKind.CompositeType => CompositeAttributes.Created(item),
            CatalogKind.Domain => Domain(item),
            CatalogKind.Sequence => Sequence(item),
            CatalogKind.View => $"CREATE VIEW {name}{With(item)} AS\n{Statement(item)}",
            CatalogKind.MaterializedView => $"CREATE MATERIALIZED VIEW {name}{Using(item)}{With(item)} AS\n{Statement(item)}",
            CatalogKind.Policy => Policy(item),
            CatalogKind.Publication => Joined("CREATE PUBLICATION", name,
                item.Has(CatalogFact.Publishes) ? $"FOR {Published.Clause(item, To.Catalog.Major)}" : null, With(item).TrimStart()),
            _ => Statement(item),
        };
    }

    /// <summary>An extension's schema may be none of those that are compared.</summary>
    private IEnumerable<string> SchemaOf(CatalogObject extension) => extension[CatalogFact.InSchema] is { } schema
        && !schema.StartsWith("pg_", StringComparison.Ordinal) && !To.Catalog.Schemas.Contains(schema, StringComparer.Ordinal)
        ? [$"CREATE SCHEMA IF NOT EXISTS {QuotedName.Of(schema)};"]
        : [];

    private static string Statement(CatalogObject item) => $"{item[CatalogFact.Definition]!.TrimEnd().TrimEnd(';')};";

    private static string With(CatalogObject item) => StorageOptions.All(item) is { Length: > 0 } options ? $" WITH ({options})" : "";

    private static string Using(CatalogObject item) =>
        item[CatalogFact.AccessMethod] is { } method ? $" USING {QuotedName.Of(method)}" : "";

    private static string Role(string name) => name == CatalogGrants.Public ? "PUBLIC" : QuotedName.Of(name);

    private string Domain(CatalogObject domain) => Joined(
        "CREATE DOMAIN", SqlNames.Of(domain.Name), $"AS {domain[CatalogFact.Type]}",
        domain[CatalogFact.Collation] is { } collation ? $"COLLATE {collation}" : null,
        domain[CatalogFact.Default] is { } expression ? $"DEFAULT {expression}" : null,
        domain.Has(CatalogFact.NotNull) && To.NotNullOf(domain.Name) is null ? "NOT NULL" : null,
        string.Join(' ', To.Constraints(domain.Name).Where(IsInDomain)
            .Select(constraint => $"CONSTRAINT {SqlNames.Of(constraint.Name)} {constraint[CatalogFact.Definition]}")));

    private static string Sequence(CatalogObject sequence) => Joined(
        $"CREATE {(sequence.Has(CatalogFact.Persistence) ? "UNLOGGED " : "")}SEQUENCE", SqlNames.Of(sequence.Name),
        sequence[CatalogFact.Type] is { } type ? $"AS {type}" : null, sequence[CatalogFact.SequenceOptions]);

    private static string Policy(CatalogObject policy) => Joined(
        "CREATE POLICY", SqlNames.Of(policy.Name), "ON", SqlNames.Owner(policy.Name),
        policy.Has(CatalogFact.Restrictive) ? "AS RESTRICTIVE" : null,
        policy[CatalogFact.Command] is { } command ? $"FOR {command.ToUpperInvariant()}" : null,
        CatalogGrants.OfPolicy(policy) is { IsEmpty: false } roles ? $"TO {string.Join(", ", roles.Select(Role))}" : null,
        policy[CatalogFact.Using] is { } condition ? $"USING ({condition})" : null,
        policy[CatalogFact.WithCheck] is { } check ? $"WITH CHECK ({check})" : null);

    private string Table(CatalogObject table)
    {
        string[] columns = [.. To.Columns(table.Name).Where(IsInline)
            .Select(column => $"\n  {Definition(column, !ComesLater(column))}")];
        string word = table.Kind == CatalogKind.ForeignTable ? "FOREIGN TABLE" : "TABLE";
        return Joined($"CREATE {(table.Has(CatalogFact.Persistence) ? "UNLOGGED " : "")}{word}", SqlNames.Of(table.Name),
            $"({string.Join(',', columns)}{(columns.Length > 0 ? "\n" : "")})",
            table[CatalogFact.Inherits] is { } parents ? $"INHERITS ({string.Join(", ", QuotedText.Split(parents, ','))})" : null,
            table[CatalogFact.PartitionBy] is { } key ? $"PARTITION BY {key}" : null,
            Using(table).TrimStart(), With(table).TrimStart(),
            table[CatalogFact.Server] is { } server ? $"SERVER {server}" : null);
    }

    private IEnumerable<string> Column(CatalogObject column)
    {
        CatalogName relation = To.Owner(column.Name)!.Name;
        string owner = SqlNames.Owner(column.Name), table = $"ALTER TABLE {owner}";
        if (relation.IsView)
        {
            return column[CatalogFact.Default] is { } own
                ? [$"ALTER VIEW {owner} ALTER COLUMN {SqlNames.Of(column.Name)} SET DEFAULT {own};"]
                : [];
        }

        bool comes = Fates.Comes(relation);
        if (IsGiven(column))
        {
            return Otherwise(column, To.Giver(column)!).Select(action => $"{table} {action};");
        }

        string[] first = comes ? [] : [$"{table} ADD COLUMN {Definition(column, withDefault: true)};"];
        string[] later = comes && ComesLater(column)
            ? [$"ALTER TABLE ONLY {owner} ALTER COLUMN {SqlNames.Of(column.Name)} SET DEFAULT {column[CatalogFact.Default]};"]
            : [];
        return [.. first, .. later, .. ColumnText.Later(column).Select(action => $"{table} {action};")];
    }

    private string Definition(CatalogObject column, bool withDefault) =>
        ColumnText.Definition(
            column, withDefault, To.HasOwnIdentity(column) ? ColumnText.Identity(To.Catalog, column) : null, _notNulls.Inline(column));

    /// <summary>How a column that a parent gave differs from the parent's.</summary>
    private IEnumerable<string> Otherwise(CatalogObject column, CatalogObject giver)
    {
        string alter = $"ALTER COLUMN {QuotedName.Of(column.Name.Name)}";
        (string? own, string? given) = (ColumnText.DefaultOf(column), ColumnText.DefaultOf(giver));
        if (own != given)
        {
            yield return own is null ? $"{alter} DROP DEFAULT" : $"{alter} SET DEFAULT {own}";
        }

        if (column.Has(CatalogFact.NotNull) && !giver.Has(CatalogFact.NotNull) && To.NotNullOf(column.Name) is null)
        {
            yield return $"{alter} SET NOT NULL";
        }

        foreach (string action in ColumnText.Later(column).Except(ColumnText.Later(giver), StringComparer.Ordinal))
        {
            yield return action;
        }
    }

    private IEnumerable<string> Constraint(CatalogObject constraint)
    {
        CatalogObject? table = To.Owner(constraint.Name);
        if (NotNulls.Is(constraint) && table?.Kind != CatalogKind.Domain)
        {
            return _notNulls.Made(constraint);
        }

        string type = constraint[CatalogFact.ConstraintType] ?? "";
        bool hasIndex = To.IndexOf(constraint.Name) is not null;
        bool isGiven = type == "foreign key" ? To.Giver(constraint) is not null : !hasIndex && IsGiven(constraint);
        if (table is null || isGiven || IsInDomain(constraint))
        {
            return [];
        }

        bool only = hasIndex && table.Has(CatalogFact.PartitionBy);
        string word = table.Kind == CatalogKind.Domain ? "DOMAIN" : "TABLE";
        return
        [
            $"ALTER {word} {(only ? "ONLY " : "")}{SqlNames.Owner(constraint.Name)} ADD CONSTRAINT {SqlNames.Of(constraint.Name)} "
                + $"{constraint[CatalogFact.Definition]};",
        ];
    }

    private static string Joined(params string?[] words) => string.Join(' ', words.Where(word => !string.IsNullOrEmpty(word))) + ";";
}
