using System.Text;

namespace SchemaGate.Evidence;

using Contents = IReadOnlyDictionary<string, ReadOnlyMemory<byte>>;

/// <summary>The two commits that a branch is compared with.</summary>
internal sealed class GitHistory
{
    private readonly GitRepository git;

    /// <summary>Of the checkout below the top of its repository: empty, or with a slash at its end.</summary>
    private readonly string prefix;

    /// <summary>The repository's directory.</summary>
    private readonly string top;

    private GitHistory(GitRepository git, (string Top, string Prefix) place, string revision, string origin)
    {
        (this.git, top, prefix) = (git, place.Top, place.Prefix);
        (Revision, Origin) = (revision, origin);
    }

    /// <summary>The commit that the revision names.</summary>
    public string Revision { get; }

    /// <summary>The commit at which the branch began.</summary>
    public string Origin { get; }

    /// <summary>Whether the revision has gone on since the branch began.</summary>
    public bool IsAhead => Revision != Origin;

    /// <exception cref="GitException">There is no repository, no such revision, or nothing that the two have in common.</exception>
    public static async Task<GitHistory> OpenAsync(string root, string revision, TimeProvider time, CancellationToken cancellation)
    {
        GitRepository asked = new(root, time);
        GitAnswer place = await asked.AskAsync(
            ["rev-parse", "--is-shallow-repository", "--show-toplevel", "--show-prefix"], "", cancellation);
        if (place.Code != 0)
        {
            throw new GitException(NoRepository(root, place.Complaint));
        }

        string[] lines = place.Text.Split('\n');
        bool isShallow = lines[0] == "true";
        GitAnswer commit = await asked.AskAsync(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", $"{revision}^{{commit}}"], "", cancellation);
        if (commit.Code != 0)
        {
            throw new GitException(Unknown(revision, isShallow));
        }

        GitAnswer origin = await asked.AskAsync(["merge-base", commit.Text, "HEAD"], "", cancellation);
        return origin.Code == 0
            ? new(asked, (lines[1], lines.ElementAtOrDefault(2) ?? ""), commit.Text, origin.Text.Split('\n')[0])
            : throw new GitException(isShallow
                ? $"Where the branch and {revision} part is not in this clone, which is shallow. {Deepen}"
                : $"The branch has no commit in common with {revision}, or none at all.");
    }

    /// <summary>Both commits' files, by their path below the checkout.</summary>
    /// <param name="places">Paths below the checkout, files or directories.</param>
    /// <param name="isWanted">Which files below them count.</param>
    /// <param name="known">The working tree's, whose content need not be asked for.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<(Contents Origin, Contents Released)> ReadAsync(
        IEnumerable<string> places, Func<string, bool> isWanted, Contents known, CancellationToken cancellation)
    {
        string[] below = [.. places.Distinct(StringComparer.Ordinal)];
        string[] paths = [.. below.Select(FromTop).Distinct(StringComparer.Ordinal)];
        foreach (string place in below.Where(
            place => known.Keys.Any(path => place == "." || $"{path}/".StartsWith($"{place}/", StringComparison.Ordinal))))
        {
            GitPlaces.RefuseLinks(top, FromTop(place));
        }

        Dictionary<string, string> origin = await ListAsync(Origin, paths, isWanted, cancellation);
        Dictionary<string, string> released = IsAhead ? await ListAsync(Revision, paths, isWanted, cancellation) : origin;
        Dictionary<string, ReadOnlyMemory<byte>> contents = new(StringComparer.Ordinal);
        foreach (ReadOnlyMemory<byte> content in known.Values)
        {
            contents[GitTree.NameOf(content, Origin.Length)] = content;
        }

        string[] missing = [.. origin.Values.Union(released.Values, StringComparer.Ordinal).Where(id => !contents.ContainsKey(id))];
        if (missing.Length > 0)
        {
            GitAnswer answer = await git.AskAsync(["cat-file", "--batch"], string.Concat(missing.Select(id => $"{id}\n")), cancellation);
            foreach ((string id, ReadOnlyMemory<byte> content) in GitTree.Contents(answer.Output))
            {
                contents[id] = content;
            }
        }

        Contents Read(Dictionary<string, string> tree) => tree.ToDictionary(
            file => file.Key,
            file => contents.TryGetValue(file.Value, out ReadOnlyMemory<byte> content) ? content
                : throw new GitException("git has not said all that it was asked for."), StringComparer.Ordinal);
        return (Read(origin), Read(released));
    }

