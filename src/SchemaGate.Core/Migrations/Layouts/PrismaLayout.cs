using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>Prisma's: see <see cref="MigrationDirectory"/>, which reads it.</summary>
internal sealed class PrismaLayout : MigrationLayout
{
    public override MigrationTool Tool => MigrationTool.Prisma;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) =>
        files.Any(file => file.Path == MigrationDirectory.LockFile
            || (file.FileName == MigrationDirectory.ScriptFile && file.Path.Split('/').Length == 2));

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems) =>
        throw new System.Diagnostics.UnreachableException();

    public override string KeyOf(string name) => name;

    public override MigrationHistory Named(MigrationHistory history, IReadOnlyList<Migration> migrations) => history;
}
