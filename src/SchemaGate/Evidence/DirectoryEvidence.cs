using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Evidence;

/// <summary>Reads a directory as an image would be read: for laptops and pipelines.</summary>
internal static class DirectoryEvidence
{
    /// <summary>A schema's files are small: whatever is larger is not one, and is not read into memory.</summary>
    public const int LongestFile = 16 << 20;

    /// <summary>More than any set has; somebody's home directory has more.</summary>
    public const int MostFiles = 20_000;

    /// <param name="root">The directory.</param>
    /// <param name="files">Which of its files count.</param>
    /// <param name="document">The content of <see cref="ChangelogFiles.Document"/> where it does not come from the directory.</param>
    public static Evidence<ChangelogEvidence> Read(string root, ChangelogFiles files, ReadOnlyMemory<byte>? document = null) =>
        Read(root, (document is null ? Documents(root, files) : []).Concat(Migrations(root, files)), content =>
        {
            if (document is { } given)
            {
                content[files.Document!] = given;
            }

            return files.Read(content, root, digest: null);
        });

    /// <summary>The files themselves: document, migrations and others, as far as they are there.</summary>
    /// <param name="root">The directory.</param>
    /// <param name="files">Which of its files count.</param>
    /// <param name="others">Further paths below it.</param>
    public static Evidence<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadFiles(
        string root, ChangelogFiles files, IEnumerable<string> others) => Read(
        root, Documents(root, files).Concat(Migrations(root, files)).Concat(others),
        content => new Evidence<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>.Found(content));

    /// <summary>The migrations alone.</summary>
    /// <param name="root">The directory.</param>
    /// <param name="migrations">Their directory's path below it.</param>
    /// <param name="tool">Whose they are; null for what they tell.</param>
    public static Evidence<MigrationSet> ReadMigrations(string root, string migrations, MigrationTool? tool)
    {
        ChangelogFiles files = new(Document: null, migrations, tool);
        return Read(root, Migrations(root, files), content => files.ReadMigrations(content, root));
    }

    private static Evidence<T> Read<T>(
        string root, IEnumerable<string> paths, Func<Dictionary<string, ReadOnlyMemory<byte>>, Evidence<T>> judge)
    {
        if (!Directory.Exists(root))
        {
            return Unreadable<T>($"There is no directory {root}.");
        }

        try
        {
            Dictionary<string, ReadOnlyMemory<byte>> content = new(StringComparer.Ordinal);
            foreach (string path in paths)
            {
                FileInfo file = new(Path.Combine(root, path));
                if (file.LinkTarget is not null)
                {
                    return Unreadable<T>($"{path} is a link, which an image would not follow. Put the file itself there.");
                }

                if (file.Length > LongestFile)
                {
                    return Unreadable<T>($"{path} is larger than {LongestFile >> 20} MiB.");
                }

                content[path] = File.ReadAllBytes(file.FullName);
                if (content.Count > MostFiles)
                {
                    return Unreadable<T>($"{root} has more than {MostFiles} files where migrations are looked for.");
                }
            }

            return judge(content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unreadable<T>($"{root} cannot be read: {exception.Message}");
        }
    }

    private static Evidence<T>.Missing Unreadable<T>(string message) => new(Reasons.ChangelogNotFound, message);

    private static IEnumerable<string> Documents(string root, ChangelogFiles files) =>
        files.Documents.Where(path => File.Exists(Path.Combine(root, path)));

    /// <summary>Only the places that can be wanted are walked: a checkout's node_modules is large.</summary>
    private static IEnumerable<string> Migrations(string root, ChangelogFiles files)
    {
        string migrations = Path.Combine(root, files.Migrations);
        // As Prisma does, and as an image is read: links to directories are not followed, hidden directories are migrations, too. A
        // directory that may not be read must not look empty.
        EnumerationOptions unlinked = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        EnumerationOptions all = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        int depth = files.Tool == MigrationTool.Prisma ? 1 : ChangelogFiles.Depth - 1;
        IEnumerable<string> below = Directory.Exists(migrations)
            ? Below(migrations, depth).SelectMany(directory => Directory.EnumerateFiles(directory, "*", all))
            : [];
        return below.Select(path => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/')).Where(files.IsWanted);

        IEnumerable<string> Below(
            string directory, int depth) => depth == 0 ? [directory] : Directory.EnumerateDirectories(directory, "*", unlinked)
            .Where(path => Path.GetFileName(path) is not ("node_modules" or ".git"))
            .SelectMany(path => Below(path, depth - 1))
            .Prepend(directory);
    }
}
