namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Where new entries stand among those of a section.</summary>
/// <remarks>By name where the section, or a single entry's document, is sorted by names, oldest or newest first; else at the end.</remarks>
internal sealed class EntryOrder
{
    private readonly IReadOnlyList<string> _section;

    /// <summary>1 where names ascend, -1 where they descend, 0 where they do neither.</summary>
    private readonly int _direction;

    /// <param name="names">Of the new entries.</param>
    /// <param name="section">The names that it has.</param>
    /// <param name="sections">Those of all sections.</param>
    public EntryOrder(IEnumerable<string> names, IReadOnlyList<string> section, IEnumerable<IReadOnlyList<string>> sections)
    {
        _section = section;
        if (section.Concat(names).All(MigrationFileText.IsMigrationName))
        {
            _direction = section.Count > 1 ? Direction(section) : sections.Select(Direction).FirstOrDefault(found => found != 0, 1);
        }
    }

    /// <summary>The new entries for each place among the section's own, from the last place to the first.</summary>
    public IEnumerable<(int At, List<ChangelogEntry> Entries)> Places(IReadOnlyList<ChangelogEntry> entries) => entries
        .Order(Comparer<ChangelogEntry>.Create((one, other) => Compare(one.Name, other.Name)))
        .GroupBy(entry => IndexFor(entry.Name))
        .Select(place => (place.Key, place.ToList()))
        .OrderByDescending(place => place.Key);

    /// <summary>Before the first that comes behind it.</summary>
    private int IndexFor(string name)
    {
        (int low, int high) = (_direction == 0 ? _section.Count : 0, _section.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Compare(_section[middle], name) > 0 ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private int Compare(string one, string other) => _direction * Math.Sign(string.CompareOrdinal(one, other));

    private static int Direction(IReadOnlyList<string> names)
    {
        var signs = names.Zip(names.Skip(1)).Select(pair => Math.Sign(string.CompareOrdinal(pair.Second, pair.First))).Distinct().ToList();
        return names.All(MigrationFileText.IsMigrationName) && signs is [var only] ? only : 0;
    }
}
