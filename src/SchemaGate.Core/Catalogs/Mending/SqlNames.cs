namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>The names of a catalog as statements say them: quoted and qualified.</summary>
internal static class SqlNames
{
    /// <summary>The object's own name; a function's has its arguments.</summary>
    public static string Of(CatalogName name)
    {
        (string own, string arguments) = name.Kind switch
        {
            CatalogKind.Function or CatalogKind.Procedure => QuotedText.Function(name.Name),
            CatalogKind.Aggregate => Aggregate(name.Name),
            _ => (name.Name, ""),
        };
        return (name.Schema is null || name.Owner is not null ? QuotedName.Of(own) : Qualified(name.Schema, own)) + arguments;
    }

    /// <summary>The relation or domain whose part it is.</summary>
    public static string Owner(CatalogName part) => Qualified(part.Schema, part.Owner!);

    public static string Qualified(string? schema, string name) => schema is null ? QuotedName.Of(name) : QuotedName.Of(schema, name);

    /// <summary>As COMMENT ON names it.</summary>
    public static string Commented(CatalogName name, bool ofDomain) => name.Kind switch
    {
        CatalogKind.Column => $"COLUMN {Owner(name)}.{QuotedName.Of(name.Name)}",
        CatalogKind.Constraint => $"CONSTRAINT {Of(name)} ON {(ofDomain ? "DOMAIN " : "")}{Owner(name)}",
        CatalogKind.Rule or CatalogKind.Trigger or CatalogKind.Policy => $"{Word(name.Kind)} {Of(name)} ON {Owner(name)}",
        _ => $"{Word(name.Kind)} {Of(name)}",
    };

    /// <summary>A kind as CREATE and DROP name it.</summary>
    public static string Word(CatalogKind kind) => kind switch
    {
        CatalogKind.Enum or CatalogKind.CompositeType or CatalogKind.RangeType => "TYPE",
        CatalogKind.ForeignTable => "FOREIGN TABLE",
        CatalogKind.MaterializedView => "MATERIALIZED VIEW",
        _ => kind.ToString().ToUpperInvariant(),
    };

    private static (string Name, string Arguments) Aggregate(string name)
    {
        (string own, string arguments) = QuotedText.Function(name);
        return (own, arguments == "()" ? "(*)" : arguments);
    }
}
