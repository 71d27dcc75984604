namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>The order of an entry's fields (the seed's).</summary>
internal static class FieldOrder
{
    private static readonly string[] s_labels =
    [
        "Status", "Date Added", "Date Migrated", "Date Deployed", "Description", "Changes", "Migration File", "Risk Level", "Rollback",
        "Production Notes",
    ];

    /// <summary>Behind the last field that comes before it; one that the seed does not have comes last.</summary>
    public static int IndexFor(string label, IReadOnlyList<string> labels)
    {
        int rank = Rank(label);
        if (rank < 0)
        {
            return labels.Count;
        }

        return 1 + Enumerable.Range(0, labels.Count)
            .LastOrDefault(index => Rank(labels[index]) is >= 0 and var other && other < rank, -1);
    }

    private static int Rank(string label) =>
        Array.FindIndex(s_labels, known => known.Equals(label, StringComparison.OrdinalIgnoreCase));
}
