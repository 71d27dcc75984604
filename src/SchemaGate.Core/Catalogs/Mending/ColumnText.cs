namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>A column as CREATE TABLE and ADD COLUMN define it, and the ALTERs that those have no words for.</summary>
internal static class ColumnText
{
    /// <param name="column">Of a table.</param>
    /// <param name="withDefault">Whether its default comes with it, not later. A generated column's expression always does.</param>
    /// <param name="identity">Null where it has none, or a parent gives it.</param>
    /// <param name="notNull">NOT NULL, with its name where it has one.</param>
    public static string Definition(CatalogObject column, bool withDefault, string? identity, string? notNull)
    {
        string?[] clauses =
        [
            QuotedName.Of(column.Name.Name), column[CatalogFact.Type],
            column[CatalogFact.Compression] is { } compression ? $"COMPRESSION {compression}" : null,
            column[CatalogFact.Collation] is { } collation ? $"COLLATE {collation}" : null,
            Generated(column),
            withDefault ? Default(column) : null,
            identity,
            notNull,
        ];
        return string.Join(' ', clauses.OfType<string>());
    }

    /// <summary>What its definition has no words for; one action of ALTER TABLE each.</summary>
    public static IEnumerable<string> Later(CatalogObject column)
    {
        if (column[CatalogFact.Storage] is { } storage)
        {
            yield return $"ALTER COLUMN {QuotedName.Of(column.Name.Name)} SET STORAGE {storage.ToUpperInvariant()}";
        }

        if (column[CatalogFact.StatisticsTarget] is { } target)
        {
            yield return $"ALTER COLUMN {QuotedName.Of(column.Name.Name)} SET STATISTICS {target}";
        }

        if (StorageOptions.All(column) is { Length: > 0 } options)
        {
            yield return $"ALTER COLUMN {QuotedName.Of(column.Name.Name)} SET ({options})";
        }
    }

    /// <summary>Null where it has none, or is generated: then it is no default.</summary>
    public static string? DefaultOf(CatalogObject column) => column.Has(CatalogFact.Generated) ? null : column[CatalogFact.Default];

    private static string? Default(CatalogObject column) => DefaultOf(column) is { } expression ? $"DEFAULT {expression}" : null;

    private static string? Generated(CatalogObject column) => column[CatalogFact.Generated] is { } generated
        ? $"GENERATED ALWAYS AS ({column[CatalogFact.Default]}) {generated.ToUpperInvariant()}"
        : null;

    /// <param name="goal">Who else has which name there.</param>
    /// <param name="column">Of it.</param>
    public static string? Identity(Catalog goal, CatalogObject column) => column[CatalogFact.Identity] is not { } identity
        ? null
        : $"GENERATED {identity.ToUpperInvariant()} AS IDENTITY" + Parenthesized(
            IdentityName.Said(goal, column) is { } name ? $"SEQUENCE NAME {name}" : null,
            column[CatalogFact.SequenceOptions]);

    private static string Parenthesized(params string?[] words) =>
        string.Join(' ', words.OfType<string>()) is { Length: > 0 } text ? $" ({text})" : "";
}