    /// <summary>The full paths of files that differ from those where the branch began, or were not there.</summary>
    /// <param name="places">Files or directories, as one may open them.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IReadOnlySet<string>> ChangedAsync(IEnumerable<string> places, CancellationToken cancellation)
    {
        string[] paths = [.. places.Select(Path.GetFullPath)];
        await RefuseOthersAsync(paths, cancellation);
        string[][] questions =
        [
            [
                "diff", "--name-only", "-z", "--no-relative", "--no-ext-diff", "--no-textconv", "--no-renames", "--diff-filter=d", Origin,
                "--", .. paths,
            ],
            ["ls-files", "-z", "--others", "--full-name", "--", .. paths],
        ];
        HashSet<string> changed = new(StringComparer.Ordinal);
        foreach (string[] question in questions)
        {
            GitAnswer answer = await git.AskAsync(question, "", cancellation);
            if (answer.Code != 0)
            {
                throw new GitException($"git does not tell what changed{Said(answer.Complaint)}.");
            }

            changed.UnionWith(Encoding.UTF8.GetString(answer.Output).Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Select(path => Path.GetFullPath(Below(path), git.Root)));
        }

        return changed;
    }

    /// <summary>Submodules, and repositories that nobody added to this one: nothing in them would ever have changed.</summary>
    private async Task RefuseOthersAsync(string[] paths, CancellationToken cancellation)
    {
        foreach (string holder in paths.Select(path => GitPlaces.RepositoryOf(path) ?? git.Root).Distinct(StringComparer.Ordinal))
        {
            GitAnswer answer = await git.In(holder).AskAsync(["rev-parse", "--show-toplevel"], "", cancellation);
            if (answer.Code != 0 || answer.Text != top)
            {
                throw new GitException($"{holder} is a repository with a history of its own: name it as the PATH, and ask about a "
                    + "revision of that one.");
            }
        }
    }

    private async Task<Dictionary<string, string>> ListAsync(
        string commit, string[] paths, Func<string, bool> isWanted, CancellationToken cancellation)
    {
        GitAnswer answer = await git.AskAsync(["ls-tree", "-r", "-z", "--full-tree", commit, "--", .. paths], "", cancellation);
        if (answer.Code != 0)
        {
            throw new GitException($"git cannot list {commit[..12]}{Said(answer.Complaint)}.");
        }

        GitTree tree = GitTree.Parse(Encoding.UTF8.GetString(answer.Output));
        if (tree.Submodules.FirstOrDefault(module => paths.Any(path => $"{path}/".StartsWith($"{module}/", StringComparison.Ordinal)))
            is { } submodule)
        {
            throw new GitException($"{submodule} is a submodule, with a history of its own: name it as the PATH, and ask about a revision "
                + "of that one.");
        }

        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach ((string path, string id) in tree.Objects)
        {
            string below = Below(path);
            if (isWanted(below))
            {
                files[below] = id;
            }
        }

        return files.Count <= DirectoryEvidence.MostFiles
            ? files
            : throw new GitException($"{commit[..12]} has more than {DirectoryEvidence.MostFiles} files where migrations are looked for.");
    }

    /// <summary>A path below the checkout, from the top of the repository.</summary>
    private string FromTop(string below)
    {
        List<string> parts = [.. prefix.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string part in below.Split('/').Where(part => part is not ("." or "")))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                throw new GitException($"{below} is outside of the repository, so git does not know what it was.");
            }
        }

        return parts.Count == 0 ? "." : string.Join('/', parts);
    }

    /// <summary>The other way round: what is not below the checkout goes up from it.</summary>
    private string Below(string path) => path.StartsWith(prefix, StringComparison.Ordinal)
        ? path[prefix.Length..]
        : Path.GetRelativePath($"/{prefix}", $"/{path}").Replace(Path.DirectorySeparatorChar, '/');

    private static string NoRepository(string root, string complaint) =>
        complaint.Contains("safe.directory", StringComparison.Ordinal)
            ? $"git does not trust {root}, which belongs to somebody else: "
                + "`git config --global --add safe.directory <its path>` says that you do."
            : $"{root} is in no git repository, so what the branch adds is not known{Said(complaint)}.";

    private static string Unknown(string revision, bool isShallow) => $"git knows no {revision} here. " + (isShallow
        ? $"This clone is shallow. {Deepen}"
        : "Is it fetched (`git fetch origin`)? A branch of the server's is called as in origin/main.");

    private const string Deepen = "Fetch the history: `fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` at GitLab, "
        + "`git fetch --unshallow` by hand.";

    /// <summary>git's first words, if they hold no URL, which may hold a password.</summary>
    private static string Said(string complaint)
    {
        string line = complaint.Split('\n')[0].Trim();
        return line.Length == 0 || line.Contains("://", StringComparison.Ordinal) ? "" : $" (git: {line.TrimEnd('.')})";
    }
}
