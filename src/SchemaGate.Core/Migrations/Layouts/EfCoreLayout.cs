using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Entity Framework Core's <c>20240101120000_Name.cs</c>; the MigrationId is the file's name
/// (https://learn.microsoft.com/ef/core/managing-schemas/migrations).
/// </summary>
internal sealed class EfCoreLayout : MigrationLayout
{
    private const int StampLength = 14;

    public override MigrationTool Tool => MigrationTool.EfCore;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file => Id(file) is not null);

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems) => files
        .Select(Id).OfType<string>()
        .Select(id => new Migration(id, "", MigrationChecksum.None) { Unjudged = "it is written in C#" })
        .OrderBy(migration => migration.Key, StringComparer.Ordinal);

    public override string KeyOf(string name) => name;

    private static string? Id(LayoutFile file) =>
        !file.EndsWith(".Designer.cs") && file.Stem(".cs") is { Length: > StampLength } id && id[StampLength] == '_'
        && id.AsSpan(0, StampLength).IndexOfAnyExceptInRange('0', '9') < 0
            ? id
            : null;
}
