using SchemaGate.Core.Changelogs;

namespace SchemaGate.Cli.Changelogs;

/// <summary>What <c>changelog list</c> found.</summary>
internal sealed record EntriesReport(string Document, IReadOnlyList<EntryReport> Entries);

/// <summary>One entry, and what is wrong with it.</summary>
/// <param name="Status">PENDING, MIGRATED or DEPLOYED.</param>
/// <param name="Section">Likewise.</param>
/// <param name="Line">Of its heading, from 1.</param>
/// <param name="Risk">Low, Medium, High or Critical; null where none of these is stated.</param>
/// <param name="Migrations">Those that its Migration File names.</param>
internal sealed record EntryReport(
    string Name, string Status, string Section, int Line, string? Risk, IReadOnlyList<string> Migrations)
{
    public required IReadOnlyList<EntryField> Fields { get; init; }

    public required IReadOnlyList<EntryFinding> Findings { get; init; }

    public static EntryReport Of(ChangelogEntry entry, Changelog changelog) => new(
        entry.Name, Word(entry.Status), Word(entry.Section), entry.Span.Line, entry.Risk?.ToString(), entry.MigrationFiles)
    {
        Fields = [.. entry.Fields.Select(field => new EntryField(field.Label, field.Text, field.Items))],
        Findings = [.. changelog.Findings.Where(finding => finding.Migration == entry.Name).Select(finding => new EntryFinding(
            finding.Id, finding.Severity.ToString().ToLowerInvariant(), finding.Span?.Line, finding.Message))],
    };

    public string? Field(string label) =>
        Fields.FirstOrDefault(field => field.Label.Equals(label, StringComparison.OrdinalIgnoreCase))?.Text;

    private static string Word(ChangelogStatus status) => status.ToString().ToUpperInvariant();
}

/// <summary>One of its bullets, as plain text.</summary>
internal sealed record EntryField(string Label, string Text, IReadOnlyList<string> Items);

/// <summary>What the document says wrongly about it.</summary>
internal sealed record EntryFinding(string Id, string Severity, int? Line, string Message);
