using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Branches;

/// <summary>What one tree of files says of a schema: where a branch began, what was released meanwhile, what the branch has.</summary>
/// <param name="Migrations">In their tool's order; empty where there is no migrations directory.</param>
/// <param name="Document">Null where there is none, or none is asked for.</param>
/// <param name="Schemas">Prisma's schema files, by path: text.</param>
public sealed record BranchTree(MigrationSet Migrations, Changelog? Document, IReadOnlyDictionary<string, string> Schemas)
{
    /// <summary>The files of the migrations directory, by their path below it.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files { get; init; } =
        new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);

    internal Migration? Find(string name) => ByName.GetValueOrDefault(name);

    private Dictionary<string, Migration> ByName
    {
        get
        {
            if (field is null)
            {
                field = new(StringComparer.Ordinal);
                foreach (Migration migration in Migrations.Migrations)
                {
                    field.TryAdd(migration.Name, migration);
                }
            }

            return field;
        }
    }

    /// <summary>Whether a migration here and one of another tree do the same. Line ends are no difference, as to the tools.</summary>
    internal bool IsSame(Migration own, Migration other, BranchTree others)
    {
        // What is not SQL has no text to compare but its file's.
        if (own.Unjudged is null && other.Unjudged is null && own.Sql.Length > 0)
        {
            return Lines(own.Sql) == Lines(other.Sql)
                && (own.Checksum.Matches(other.Checksum.Value) || other.Checksum.Matches(own.Checksum.Value));
        }

        return own.File is null || other.File is null
            ? Lines(own.Sql) == Lines(other.Sql)
            : BranchFiles.AreSame(Files.GetValueOrDefault(own.File), others.Files.GetValueOrDefault(other.File));
    }

    private static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);
}
