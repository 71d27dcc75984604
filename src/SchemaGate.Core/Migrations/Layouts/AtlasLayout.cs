using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Atlas's <c>20240101_x.sql</c> beside <c>atlas.sum</c> (sql/migrate/dir.go). The history's hash is taken over all files up to this one,
/// so it tells nothing of this one alone.
/// </summary>
internal sealed class AtlasLayout : MigrationLayout
{
    public const string SumFile = "atlas.sum";

    private const string Checkpoint = "atlas:checkpoint";

    public override MigrationTool Tool => MigrationTool.Atlas;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file => file.Path == SumFile);

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems)
    {
        foreach (LayoutFile file in files.Where(file => !file.IsNested))
        {
            if (file.Stem(".sql") is not { } name)
            {
                continue;
            }

            // A database that has run the files before it never runs it, a new one never runs those.
            if (ScriptParts.HasMark(file, Checkpoint))
            {
                problems.Add($"{Printable(file.Path)} is a checkpoint, of which no history tells whether it is needed: "
                    + "leave it out of the directory.");
            }

            yield return new(name, file.Text, MigrationChecksum.None) { Key = KeyOf(name) };
        }
    }

    public override string KeyOf(string name) => name.Split('_')[0];

    public override bool Covers(HistoryRow row, Migration migration) =>
        row.State == HistoryRowState.Applied && string.CompareOrdinal(migration.Key, row.Name) < 0;
}
