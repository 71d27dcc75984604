namespace SchemaGate.Evidence;

/// <summary>Places that git would have nothing to say of: behind a link it sees the link, in another repository nothing at all.</summary>
internal static class GitPlaces
{
    /// <param name="top">The repository's directory.</param>
    /// <param name="below">A path below it.</param>
    /// <exception cref="GitException">A directory on the way is a link.</exception>
    public static void RefuseLinks(string top, string below)
    {
        string at = top;
        foreach (string part in below.Split('/'))
        {
            at = Path.Combine(at, part);
            // A file that is one is left to whoever reads it.
            if (Directory.Exists(at))
            {
                RefuseLink(at);
            }
        }
    }

    /// <summary>The directory of the repository that a path is in, as its own path tells; null where none does.</summary>
    /// <exception cref="GitException">The path, or a directory between the two, is a link.</exception>
    public static string? RepositoryOf(string path)
    {
        string? at = path;
        while (at is not null && !Path.Exists(Path.Combine(at, ".git")))
        {
            RefuseLink(at);
            at = Path.GetDirectoryName(at);
        }

        return at;
    }

    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new GitException($"{path} is a link, which git does not follow: name the directory itself as the PATH, or with the "
                + "option that is about it.");
        }
    }
}
