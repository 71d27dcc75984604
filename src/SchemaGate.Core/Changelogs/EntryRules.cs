namespace SchemaGate.Core.Changelogs;

/// <summary>Turns one draft into an entry and says what is wrong with it.</summary>
internal static class EntryRules
{
    public static ChangelogEntry Entry(EntryDraft draft, BlockReader reader, ICollection<Finding> findings)
    {
        List<ChangelogField> fields = draft.Fields(reader);
        ChangelogStatus section = draft.Section.Status;
        var stated = fields.Where(FieldLabel.IsStatus).ToList();
        var parsed = stated.Select(field => StatusText.Parse(field.Text)).Distinct().ToList();
        ChangelogEntry entry = new(draft.Chapter.Title, Status(parsed, section), section, reader.Span(draft.Chapter.Heading), fields);
        SourceSpan statusSpan = stated.Count == 0 ? entry.Span : stated[^1].Span;
        JudgeStatus(entry, stated, parsed, findings);
        JudgePending(entry, statusSpan, findings);
        JudgeSection(entry, statusSpan, stated.Count > 0, findings);
        HygieneRules.Judge(entry, draft.HasProse(reader), findings);
        return entry;
    }

    /// <summary>The status of an entry with these fields in this section.</summary>
    public static ChangelogStatus Status(IEnumerable<ChangelogField> fields, ChangelogStatus section) =>
        Status([.. fields.Where(FieldLabel.IsStatus).Select(field => StatusText.Parse(field.Text)).Distinct()], section);

    private static ChangelogStatus Status(List<ChangelogStatus?> parsed, ChangelogStatus section) => parsed switch
    {
        _ when parsed.Contains(ChangelogStatus.Pending) => ChangelogStatus.Pending,
        [{ } only] => only,
        _ => section,
    };

    private static void JudgeStatus(
        ChangelogEntry entry, List<ChangelogField> stated, List<ChangelogStatus?> parsed, ICollection<Finding> findings)
    {
        foreach (ChangelogField field in stated.Where(field => StatusText.Parse(field.Text) is null))
        {
            string message = field.Text.Length == 0
                ? $"'{entry.Name}' has an empty Status: write PENDING, MIGRATED or DEPLOYED."
                : $"'{entry.Name}' has the Status '{Short(field.Text)}': write exactly one of PENDING, MIGRATED and DEPLOYED.";
            findings.Add(Blocking(FindingIds.UnknownStatus, message, field.Span, entry));
        }

        if (parsed.OfType<ChangelogStatus>().Count() > 1)
        {
            string message = $"'{entry.Name}' states several statuses ({Words(parsed.OfType<ChangelogStatus>())}): keep one.";
            findings.Add(Blocking(FindingIds.UnknownStatus, message, stated[^1].Span, entry));
        }
    }

    private static void JudgePending(ChangelogEntry entry, SourceSpan statusSpan, ICollection<Finding> findings)
    {
        if (entry.Status == ChangelogStatus.Pending)
        {
            string message = $"'{entry.Name}' is PENDING: create its migration, then set its status to MIGRATED.";
            findings.Add(Blocking(FindingIds.PendingChange, message, statusSpan, entry));
        }
        else if (entry.Section == ChangelogStatus.Pending)
        {
            string message = $"'{entry.Name}' stands in the Pending section: create its migration, then move it to the Migrated section.";
            findings.Add(Blocking(FindingIds.PendingChange, message, entry.Span, entry));
        }
    }

    private static void JudgeSection(ChangelogEntry entry, SourceSpan statusSpan, bool isStated, ICollection<Finding> findings)
    {
        if (entry.Status != entry.Section)
        {
            string message = $"'{entry.Name}' is {Word(entry.Status)} but stands in the {entry.Section} section: "
                + "move it or correct its status.";
            findings.Add(Blocking(FindingIds.StatusSectionMismatch, message, statusSpan, entry));
        }
        else if (!isStated && entry.Section != ChangelogStatus.Pending && StatusText.FirstWord(entry.Name) == ChangelogStatus.Pending)
        {
            string message = $"'{entry.Name}' stands in the {entry.Section} section and reads like a section of its own: "
                + "give the entry a Status, or raise the heading.";
            findings.Add(Blocking(FindingIds.StatusSectionMismatch, message, entry.Span, entry));
        }
    }

    private static Finding Blocking(string id, string message, SourceSpan span, ChangelogEntry entry) =>
        new(id, FindingSeverity.Blocking, message, span, entry.Name);

    private static string Words(IEnumerable<ChangelogStatus> statuses) => string.Join(", ", statuses.Select(Word));

    private static string Word(ChangelogStatus status) => status.ToString().ToUpperInvariant();

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
