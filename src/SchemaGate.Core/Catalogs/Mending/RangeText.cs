namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>What a range type's definition says.</summary>
internal static class RangeText
{
    /// <summary>Ranges have multiranges since this major.</summary>
    private const int Multiranges = 14;

    public static string Subtype(CatalogObject range) =>
        Value(range, "subtype = ") ?? throw new ArgumentException("A range type has a subtype.", nameof(range));

    /// <summary>
    /// What came with the type and has its name stays in the way of another one: the multirange, its function without arguments, and the
    /// range's own functions where the subtypes are the same. The rest goes with the type.
    /// </summary>
    /// <param name="range">The range type.</param>
    /// <param name="old">Its new name, quoted.</param>
    /// <param name="free">A new name of the multirange that nothing has.</param>
    /// <param name="major">The server's.</param>
    public static IEnumerable<string> Renamed(CatalogObject range, string old, Func<CatalogName, string> free, int major)
    {
        string name = SqlNames.Of(range.Name), subtype = Subtype(range);
        foreach (string arguments in (string[])[$"{subtype}, {subtype}", $"{subtype}, {subtype}, text"])
        {
            yield return $"ALTER FUNCTION {name}({arguments}) RENAME TO {old};";
        }

        if (major >= Multiranges)
        {
            CatalogName multirange = Multirange(range);
            string also = SqlNames.Of(multirange), other = QuotedName.Of(free(multirange));
            yield return $"ALTER TYPE {also} RENAME TO {other};";
            yield return $"ALTER FUNCTION {also}() RENAME TO {other};";
        }
    }

    /// <summary>As the server makes it of the range's (its makeMultirangeTypeName), or as it is told.</summary>
    private static CatalogName Multirange(CatalogObject range)
    {
        if (QuotedName.Parts(Value(range, "multirange_type_name = ")) is [var schema, var told])
        {
            return range.Name with { Schema = schema, Name = told };
        }

        (string name, int at) = (range.Name.Name, range.Name.Name.IndexOf("range", StringComparison.Ordinal));
        string also = at < 0 ? QuotedText.Cut(name, "_multirange") : QuotedText.Cut($"{name[..at]}multi{name[at..]}", "");
        return range.Name with { Name = also };
    }

    private static string? Value(CatalogObject range, string word) =>
        range[CatalogFact.Definition] is { } text && text.IndexOf($" AS RANGE (", StringComparison.Ordinal) is > 0 and var at
            ? QuotedText.Split(text[(at + " AS RANGE (".Length)..^1], ',')
                .FirstOrDefault(item => item.StartsWith(word, StringComparison.Ordinal))?[word.Length..]
            : null;
}
