namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>The attributes of a composite type: <c>"name" type</c> each.</summary>
internal static class CompositeAttributes
{
    public static IReadOnlyList<string> Of(CatalogObject type) => QuotedText.Split(type[CatalogFact.Attributes] ?? "", '\n');

    public static string Created(CatalogObject type) =>
        $"CREATE TYPE {SqlNames.Of(type.Name)} AS ({string.Join(", ", Of(type))});";

    /// <summary>
    /// The statements, where attributes go and others come last: the only places that ALTER TYPE knows. Null where it takes more: a
    /// changed type is refused while a column has the composite one.
    /// </summary>
    public static IReadOnlyList<string>? Changed(CatalogObject from, CatalogObject to)
    {
        IReadOnlyList<string> old = Of(from), now = Of(to);
        string[] kept = [.. old.Where(now.Contains)];
        string[] gone = [.. old.Except(now, StringComparer.Ordinal)], come = [.. now.Except(old, StringComparer.Ordinal)];
        bool inPlace = now.SequenceEqual([.. kept, .. come], StringComparer.Ordinal)
            && !gone.Select(Name).Intersect(come.Select(Name), StringComparer.Ordinal).Any() && kept.Length > 0;
        IEnumerable<string> actions =
            [.. gone.Select(item => $"DROP ATTRIBUTE {Name(item)}"), .. come.Select(item => $"ADD ATTRIBUTE {item}")];
        return inPlace ? [.. actions.Select(action => Alter(to, action))] : null;
    }

    public static bool Lost(CatalogObject from, CatalogObject to) => Of(from).Except(Of(to), StringComparer.Ordinal).Any();

    private static string Name(string attribute) => QuotedText.First(attribute).First;

    private static string Alter(CatalogObject type, string action) => $"ALTER TYPE {SqlNames.Of(type.Name)} {action};";
}
