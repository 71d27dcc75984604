using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Drafting;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Drift;

/// <summary>The changelog's entry of a migration that was made from drift.</summary>
internal static class AdoptedEntry
{
    /// <summary>
    /// The entry that somebody wrote before becomes the migration's, as with `changelog migrated`; else there is a new one. One of the
    /// migration's name stays as it is.
    /// </summary>
    public static EditOutcome Add(string text, string migration, string file, DraftedEntry draft, DateOnly today)
    {
        Changelog changelog = ChangelogParser.Parse(text);
        if (changelog.Findings.FirstOrDefault(finding => finding.Id == FindingIds.NotAChangelog) is { } finding)
        {
            return new EditOutcome.Refused($"line {finding.Span?.Line ?? 1}: {finding.Message}");
        }

        if (changelog.Entries.Any(entry => entry.Name == migration))
        {
            return new EditOutcome.Edited(text, []);
        }

        StepDate date = new(DateStyle.Write(today, changelog), IsGiven: false);
        return ChangelogEditor.Apply(
            text,
            changelog.Entries.FirstOrDefault(entry => entry.IsPending && ChangelogSteps.Fits(entry, migration)) is { } pending
                ? ChangelogSteps.Migrated(pending, migration, file, date, draft.Fields)
                :
                [
                    new ChangelogEdit.AddEntry(
                        ChangelogStatus.Migrated,
                        migration,
                        [FieldValue.Status(ChangelogStatus.Migrated), new("Date Migrated", date.Text), .. draft.Fields]),
                ],
            today);
    }
}
