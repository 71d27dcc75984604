using SchemaGate.Core;
using SchemaGate.Core.Gates;

namespace SchemaGate.Evidence;

/// <summary>Reads a directory as an image would be read: for laptops and pipelines.</summary>
internal static class DirectoryEvidence
{
    /// <summary>A schema's files are small: whatever is larger is not one, and is not read into memory.</summary>
    private const long LongestFile = 16 << 20;

    private const string Unreadable = Reasons.ChangelogNotFound;

    public static Evidence<ChangelogEvidence> Read(string root, ChangelogFiles files)
    {
        if (!Directory.Exists(root))
        {
            return new Evidence<ChangelogEvidence>.Missing(Unreadable, $"There is no directory {root}.");
        }

        try
        {
            Dictionary<string, ReadOnlyMemory<byte>> content = new(StringComparer.Ordinal);
            foreach (string path in Candidates(root, files))
            {
                FileInfo file = new(Path.Combine(root, path));
                if (file.LinkTarget is not null)
                {
                    return new Evidence<ChangelogEvidence>.Missing(Unreadable, $"{path} is a link, which an image would not follow. Put the file itself there.");
                }

                if (file.Length > LongestFile)
                {
                    return new Evidence<ChangelogEvidence>.Missing(Unreadable, $"{path} is larger than {LongestFile >> 20} MiB.");
                }

                content[path] = File.ReadAllBytes(file.FullName);
            }

            return files.Read(content, root, digest: null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Evidence<ChangelogEvidence>.Missing(Unreadable, $"{root} cannot be read: {exception.Message}");
        }
    }

    /// <summary>Only the places that can be wanted are walked: a checkout's node_modules is large.</summary>
    private static IEnumerable<string> Candidates(string root, ChangelogFiles files)
    {
        string migrations = Path.Combine(root, files.Migrations);
        // As Prisma does, and as an image is read: links to directories are not followed. Hidden directories are migrations, too.
        EnumerationOptions unlinked = new() { AttributesToSkip = FileAttributes.ReparsePoint };
        EnumerationOptions all = new() { AttributesToSkip = FileAttributes.None };
        IEnumerable<string> below = Directory.Exists(migrations)
            ? Directory.EnumerateDirectories(migrations, "*", unlinked).Prepend(migrations).SelectMany(directory => Directory.EnumerateFiles(directory, "*", all))
            : [];
        return files.Documents.Where(path => File.Exists(Path.Combine(root, path)))
            .Concat(below.Select(path => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/')))
            .Where(files.IsWanted);
    }
}
