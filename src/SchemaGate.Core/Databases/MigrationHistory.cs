namespace SchemaGate.Core.Databases;

/// <summary>The history table's rows by <c>started_at</c>, and what follows from them.</summary>
public sealed record MigrationHistory(IReadOnlyList<HistoryRow> Rows)
{
    public static MigrationHistory Empty { get; } = new([]);

    /// <summary>Whose history it is. Its rows have the names that this tool gives them, which may be no more than a number.</summary>
    public MigrationTool Tool { get; init; }

    /// <summary>The same history, its rows told otherwise: what follows from them is worked out anew.</summary>
    internal MigrationHistory With(IEnumerable<HistoryRow> rows) => new([.. rows]) { Tool = Tool };

    /// <summary>The last applied row of each applied migration, by name (ordinal).</summary>
    public IReadOnlyDictionary<string, HistoryRow> Applied { get; } = Rows
        .Where(row => row.State == HistoryRowState.Applied)
        .GroupBy(row => row.Name, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);

    /// <summary>Rows that neither finished nor were rolled back. One of them stops every Prisma deploy (P3009).</summary>
    public IReadOnlyList<HistoryRow> Unfinished { get; } =
        Rows.Where(row => row.State == HistoryRowState.Unfinished).ToList();
}
