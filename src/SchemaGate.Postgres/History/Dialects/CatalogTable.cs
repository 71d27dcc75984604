using SchemaGate.Core.Migrations;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>A table that bears the name of a history, as the catalog describes it.</summary>
/// <param name="Columns">Their names, a line each: as text, so that tables compare by value.</param>
/// <param name="Kind">pg_class.relkind: r for an ordinary table, p for a partitioned one, v for a view, …</param>
internal sealed record CatalogTable(string Schema, string Name, char Kind, string Columns)
{
    /// <summary>The full name, quoted: a search_path must not decide which table is meant.</summary>
    public override string ToString() => $"{HistoryTable.Quote(Schema)}.{(IsPlain ? Name : HistoryTable.Quote(Name))}";

    private bool IsPlain => Name.All(letter => letter == '_' || char.IsAsciiLetterLower(letter));

    public bool Has(string column) => Columns.Split('\n').Contains(column, StringComparer.Ordinal);
}

/// <summary>A history that was found: whose it is, and where.</summary>
internal sealed record HistorySource(HistoryDialect Dialect, CatalogTable Table)
{
    public ToolGuide Guide => ToolGuide.Of(Dialect.Tool);

    /// <summary>What keeps this from being read as the tool's, in a sentence; null when nothing does.</summary>
    public string? Problem => Table.Kind switch
    {
        not ('r' or 'p') => $"{Table} is no table (relkind {Table.Kind}), so it is not {Guide.Name}'s history.",
        _ when Dialect.IsOthers(Table) || Dialect.Columns.Any(column => !Table.Has(column)) =>
            $"{Table} is not {Guide.Name}'s history: that has the columns {string.Join(", ", Dialect.Columns)}. If another tool made it, "
            + "name that in spec.database.tool (--tool).",
        _ => null,
    };
}
