namespace SchemaGate.Oci.Layers;

/// <summary>A kept path: its content, or why that cannot be had should nothing later replace or delete it.</summary>
internal readonly record struct KeptFile(ReadOnlyMemory<byte> Content, OciException? Fault = null);

/// <summary>Kept files by path, and what is done to them by paths above and below. Each change costs about the depth of
/// its path plus what it removes, so that a million hostile entries stay affordable.</summary>
internal sealed class FileTree
{
    private readonly Dictionary<string, KeptFile> files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> order = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, KeptFile> Files => files;

    public void Put(string path, KeptFile file)
    {
        files[path] = file;
        order.Add(path);
    }

    public void Remove(string path)
    {
        if (files.Remove(path))
        {
            order.Remove(path);
        }
    }

    /// <summary>Removes all that lies under a directory; the empty path is the root.</summary>
    public void RemoveUnder(string directory)
    {
        if (files.Count == 0)
        {
            return;
        }

        // '0' is the character after '/'.
        var under = directory.Length == 0 ? [.. order] : order.GetViewBetween(directory + "/", directory + "0").ToArray();
        foreach (var path in under.Where(path => directory.Length == 0 || path[directory.Length] == '/'))
        {
            Remove(path);
        }
    }

    /// <summary>Whatever lies above a path is a directory, and no file any more.</summary>
    public void RemoveAbove(string path)
    {
        var lookup = files.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0 && files.Count > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (lookup.ContainsKey(path.AsSpan(0, slash)))
            {
                Remove(path[..slash]);
            }
        }
    }
}
