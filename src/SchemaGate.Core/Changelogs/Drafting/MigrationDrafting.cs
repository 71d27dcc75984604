using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>
/// Writes entries from SQL: pure, and the same for the same migrations. It says what the text tells, no less, and calls low no risk that
/// it could not read.
/// </summary>
public static class MigrationDrafting
{
    /// <summary>Drafts of migrations, in the set's order; each is read on the schema that the earlier ones leave.</summary>
    /// <param name="set">All migrations up to the last that is wanted: they are the context.</param>
    /// <param name="options">As for the judgement.</param>
    /// <param name="names">Those that are wanted; null for all.</param>
    /// <param name="file">A migration's file as the document is to name it; null where nothing tells.</param>
    public static IEnumerable<DraftedEntry> Draft(
        IEnumerable<ParsedMigration> set, RiskOptions options, IReadOnlySet<string>? names, Func<string, string?> file)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(file);
        KnownSchema schema = KnownSchema.Empty with { IsComplete = options.SetIsWhole };
        (int transaction, int index) = (0, 0);
        foreach (ParsedMigration migration in set)
        {
            MigrationContext whole = MigrationJudgement.Fold(migration, index++, schema, transaction, options);
            (schema, transaction) = (whole.After, whole.Progress.Transaction);
            if (names?.Contains(migration.Name) != false)
            {
                yield return Entry(whole, file(migration.Name));
            }
        }
    }

    private static DraftedEntry Entry(MigrationContext whole, string? file)
    {
        MigrationRisk risk = MigrationJudgement.Verdict(whole);
        ChangeList list = ChangeList.Of(whole);
        IReadOnlyList<string> items = list.Items();
        FieldValue changes = new("Changes", items.Count == 0 ? "None: the migration has no statement" : "", items);
        IEnumerable<FieldValue> place = file is not null && IsReadAs(file, whole.Migration.Name)
            ? [new FieldValue("Migration File", Marked.Code(file))] : [];
        return new(
            whole.Migration.Name,
            RiskDraft.Level(risk, list.Changes),
            [
                DescriptionDraft.Of(whole.Migration.Name), changes, .. place, RiskDraft.Of(risk, list.Changes),
                RollbackDraft.Of(list.Changes), ProductionNotes.Of(whole, risk, list.Changes),
            ])
        {
            Tables = whole.After.Tables.Count(
                table => whole.After.IsNew(table.Made) && table.Persistence != Persistence.Temporary && table.PartitionOf is null),
        };
    }

    /// <summary>A path with spaces or brackets would be read as another migration's, which the document would then be blamed for.</summary>
    private static bool IsReadAs(string file, string name)
    {
        ChangelogEntry entry = new(
            name, ChangelogStatus.Migrated, ChangelogStatus.Migrated, default, [new ChangelogField("Migration File", file, [], default)]);
        HashSet<string> files = new(StringComparer.Ordinal) { name };
        return DocumentedChange.Of(entry, files) is { Mismatch: null, Migrations: [var only] } && only == name;
    }
}
