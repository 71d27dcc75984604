using SchemaGate.Core;

namespace SchemaGate.Cli.Lint;

/// <summary>Which of the migrations that were read are judged; the others are context.</summary>
/// <param name="Since">The last that is context.</param>
/// <param name="Only">Those that are judged; empty for all.</param>
/// <param name="Ignored">Globs of paths below <paramref name="Directory"/>, or of names.</param>
internal sealed record LintChoice(string? Since, IReadOnlyList<string> Only, IReadOnlyList<string> Ignored, string Directory)
{
    /// <summary>The full paths of files that are judged; null for all.</summary>
    public IReadOnlySet<string>? Changed { get; init; }

    public bool IsOfAll => Since is null && Only.Count == 0 && Changed is null;

    /// <exception cref="UsageException">A name is not there, or the two options are given together.</exception>
    public void Check(IEnumerable<LintSet> sets)
    {
        if (new[] { Since is not null, Only.Count > 0, Changed is not null }.Count(isGiven => isGiven) > 1)
        {
            throw new UsageException("--since, --only and --changed-since cannot stand together.");
        }

        string[] names = [.. sets.SelectMany(set => set.Scripts).Select(script => script.Name)];
        if (Only.Append(Since).OfType<string>().FirstOrDefault(name => !names.Contains(name, StringComparer.Ordinal)) is { } missing)
        {
            throw new UsageException(
                $"There is no migration {StyledText.Printable(missing)}{StyledText.Printable(NearestNames.Hint(missing, names))}.");
        }
    }

    /// <summary>For each script of the set, whether it is judged.</summary>
    public IEnumerable<bool> In(LintSet set)
    {
        bool isContext = Since is not null && set.Scripts.Any(script => script.Name == Since);
        foreach (LintScript script in set.Scripts)
        {
            yield return !isContext && (Only.Count == 0 || Only.Contains(script.Name, StringComparer.Ordinal))
                && (Changed is null || Changed.Contains(Path.GetFullPath(script.File))) && !IsIgnored(script);
            isContext &= script.Name != Since;
        }
    }

    private bool IsIgnored(LintScript script)
    {
        if (Ignored.Count == 0)
        {
            return false;
        }

        string path = Path.GetRelativePath(Directory, Path.GetFullPath(script.File)).Replace(Path.DirectorySeparatorChar, '/');
        return Ignored.Any(glob => Glob.Matches(glob, path) || Glob.Matches(glob, script.Name));
    }
}
