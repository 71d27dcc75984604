namespace SchemaGate.Core.Changelogs;

/// <summary>What is good to have in an entry, and does not block.</summary>
internal static class HygieneRules
{
    private const string DeploymentDate = "Date Deployed";

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

        JudgeStatus(entry, findings);
        // What is deployed has been described and is past rolling back by this document.
        if (entry.Section == ChangelogStatus.Deployed)
        {
            return;
        }

        if (!hasProse && !Has("Descri") && !Has("Summary"))
        {
            Add(FindingIds.DescriptionMissing, $"'{entry.Name}' has no Description: say what changes.", entry.Span);
        }

        if (!entry.Fields.Any(field => field.HasContent && FieldLabel.IsRollback(field.Label)))
        {
            Add(FindingIds.RollbackMissing, $"'{entry.Name}' has no Rollback: say how the change is undone.", entry.Span);
        }

        bool Has(string label) =>
            entry.Fields.Any(field => field.HasContent && field.Label.StartsWith(label, StringComparison.OrdinalIgnoreCase));

        void Add(string id, string message, SourceSpan span) =>
            findings.Add(new(id, FindingSeverity.Information, message, span, entry.Name));
    }

    /// <summary>DEPLOYED is what production has. A remark or a date that says otherwise is told; the status counts as it stands.</summary>
    private static void JudgeStatus(ChangelogEntry entry, ICollection<Finding> findings)
    {
        ChangelogField? field = entry.Fields.FirstOrDefault(field => entry.Status switch
        {
            ChangelogStatus.Deployed => FieldLabel.IsStatus(field) && StatusText.IsQualified(field.Text),
            ChangelogStatus.Migrated =>
                DeploymentDate.Equals(field.Label, StringComparison.OrdinalIgnoreCase) && DateText.IsDate(field.Text),
            _ => false,
        });
        if (field is not null)
        {
            string message = entry.Status == ChangelogStatus.Deployed
                ? $"'{entry.Name}' has the Status '{field.Text}', and DEPLOYED means production: keep it MIGRATED until that has it."
                : $"'{entry.Name}' is MIGRATED and has a {field.Label}: set it to DEPLOYED, in that section, if production has it.";
            findings.Add(new(FindingIds.StatusQualified, FindingSeverity.Warning, message, field.Span, entry.Name));
        }
    }

    private static bool IsDate(ChangelogField field) =>
        field.Label.Equals("Date", StringComparison.OrdinalIgnoreCase)
        || field.Label.StartsWith("Date ", StringComparison.OrdinalIgnoreCase);
}
