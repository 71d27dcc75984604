using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// node-pg-migrate's files: scripts, or SQL with <c>-- Up Migration</c> (https://salsita.github.io/node-pg-migrate). By timestamp, then by
/// name.
/// </summary>
internal sealed class NodePgMigrateLayout : MigrationLayout
{
    public const string UpMark = "Up Migration";

    public override MigrationTool Tool => MigrationTool.NodePgMigrate;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file =>
        (KnexLayout.Name(file) is not null
            && (file.Text.Contains("pgm", StringComparison.Ordinal) || file.Text.Contains("node-pg-migrate", StringComparison.Ordinal)))
        || (Script(file) is not null && ScriptParts.HasMark(file, UpMark)));

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems) => files
        .Select(Of)
        .OfType<Migration>()
        .DistinctBy(migration => migration.Name, StringComparer.Ordinal)
        .OrderBy(migration => ScriptParts.Number(migration.Name) ?? "", Comparer<string>.Create(ScriptParts.CompareNumbers))
        .ThenBy(migration => migration.Name, StringComparer.Ordinal);

    public override string KeyOf(string name) => name;

    private static Migration? Of(LayoutFile file)
    {
        if (Script(file) is { } sql)
        {
            bool isMarked = ScriptParts.HasMark(file, UpMark);
            return new(sql, ScriptParts.Up(file.Text, UpMark, "Down Migration", isUpAtFirst: !isMarked), MigrationChecksum.None);
        }

        return KnexLayout.Name(file) is { } name
            ? new(name, "", MigrationChecksum.None) { Unjudged = "it is written in JavaScript" }
            : null;
    }

    private static string? Script(LayoutFile file) => file.IsNested ? null : file.Stem(".sql");
}
