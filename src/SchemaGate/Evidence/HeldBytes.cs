using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;

namespace SchemaGate.Evidence;

/// <summary>What evidence takes in memory, in bytes: its texts, and a round number for each object around them.</summary>
internal static class HeldBytes
{
    /// <summary>A record with its fields, its place in a list, and the object header of each text.</summary>
    private const long Record = 200;

    public static long Of(Core.Evidence<ChangelogEvidence> evidence) => evidence switch
    {
        Core.Evidence<ChangelogEvidence>.Found { Value: var value } => Of(value),
        Core.Evidence<ChangelogEvidence>.Missing { Message: var message } => Record + Of(message),
        Core.Evidence<ChangelogEvidence>.Unreachable { Message: var message } => Record + Of(message),
        _ => Record,
    };

    public static long Of(Core.Evidence<IReadOnlyList<MigrationRisk>> evidence) =>
        evidence is Core.Evidence<IReadOnlyList<MigrationRisk>>.Found { Value: var risks } ? Record + risks.Sum(Of) : Record;

    private static long Of(ChangelogEvidence value) => Record + Of(value.Source) + Of(value.DocumentPath) + Of(value.DocumentText)
        + value.Migrations.Migrations.Sum(Of) + value.Migrations.Problems.Sum(Of)
        + value.Document.Entries.Sum(Of) + value.Document.Findings.Sum(finding => Record + Of(finding.Message) + Of(finding.Migration));

    private static long Of(Migration migration) =>
        (2 * Record) + Of(migration.Name) + Of(migration.Key) + Of(migration.Sql) + Of(migration.Unjudged) + Of(migration.File)
        + migration.Parents.Sum(Of) + migration.Replaces.Sum(Of);

    private static long Of(ChangelogEntry entry) =>
        Record + Of(entry.Name) + entry.MigrationFiles.Sum(Of) + entry.Fields.Sum(
            field => Record + Of(field.Label) + Of(field.Text) + Of(field.Link) + field.Items.Sum(Of));

    private static long Of(MigrationRisk risk) => Record + Of(risk.Migration) + Of(risk.Sentence) + Of(risk.Fault)
        + risk.Findings.Sum(finding => Record + Of(finding.Message) + Of(finding.SafeWay))
        + risk.Locks.Sum(hazard => Record + Of(hazard.Sentence) + Of(hazard.Table.ToString()));

    private static long Of(string? text) => text is null ? 0 : 24 + (sizeof(char) * (long)text.Length);
}
