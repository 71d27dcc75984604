using System.Text.RegularExpressions;

namespace SchemaGate.Core.Changelogs.Checklists;

/// <summary>What an entry and its migration's file answer by themselves.</summary>
/// <param name="Entry">Null where the document has none.</param>
/// <param name="File">The migration's file; null where there is none.</param>
public sealed partial record EntryAnswers(ChangelogEntry? Entry, string? File)
{
    /// <summary>The answer to a point, or null where something else must be asked.</summary>
    public (ChecklistState State, string Says)? To(ChecklistKind kind) => kind switch
    {
        ChecklistKind.Documented => Documented(),
        ChecklistKind.MigrationMade => File is null
            ? (ChecklistState.No, "there is no such migration")
            : (ChecklistState.Yes, File),
        ChecklistKind.Rollback => Rollback(),
        ChecklistKind.StatusUpdated => Status(),
        ChecklistKind.Person => (ChecklistState.Open, "for a person"),
        _ => null,
    };

    private (ChecklistState State, string Says) Documented() => Entry switch
    {
        null => (ChecklistState.No, "the document has no entry for it"),
        { } entry when !entry.Fields.Any(field => field.HasContent && IsAbout(field, "Description", "Changes", "Summary")) =>
            (ChecklistState.No, $"the entry in line {entry.Span.Line} has neither Description nor Changes"),
        { } entry => (ChecklistState.Yes, $"line {entry.Span.Line}"),
    };

    private (ChecklistState State, string Says) Rollback()
    {
        ChangelogField[] fields = [.. Entry?.Fields.Where(field => field.HasContent && IsAbout(field, "Roll")) ?? []];
        return fields switch
        {
            [] => (ChecklistState.No, "the entry has no Rollback"),
            _ when fields.Any(field => field.HasBlock || field.Items.Prepend(field.Text).Any(Sql().IsMatch)) =>
                (ChecklistState.Open, "SQL is given; nothing here has run it"),
            _ => (ChecklistState.Open, "words only: untested"),
        };
    }

    private (ChecklistState State, string Says) Status() => Entry switch
    {
        null => (ChecklistState.No, "the document has no entry for it"),
        { } entry when entry.Status != entry.Section =>
            (ChecklistState.No, $"it says {entry.Status} and stands in the {entry.Section} section"),
        { IsPending: true } when File is not null => (ChecklistState.No, "it is PENDING, and its migration is there"),
        { IsPending: false } when File is null => (ChecklistState.No, $"it is {Word(Entry.Status)}, and there is no such migration"),
        { } entry => (ChecklistState.Yes, Word(entry.Status)),
    };

    private static string Word(ChangelogStatus status) => status.ToString().ToUpperInvariant();

    private static bool IsAbout(ChangelogField field, params string[] labels) =>
        labels.Any(label => field.Label.StartsWith(label, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(
        @"\b(?:ALTER|CREATE|DROP|DELETE\s+FROM|INSERT\s+INTO|UPDATE)\s.*;", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Sql();
}
