namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Compares what an edited text means with what was meant.</summary>
internal static class ReadsDifferently
{
    /// <summary>Sentences that say where they differ, or null.</summary>
    public static string? Than(IReadOnlyList<ChangelogEntry> meant, Changelog before, Changelog after, IReadOnlyList<ChangelogEdit> edits)
    {
        int same = meant.Zip(after.Entries).TakeWhile(pair => IsSame(pair.First, pair.Second)).Count();
        if (same < meant.Count || same < after.Entries.Count)
        {
            string name = meant.Concat(after.Entries.Skip(meant.Count)).ElementAtOrDefault(same)?.Name
                ?? after.Entries.ElementAtOrDefault(same)?.Name ?? "";
            return $"Nothing was changed: the document would not read as meant at '{name}'. Change it by hand.";
        }

        HashSet<string> edited = Edited(before, after, edits);
        return Others(after, edited).SequenceEqual(Others(before, edited))
            ? null
            : "Nothing was changed: the document would say something else beside the entry. Change it by hand.";
    }

    private static bool IsSame(ChangelogEntry left, ChangelogEntry right) =>
        (left.Name, left.Status, left.Section) == (right.Name, right.Status, right.Section)
        && left.Fields.Count == right.Fields.Count
        && left.Fields.Zip(right.Fields).All(pair => IsSame(pair.First, pair.Second));

    private static bool IsSame(ChangelogField left, ChangelogField right) =>
        (left.Label, left.Text, left.Link, left.HasBlock) == (right.Label, right.Text, right.Link, right.HasBlock)
        && left.Items.SequenceEqual(right.Items, StringComparer.Ordinal);

    /// <summary>What is wrong with other entries, and with the document.</summary>
    private static List<(string Id, string? Migration)> Others(Changelog changelog, HashSet<string> edited) => [.. changelog.Findings
        .Where(finding => finding.Id != FindingIds.SectionMissing
            && (finding.Migration is null || !edited.Contains(finding.Migration)))
        .Select(finding => (finding.Id, finding.Migration))
        .Order()];

    /// <summary>The names that the edits are about: their own, and those of entries which only one of the two documents has.</summary>
    private static HashSet<string> Edited(Changelog before, Changelog after, IReadOnlyList<ChangelogEdit> edits)
    {
        HashSet<string> names = [.. before.Entries.Select(entry => entry.Name)];
        names.SymmetricExceptWith(after.Entries.Select(entry => entry.Name));
        names.UnionWith(edits.Select(EditBatches.Entry).OfType<string>());
        return names;
    }
}
