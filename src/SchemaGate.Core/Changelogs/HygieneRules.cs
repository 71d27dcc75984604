namespace SchemaGate.Core.Changelogs;

/// <summary>What is good to have in an entry, and does not block.</summary>
internal static class HygieneRules
{
    public static void Judge(ChangelogEntry entry, bool hasProse, ICollection<Finding> findings)
    {
        foreach (ChangelogField date in entry.Fields)
        {
            if (!IsDate(date) || DateText.IsDate(date.Text))
            {
                continue;
            }

            string message = $"'{entry.Name}' has a {date.Label} that is no date: write it like 2024-12-24 or December 2024.";
            Add(FindingIds.DateInvalid, message, date.Span);
        }

        // What is deployed has been described and is past rolling back by this document.
        if (entry.Section == ChangelogStatus.Deployed)
        {
            return;
        }

        if (!hasProse && !Has("Descri") && !Has("Summary"))
        {
            Add(FindingIds.DescriptionMissing, $"'{entry.Name}' has no Description: say what changes.", entry.Span);
        }

        if (!Has("Roll"))
        {
            Add(FindingIds.RollbackMissing, $"'{entry.Name}' has no Rollback: say how the change is undone.", entry.Span);
        }

        bool Has(string label) =>
            entry.Fields.Any(field => field.HasContent && field.Label.StartsWith(label, StringComparison.OrdinalIgnoreCase));

        void Add(string id, string message, SourceSpan span) =>
            findings.Add(new(id, FindingSeverity.Information, message, span, entry.Name));
    }

    private static bool IsDate(ChangelogField field) =>
        field.Label.Equals("Date", StringComparison.OrdinalIgnoreCase)
        || field.Label.StartsWith("Date ", StringComparison.OrdinalIgnoreCase);
}
