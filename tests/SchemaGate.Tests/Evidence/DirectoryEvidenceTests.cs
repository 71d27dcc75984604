using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Tests.Changelogs;

namespace SchemaGate.Tests.Evidence;

public sealed class DirectoryEvidenceTests : IDisposable
{
    private static readonly ChangelogFiles s_files = new("LOG.md", "migrations");

    private readonly string root = Directory.CreateTempSubdirectory("schemagate-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_directory_is_read_as_an_image_would_be()
    {
        Given();
        Write("migrations/.hidden/migration.sql", "SELECT 1;");
        Write("migrations/2024_a/deep/migration.sql", "SELECT 1;");
        ChangelogEvidence read = Assert.IsType<Evidence<ChangelogEvidence>.Found>(DirectoryEvidence.Read(root, s_files)).Value;
        Assert.Equal([".hidden", "2024_a"], read.Migrations.Names);
        Assert.Equal((root, null, "LOG.md"), (read.Source, read.Digest, read.DocumentPath));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_told() => Told("There is no directory", Path.Combine(root, "nowhere"));

    [Fact]
    public void A_linked_directory_of_migrations_is_not_followed()
    {
        Given();
        Directory.CreateSymbolicLink(Path.Combine(root, "migrations", "2024_b"), Path.Combine(root, "migrations", "2024_a"));
        Assert.Equal(
            ["2024_a"], Assert.IsType<Evidence<ChangelogEvidence>.Found>(DirectoryEvidence.Read(root, s_files)).Value.Migrations.Names);
    }

    [Fact]
    public void A_linked_script_is_told_and_does_not_vanish()
    {
        Given();
        Directory.CreateDirectory(Path.Combine(root, "migrations", "2024_b"));
        File.CreateSymbolicLink(
            Path.Combine(root, "migrations", "2024_b", "migration.sql"), Path.Combine(root, "migrations", "2024_a", "migration.sql"));
        Told("migrations/2024_b/migration.sql is a link");
    }

    [Fact]
    public void A_linked_document_is_told()
    {
        Given();
        File.Move(Path.Combine(root, "LOG.md"), Path.Combine(root, "other.md"));
        File.CreateSymbolicLink(Path.Combine(root, "LOG.md"), Path.Combine(root, "other.md"));
        Told("LOG.md is a link");
    }

    [Fact]
    public void A_file_that_is_too_large_is_told_and_not_read()
    {
        Given();
        using (FileStream large = File.Create(Path.Combine(root, "migrations", "2024_a", "dump.sql")))
        {
            large.SetLength((16 << 20) + 1);
        }

        Told("migrations/2024_a/dump.sql is larger than 16 MiB");
    }

    private void Told(string part, string? directory = null) => Assert.Contains(
        part, Assert.IsType<Evidence<ChangelogEvidence>.Missing>(
            DirectoryEvidence.Read(directory ?? root, s_files)).Message, StringComparison.Ordinal);

    private void Given()
    {
        Write("LOG.md", Document.Of());
        Write("migrations/2024_a/migration.sql", "SELECT 1;");
    }

    private void Write(string path, string content)
    {
        string file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}
