namespace SchemaGate.Core.Catalogs;

/// <summary>What tells an object from every other one of its database.</summary>
/// <param name="Schema">Null for what is in none: schemas, extensions, publications.</param>
/// <param name="Owner">
/// The relation or domain whose part it is: of columns, constraints, triggers, rules and policies; null for all others. An index is an
/// object of its schema, whose table is a fact.
/// </param>
/// <param name="Name">As the catalog has it, without quotes. A function's has its identity arguments: <c>total(integer, text)</c>.</param>
public sealed record CatalogName(CatalogKind Kind, string? Schema, string? Owner, string Name)
{
    /// <summary>Whether it is a view, materialized or not.</summary>
    public bool IsView => Kind is CatalogKind.View or CatalogKind.MaterializedView;

    /// <summary>By kind, schema, owner, name; the same on every machine.</summary>
    public static IComparer<CatalogName> Order { get; } = Comparer<CatalogName>.Create(Compare);

    public override string ToString() => string.Join('.', new[] { Schema, Owner, Name }.OfType<string>());

    // An enum's own CompareTo boxes both, and a catalog of a few thousand objects is sorted several times.
    private static int Compare(CatalogName left, CatalogName right) =>
        (((int)left.Kind).CompareTo((int)right.Kind), string.CompareOrdinal(left.Schema, right.Schema)) switch
        {
            (not 0 and var kind, _) => kind,
            (_, not 0 and var schema) => schema,
            _ when string.CompareOrdinal(left.Owner, right.Owner) is not 0 and var owner => owner,
            _ => string.CompareOrdinal(left.Name, right.Name),
        };
}
