namespace SchemaGate.Core.Changelogs;

/// <summary>A name stands once in the whole document; case counts, as it does for directories.</summary>
internal static class DuplicateRule
{
    public static void Judge(IEnumerable<ChangelogEntry> entries, ICollection<Finding> findings)
    {
        Dictionary<string, ChangelogEntry> first = new(StringComparer.Ordinal);
        foreach (ChangelogEntry entry in entries.Where(entry => !first.TryAdd(entry.Name, entry)))
        {
            string message = $"'{entry.Name}' stands in line {first[entry.Name].Span.Line} already: keep one of the two entries.";
            findings.Add(new(FindingIds.DuplicateEntry, FindingSeverity.Blocking, message, entry.Span, entry.Name));
        }
    }
}
