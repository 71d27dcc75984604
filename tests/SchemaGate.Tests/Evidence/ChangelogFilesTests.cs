using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Tests.Changelogs;

namespace SchemaGate.Tests.Evidence;

public sealed class ChangelogFilesTests
{
    private static readonly ChangelogFiles s_default = new(null, "prisma/migrations");

    [Theory]
    [InlineData("docs/DATABASE_SCHEMA_CHANGELOG.md", true)]
    [InlineData("DATABASE_SCHEMA_CHANGELOG.md", true)]
    [InlineData("prisma/migrations/2024_a/migration.sql", true)]
    [InlineData("prisma/migrations/2024_a/notes.txt", true)]
    [InlineData("prisma/migrations/migration_lock.toml", true)]
    [InlineData("prisma/migrations/2024_a/deep/notes.txt", false)]
    [InlineData("prisma/migrations_old/2024_a/migration.sql", false)]
    [InlineData("prisma/migrations", false)]
    [InlineData("prisma/schema.prisma", false)]
    [InlineData("docs/database_schema_changelog.md", false)]
    [InlineData("node_modules/x/DATABASE_SCHEMA_CHANGELOG.md", false)]
    public void Only_the_document_and_the_migrations_are_wanted(string path, bool wanted) => Assert.Equal(wanted, s_default.IsWanted(path));

    [Theory]
    [InlineData("m/2024/01/V1__x.sql", true)]
    [InlineData("m/shop/migrations/0001_x.py", true)]
    [InlineData("m/versions/2025/01/d1_d.py", true)]
    [InlineData("m/2025/01/d1_d.py", true)]
    [InlineData("m/versions/node_modules/x/d1_d.py", false)]
    [InlineData("m/shop/tests/test_x.py", false)]
    [InlineData("m/a/b/logo.png", false)]
    [InlineData("m/lib/site-packages/x/migrations/0001_x.py", false)]
    [InlineData("m/1/2/3/4/5/6/7/x.sql", false)]
    public void Other_tools_than_Prisma_keep_migrations_deeper(string path, bool wanted)
    {
        Assert.Equal(wanted, new ChangelogFiles("LOG.md", "m").IsWanted(path));
        Assert.False(new ChangelogFiles("LOG.md", "m", MigrationTool.Prisma).IsWanted(path));
    }

    [Theory]
    [InlineData("m", MigrationTool.Alembic)]
    [InlineData("m/versions", null)]
    public void Alembics_revisions_may_lie_in_any_directory(string migrations, MigrationTool? tool) =>
        Assert.True(new ChangelogFiles("LOG.md", migrations, tool).IsWanted($"{migrations}/shop/box/d1_d.py"));

    [Fact]
    public void A_document_that_is_named_stands_for_both_places()
    {
        ChangelogFiles files = new("LOG.md", "m");
        Assert.True(files.IsWanted("LOG.md"));
        Assert.False(files.IsWanted("docs/DATABASE_SCHEMA_CHANGELOG.md"));
    }

    [Fact]
    public void The_first_place_of_the_document_counts()
    {
        ChangelogEvidence image = Found(
            Read(("DATABASE_SCHEMA_CHANGELOG.md", "# no"), ("docs/DATABASE_SCHEMA_CHANGELOG.md", Document.Of()), Migration("a")));
        Assert.Equal("docs/DATABASE_SCHEMA_CHANGELOG.md", image.DocumentPath);
        Assert.DoesNotContain(image.Document.Findings, finding => finding.Severity == FindingSeverity.Blocking);
    }

    [Fact]
    public void A_document_that_is_missing_is_told_with_the_places()
    {
        Evidence<ChangelogEvidence>.Missing missing = Missing(Read(Migration("a")));
        Assert.Equal(Reasons.ChangelogNotFound, missing.Reason);
        Assert.Contains("image:1 has no docs/DATABASE_SCHEMA_CHANGELOG.md and no "
            + "DATABASE_SCHEMA_CHANGELOG.md", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prisma/schema.prisma")]
    [InlineData("prisma/migrations/migration_lock.toml")]
    [InlineData("prisma/migrations/migration.sql")]
    public void No_migration_at_all_is_never_zero_required(string path)
    {
        string content = path.EndsWith(".toml", StringComparison.Ordinal) ? "provider = \"postgresql\"\n" : "SELECT 1;";
        Assert.Equal(Reasons.MigrationsNotFound, Missing(Read(("DATABASE_SCHEMA_CHANGELOG.md", Document.Of()), (path, content))).Reason);
    }

    [Fact]
    public void A_directory_without_its_script_is_a_problem_and_not_nothing()
    {
        ChangelogEvidence image = Found(Read(("DATABASE_SCHEMA_CHANGELOG.md", Document.Of()), ("prisma/migrations/2024_a/notes.txt", "x")));
        Assert.Contains("'2024_a' has no migration.sql", Assert.Single(image.Migrations.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_migrations_path_one_level_too_high_is_a_problem_and_not_nothing()
    {
        ChangelogFiles high = new(null, "prisma");
        (string, string)[] files = [("DATABASE_SCHEMA_CHANGELOG.md", Document.Of()), ("prisma/migrations/migration_lock.toml", "x")];
        Assert.NotEmpty(Found(high.Read(Bytes(files), "image:1", null)).Migrations.Problems);
    }

    private static (string Path, string Content) Migration(string name) => ($"prisma/migrations/{name}/migration.sql", "SELECT 1;");

    private static Evidence<ChangelogEvidence> Read(params (string Path, string Content)[] files) =>
        s_default.Read(Bytes(files), "image:1", "sha256:1");

    private static Dictionary<string, ReadOnlyMemory<byte>> Bytes((string Path, string Content)[] files) =>
        files.ToDictionary(file => file.Path, file => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Content), StringComparer.Ordinal);

    private static ChangelogEvidence Found(Evidence<ChangelogEvidence> evidence) =>
        Assert.IsType<Evidence<ChangelogEvidence>.Found>(evidence).Value;

    private static Evidence<ChangelogEvidence>.Missing Missing(Evidence<ChangelogEvidence> evidence) =>
        Assert.IsType<Evidence<ChangelogEvidence>.Missing>(evidence);
}
