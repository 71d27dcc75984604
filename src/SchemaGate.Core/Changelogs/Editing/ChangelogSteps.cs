using System.Text.RegularExpressions;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>What a change goes through, each step as edits: its migration is made, then it is deployed.</summary>
public static partial class ChangelogSteps
{
    private const int LongestPlaceholder = 20;

    /// <summary>
    /// The entry has a migration: it gets its name, the Migrated section, the status, the date, where the file is, and whatever of
    /// <paramref name="drafted"/> it does not say itself.
    /// </summary>
    /// <param name="entry">The entry as it is.</param>
    /// <param name="migration">The migration's name.</param>
    /// <param name="file">The migration's file, as the document shall name it.</param>
    /// <param name="date">When; null where a date that is there stays.</param>
    /// <param name="drafted">Fields for an entry that lacks them.</param>
    public static IReadOnlyList<ChangelogEdit> Migrated(
        ChangelogEntry entry, string migration, string file, StepDate date, IReadOnlyList<FieldValue> drafted) =>
    [
        new ChangelogEdit.RenameEntry(entry.Name, migration),
        new ChangelogEdit.MoveEntry(migration, ChangelogStatus.Migrated),
        new ChangelogEdit.SetStatus(migration, ChangelogStatus.Migrated),
        .. Dated(entry, migration, "Date Migrated", date),
        .. Names(entry, migration) ? [] : Set(migration, new(Label(entry, "Migration File", "Migration"), $"`{file}`")),
        .. drafted.Where(field => entry.Field(field.Label) is not { HasContent: true }).SelectMany(field => Set(migration, field)),
    ];

    /// <summary>Production has it: the Deployed section, the status, the date.</summary>
    public static IReadOnlyList<ChangelogEdit> Deployed(ChangelogEntry entry, StepDate date) =>
    [
        new ChangelogEdit.MoveEntry(entry.Name, ChangelogStatus.Deployed),
        new ChangelogEdit.SetStatus(entry.Name, ChangelogStatus.Deployed),
        .. Dated(entry, entry.Name, "Date Deployed", date),
    ];

    /// <summary>
    /// Whether a migration was made for an entry: it has the entry's name, or behind its digits the words of the entry's title; or the
    /// entry names it.
    /// </summary>
    public static bool Fits(ChangelogEntry entry, string migration) =>
        entry.Name == migration || Names(entry, migration) || Slug(entry.Name) == Slug(Title(migration));

    /// <summary>A migration's name without its digits, or the word itself.</summary>
    public static string Title(string migration) => MigrationFileText.IsMigrationName(migration)
        ? migration[(migration.IndexOf('_', StringComparison.Ordinal) + 1)..]
        : migration;

    /// <summary>Words as <c>prisma migrate dev --name</c> writes them into a directory's name.</summary>
    public static string Slug(string title) => NoWord().Replace(title.ToLowerInvariant(), "_").Trim('_');

    private static bool Names(ChangelogEntry entry, string migration) =>
        entry.MigrationFiles.Contains(migration, StringComparer.Ordinal);

    private static IEnumerable<ChangelogEdit> Dated(ChangelogEntry entry, string name, string label, StepDate date) =>
        date.IsGiven || entry.Field(label) is not { HasContent: true } field || IsNoDate(field.Text)
            ? Set(name, new(label, date.Text))
            : [];

    /// <summary>"TBD", "—", "not yet": a word or two and no number, which stand for a date until there is one.</summary>
    private static bool IsNoDate(string text) =>
        text.Length <= LongestPlaceholder && !text.Any(char.IsAsciiDigit) && !text.Contains('(', StringComparison.Ordinal);

    private static string Label(ChangelogEntry entry, string usual, string other) =>
        entry.Field(usual) is null && entry.Field(other) is { } written ? written.Label : usual;

    private static IEnumerable<ChangelogEdit> Set(string name, FieldValue field) => [new ChangelogEdit.SetField(name, field)];

    [GeneratedRegex(@"[^\p{L}\p{N}]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoWord();
}

/// <summary>When a step was made.</summary>
/// <param name="Text">As the document shall say it.</param>
/// <param name="IsGiven">Somebody named it: it takes the place of one that is there.</param>
public sealed record StepDate(string Text, bool IsGiven);
