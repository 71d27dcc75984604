namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Where a new entry stands among those of its section.</summary>
internal static class EntryOrder
{
    /// <summary>
    /// By name where the section, or a single entry's document, is sorted by names, oldest or newest first; else at the end.
    /// </summary>
    public static int IndexFor(string name, IReadOnlyList<string> section, IEnumerable<IReadOnlyList<string>> sections)
    {
        if (!MigrationFileText.IsMigrationName(name) || !section.All(MigrationFileText.IsMigrationName))
        {
            return section.Count;
        }

        int direction = section.Count > 1
            ? Direction(section)
            : sections.Select(Direction).FirstOrDefault(found => found != 0, 1);
        int index = direction == 0 ? -1
            : section.Index().Where(other => direction * string.CompareOrdinal(other.Item, name) > 0)
                .Select(other => other.Index).FirstOrDefault(-1);
        return index < 0 ? section.Count : index;
    }

    /// <summary>1 where names ascend, -1 where they descend, 0 where they do neither.</summary>
    private static int Direction(IReadOnlyList<string> names)
    {
        var signs = names.Zip(names.Skip(1)).Select(pair => Math.Sign(string.CompareOrdinal(pair.Second, pair.First))).Distinct().ToList();
        return names.All(MigrationFileText.IsMigrationName) && signs is [var only] ? only : 0;
    }
}
