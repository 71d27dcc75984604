namespace SchemaGate.Oci.Layers;

/// <summary>Names in layers, as paths: <c>./docs//a</c> is <c>docs/a</c>, the root is empty and may be written <c>/</c>.</summary>
internal static class EntryPath
{
    public const string Whiteout = ".wh.";
    public const string Opaque = ".wh..wh..opq";

    /// <exception cref="InvalidDataException">The name leads out of the image, or is too long.</exception>
    public static string Normalize(string name, int longest)
    {
        if (name.Length > longest)
        {
            throw new InvalidDataException($"an entry's name has {name.Length} characters; at most {longest} are read");
        }

        if (name.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidDataException("an entry's name contains a NUL");
        }

        var parts = name.Split('/').Where(part => part is not ("" or ".")).ToArray();
        if (parts.Contains(".."))
        {
            throw new InvalidDataException("the name contains ..");
        }

        return name.StartsWith('/') && parts.Length > 0
            ? throw new InvalidDataException("the name is an absolute path")
            : string.Join('/', parts);
    }

    /// <summary>The directory, with its slash, and the last part.</summary>
    public static (string Directory, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        return (path[..slash], path[slash..]);
    }
}
