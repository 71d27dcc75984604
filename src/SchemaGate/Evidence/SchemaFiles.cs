using System.IO.Enumeration;

namespace SchemaGate.Evidence;

/// <summary>Where Prisma's schema files may be. A path is below the checkout, separated by slashes.</summary>
/// <param name="Places">Files, or directories with all <c>.prisma</c> files below them.</param>
internal sealed record SchemaFiles(IReadOnlyList<string> Places)
{
    /// <summary>Somebody says that it is there.</summary>
    public bool IsGiven { get; private init; }

    private const string Ending = ".prisma";
    private const string Usual = "schema.prisma";
    private const int Depth = 4;

    /// <param name="given">A file or a directory; null for where Prisma looks.</param>
    /// <param name="migrations">The migrations directory, which a schema of several files is beside.</param>
    public static SchemaFiles Of(string? given, string migrations)
    {
        string above = migrations.Contains('/', StringComparison.Ordinal) ? migrations[..migrations.LastIndexOf('/')] : ".";
        string[] usual = above == "." ? [Usual, "schema"] : [above, Usual];
        return new(given is null ? usual : [given]) { IsGiven = given is not null };
    }

    public bool IsWanted(string path) => path.EndsWith(Ending, StringComparison.Ordinal)
        && Places.Any(place => path == place || place == "."
            || (path.StartsWith($"{place}/", StringComparison.Ordinal) && path[place.Length..].Count(symbol => symbol == '/') <= Depth));

    /// <summary>Those in the working tree. No link is followed.</summary>
    public IEnumerable<string> Below(string root) => Places.SelectMany(place => At(Path.Combine(root, place)))
        .Where(File.Exists)
        .Select(path => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/'))
        .Where(IsWanted)
        .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> At(string place) => Directory.Exists(place) ? InDirectory(place)
        : new string[] { place }.Where(file => new FileInfo(file).LinkTarget is null);

    private static FileSystemEnumerable<string> InDirectory(string directory) => new(
        directory,
        (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(),
        new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true, MaxRecursionDepth = Depth })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            !entry.IsDirectory && entry.FileName.EndsWith(Ending, StringComparison.Ordinal),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => entry.FileName is not ("node_modules" or ".git"),
    };
}
