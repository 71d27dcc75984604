namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>What a publication publishes: <c>TABLE "s"."t" ("a") WHERE (…)</c> each.</summary>
internal static class Published
{
    private const string Word = "TABLE ";

    /// <summary>Each table has the word before it since this major; before, the first one alone.</summary>
    private const int WordEach = 15;

    /// <summary>What follows FOR and SET.</summary>
    public static string Clause(CatalogObject publication, int major)
    {
        string list = publication[CatalogFact.Publishes]!;
        return major >= WordEach || !list.StartsWith(Word, StringComparison.Ordinal)
            ? list
            : Word + string.Join(", ", Entries(publication).Select(entry => entry[Word.Length..]));
    }

    public static IReadOnlyList<string> Entries(CatalogObject publication) =>
        QuotedText.Split(publication[CatalogFact.Publishes] ?? "", ',');

    /// <summary>Those whose tables it publishes; none where it publishes all tables.</summary>
    public static IEnumerable<string> Schemas(CatalogObject publication) => Entries(publication)
        .Where(entry => entry.Contains('"', StringComparison.Ordinal))
        .Select(entry => QuotedName.Parts(entry[entry.IndexOf('"', StringComparison.Ordinal)..])[0]);

    /// <summary>Whether a part of the table's columns or rows is, by name.</summary>
    public static bool IsRestricted(string entry) => QuotedText.Split(entry, ' ') is ["TABLE", _, _, ..];

    /// <summary>The word and the table.</summary>
    public static string Table(string entry) => string.Join(' ', QuotedText.Split(entry, ' ').Take(2));

    /// <summary>The columns that a list or a condition may name.</summary>
    public static IEnumerable<CatalogName> Columns(CatalogObject publication, NeedGraph graph) =>
        from entry in Entries(publication)
        where IsRestricted(entry)
        let table = graph.Relation(QuotedText.Split(entry, ' ')[1])
        where table is not null
        from column in graph.Catalog.Objects.Keys
        where column.Kind == CatalogKind.Column && column.Schema == table.Schema && column.Owner == table.Name
            && entry.Contains(column.Name, StringComparison.Ordinal)
        select column;
}
