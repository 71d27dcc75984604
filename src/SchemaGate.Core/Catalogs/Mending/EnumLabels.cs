namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>The labels of an enum, as literals in their order.</summary>
internal static class EnumLabels
{
    public static IReadOnlyList<string> Of(CatalogObject type) => QuotedText.Split(type[CatalogFact.Labels] ?? "", '\n');

    /// <summary>Whether the old labels stand among the new ones in their order.</summary>
    public static bool OnlyAdded(CatalogObject from, CatalogObject to)
    {
        IReadOnlyList<string> old = Of(from);
        return Of(to).Where(old.Contains).SequenceEqual(old, StringComparer.Ordinal);
    }

    /// <summary>Whether a label of the old ones is gone: a row that has it stops the change.</summary>
    public static bool Lost(CatalogObject from, CatalogObject to) => Of(from).Except(Of(to), StringComparer.Ordinal).Any();

    /// <summary>A statement for each label that is new, each at its place.</summary>
    public static IEnumerable<string> Added(CatalogObject from, CatalogObject to)
    {
        IReadOnlyList<string> labels = Of(to);
        HashSet<string> there = [.. Of(from)];
        for (int at = 0; at < labels.Count; at++)
        {
            if (there.Add(labels[at]))
            {
                yield return $"ALTER TYPE {SqlNames.Of(to.Name)} ADD VALUE {labels[at]}{Place(labels, at, there)};";
            }
        }
    }

    public static string Created(CatalogObject type) =>
        $"CREATE TYPE {SqlNames.Of(type.Name)} AS ENUM ({string.Join(", ", Of(type))});";

    /// <summary>After the one before it, or before the first; at the end it needs no word.</summary>
    private static string Place(IReadOnlyList<string> labels, int at, HashSet<string> there)
    {
        if (labels.Skip(at + 1).FirstOrDefault(there.Contains) is not { } next)
        {
            return "";
        }

        return at == 0 ? $" BEFORE {next}" : $" AFTER {labels[at - 1]}";
    }
}
