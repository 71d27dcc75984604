using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using SchemaGate.Core;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes.Manifests;

namespace SchemaGate.Cli.Verify;

/// <summary>One file's manifests.</summary>
/// <param name="File">As one may open it.</param>
internal sealed record ManifestFile(string File, ManifestContent Content);

/// <summary>Reads manifests, one file at a time. What cannot be read is a sentence, and the rest is judged all the same.</summary>
internal sealed class ManifestFiles(Shell shell)
{
    private const int MostFiles = 10_000;
    private const string InputName = "<stdin>";

    private static readonly string[] s_endings = [".yaml", ".yml", ".json"];

    /// <summary>Complete when everything has been read.</summary>
    public List<string> Problems { get; } = [];

    /// <exception cref="UsageException">Standard input is too long.</exception>
    public async IAsyncEnumerable<ManifestFile> ReadAsync(
        IReadOnlyList<string> paths, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (string path in paths)
        {
            if (path == "-")
            {
                if (Input(await shell.ReadInputAsync(DirectoryEvidence.LongestFile, cancellation)) is { } input)
                {
                    yield return input;
                }

                continue;
            }

            foreach (string file in Files(path))
            {
                cancellation.ThrowIfCancellationRequested();
                if (Read(file, TextFile.Read(file, "manifest", "manifest")) is { } read)
                {
                    yield return read;
                }
            }
        }
    }

    /// <summary>Nothing given is nothing judged: whoever should have written it has failed.</summary>
    private ManifestFile? Input(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            return Read(InputName, TextFile.Decode("Standard input", bytes, "manifest"));
        }

        Problems.Add("Standard input is empty: there is nothing to judge.");
        return null;
    }

    private ManifestFile? Read(string file, Evidence<string> text)
    {
        if (text is not Evidence<string>.Found { Value: var found })
        {
            Problems.Add(((Evidence<string>.Missing)text).Message);
            return null;
        }

        string shown = file.Replace(Path.DirectorySeparatorChar, '/');
        ManifestContent content = ManifestContent.Read(found, file.EndsWith(".json", StringComparison.OrdinalIgnoreCase));
        if (content.Problem is { } problem)
        {
            string template = found.Contains("{{", StringComparison.Ordinal)
                ? " It looks like a template: render it first, as in `helm template . | schemagate verify --manifests -`."
                : "";
            Problems.Add($"{shown}:{problem.Line}: {problem.Message}.{template}");
        }

        return new(shown, content);
    }

    private IReadOnlyList<string> Files(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        try
        {
            List<string> files = [.. Below(path).Take(MostFiles + 1)];
            files.Sort(string.CompareOrdinal);
            if (files.Count is > 0 and <= MostFiles)
            {
                return files;
            }

            Problems.Add(files.Count == 0
                ? $"{path} has no manifest: no file below it ends in {string.Join(", ", s_endings)}."
                : $"{path} has more than {MostFiles} manifests. Name those that are to be judged.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Problems.Add($"{path} cannot be read: {exception.Message}");
        }

        return [];
    }

    /// <summary>Not of hidden directories, which are other tools'; no link to a directory is followed, which may lead around.</summary>
    private static FileSystemEnumerable<string> Below(string directory) => new(
        Path.TrimEndingDirectorySeparator(directory),
        (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(),
        new EnumerationOptions { AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false, RecurseSubdirectories = true })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            !entry.IsDirectory && s_endings.Contains(Path.GetExtension(entry.FileName).ToString(), StringComparer.OrdinalIgnoreCase),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
    };
}
