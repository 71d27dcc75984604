namespace SchemaGate.Evidence;

/// <summary>A branch, as somebody asks about it.</summary>
/// <param name="Root">The checkout: the repository, or a directory of it.</param>
/// <param name="Revision">What it is compared with, in git's words (gitrevisions(7)).</param>
/// <param name="Files">Which files are the document and the migrations.</param>
/// <param name="Schemas">Which ones are Prisma's schema.</param>
/// <param name="HasDocument">False where nobody keeps one.</param>
internal sealed record BranchSource(string Root, string Revision, ChangelogFiles Files, SchemaFiles Schemas, bool HasDocument)
{
    /// <summary>Somebody says that the migrations are there, who may have mistyped it.</summary>
    public bool AreMigrationsGiven { get; init; }

    /// <summary>A path below the checkout as one may open it.</summary>
    public required Func<string, string> Shown { get; init; }

    /// <summary>Where files may be that count.</summary>
    public IEnumerable<string> Places =>
        [.. HasDocument ? Files.Documents : [], Files.Migrations, .. Schemas.Places];

    public bool IsWanted(string path) => Files.IsWanted(path) || Schemas.IsWanted(path);
}
