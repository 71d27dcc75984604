using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Evidence;

/// <summary>Which files of an image or a directory are the document and the migrations, and what they say. Pure.</summary>
/// <param name="Migrations">The directory's path; "." for a checkout's own directory, which no image may name.</param>
/// <param name="Tool">Whose migrations they are; null for what they tell.</param>
internal sealed record ChangelogFiles(string? Document, string Migrations, MigrationTool? Tool = null)
{
    /// <summary>How deep below the migrations directory a file may lie.</summary>
    public const int Depth = 7;

    /// <summary>What some tools keep deeper than in the directory and those in it.</summary>
    private static readonly string[] s_deep = [".sql", ".xml", ".yaml", ".yml", ".json", ".rb", ".cs", ".java", ".kt"];

    /// <summary>The places of the document, the first that is there counts.</summary>
    public IEnumerable<string> Documents => Document is null ? ChangelogSource.DefaultDocuments : [Document];

    public static ChangelogFiles Of(ChangelogSource source) => new(source.Document, source.Migrations, source.Tool);

    /// <summary>What the migrations' paths begin with: nothing where the directory itself holds them.</summary>
    private string Prefix => Migrations == "." ? "" : Migrations + "/";

    /// <summary>Whether a path is needed at all. Of the migrations directory only what decides is: other files there are strays.</summary>
    public bool IsWanted(string path)
    {
        if (Documents.Contains(path, StringComparer.Ordinal))
        {
            return true;
        }

        // A directory without migration.sql is known by its other files, so one level below the migrations is wanted whole.
        string[] parts = path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..].Split('/') : [];
        return parts.Length is 1 or 2 || (Tool != MigrationTool.Prisma && parts.Length is > 2 and <= Depth && IsWantedDeep(parts));
    }

    /// <summary>Django's apps stand among the rest of a project, and packages bring theirs.</summary>
    private bool IsWantedDeep(string[] parts) =>
        !parts.Contains("site-packages", StringComparer.Ordinal) && !parts.Contains("node_modules", StringComparer.Ordinal) && (
        Array.Exists(s_deep, ending => parts[^1].EndsWith(ending, StringComparison.Ordinal))
            || (parts[^1].EndsWith(".py", StringComparison.Ordinal) && (parts[^2] == "migrations" || IsBelowRevisions(parts))));

    /// <summary>
    /// Alembic's recursive_version_locations: below `versions`, or wherever the directories are dates, as its file_template may make them
    /// (https://alembic.sqlalchemy.org/en/latest/tutorial.html).
    /// </summary>
    private bool IsBelowRevisions(string[] parts) =>
        Tool == MigrationTool.Alembic || Migrations.Split('/').Concat(parts[..^1]).Contains("versions", StringComparer.Ordinal)
        || Array.Exists(parts[..^1], directory => directory.All(char.IsAsciiDigit));

    /// <param name="files">Content by path, as wanted.</param>
    /// <param name="source">The image or directory, for messages.</param>
    /// <param name="digest">The image's digest; null for a directory.</param>
    public Evidence<ChangelogEvidence> Read(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string source, string? digest)
    {
        string? path = Documents.FirstOrDefault(files.ContainsKey);
        if (path is null)
        {
            return new Evidence<ChangelogEvidence>.Missing(
                Reasons.ChangelogNotFound,
                $"{source} has no {string.Join(" and no ", Documents)}. Ship the document, "
                    + "or say where it is (spec.changelog.document, --document).");
        }

        string text = Encoding.UTF8.GetString(files[path].Span);
        return ReadMigrations(files, source) switch
        {
            Evidence<MigrationSet>.Found { Value: var set } => new Evidence<ChangelogEvidence>.Found(
                new(source, digest, path, ChangelogParser.Parse(text), set) { DocumentText = text }),
            Evidence<MigrationSet>.Missing { Reason: var reason, Message: var message } =>
                new Evidence<ChangelogEvidence>.Missing(reason, message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The files of the migrations directory, by their path below it.</summary>
    public IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> BelowMigrations(
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files) => files
        .Where(file => file.Key.StartsWith(Prefix, StringComparison.Ordinal) && !Documents.Contains(file.Key, StringComparer.Ordinal))
        .Select(file => KeyValuePair.Create(file.Key[Prefix.Length..], file.Value));

    /// <summary>The migrations alone, for who needs no document.</summary>
    public Evidence<MigrationSet> ReadMigrations(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string source)
    {
        MigrationSet set = MigrationSet.Read(BelowMigrations(files), Tool);
        if (set is { Migrations.Count: 0, Problems.Count: 0 })
        {
            // Zero required migrations would open every gate: a mistyped path must not.
            return new Evidence<MigrationSet>.Missing(
                Reasons.MigrationsNotFound,
                $"{source} has no migration below {Migrations}. Ship the migrations, or say where they are (spec.changelog.migrations, "
                    + "--migrations).");
        }

        return new Evidence<MigrationSet>.Found(set);
    }
}
