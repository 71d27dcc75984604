namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Which entry a word means.</summary>
public static class EntryNames
{
    private const int MaxNear = 3;
    private const int MaxCompared = 200;

    /// <summary>
    /// The entry of this name; else the only one whose name is that in another case, or behind its digits
    /// (<c>add_sites_model</c> for <c>20241224000000_add_sites_model</c>).
    /// </summary>
    /// <returns>The entry, or sentences that say why there is none.</returns>
    public static (ChangelogEntry? Entry, string? Problem) Find(IReadOnlyList<ChangelogEntry> entries, string name)
    {
        (ChangelogEntry? exact, string? problem) = Exact(entries, name);
        if (exact is not null || entries.Any(entry => entry.Name == name))
        {
            return (exact, problem);
        }

        List<ChangelogEntry> meant = [.. entries.Where(entry => IsMeant(entry.Name, name))];
        return meant switch
        {
            [var only] => (only, null),
            [] => (null, problem),
            _ => (null, $"'{name}' may be {Quoted(meant.Select(entry => entry.Name))}: write the whole name."),
        };
    }

    internal static (ChangelogEntry? Entry, string? Problem) Exact(IReadOnlyList<ChangelogEntry> entries, string name)
    {
        List<ChangelogEntry> found = [.. entries.Where(entry => entry.Name == name)];
        return found switch
        {
            [var only] => (only, null),
            [] => (null, $"The document has no entry '{name}'.{Near(entries, name)}"),
            [var first, var second, ..] => (null, $"'{name}' stands in line {first.Span.Line} and in line {second.Span.Line}: "
                + "keep one of the two entries, then edit it."),
        };
    }

    private static bool IsMeant(string entry, string name) =>
        entry.Equals(name, StringComparison.OrdinalIgnoreCase)
        || ChangelogSteps.Title(entry).Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string Near(IReadOnlyList<ChangelogEntry> entries, string name)
    {
        List<string> near = [.. entries.Select(entry => entry.Name)
            .Where(other => other.Length <= MaxCompared && name.Length <= MaxCompared)
            .Select(other => (Name: other, Distance: Math.Min(Distance(other, name), Distance(ChangelogSteps.Title(other), name))))
            .Where(other => other.Distance <= Math.Max(2, name.Length / 3)
                || other.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
            .OrderBy(other => other.Distance)
            .Take(MaxNear)
            .Select(other => other.Name)];
        return near.Count == 0 ? " `schemagate changelog list` names them." : $" Did you mean {Quoted(near)}?";
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(" or ", names.Select(name => $"'{name}'"));

    /// <summary>Levenshtein's, case ignored.</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
