using SchemaGate.Core.Migrations;

namespace SchemaGate.Cli.GoBack;

/// <summary>Which migrations lie between older code and the database as it is.</summary>
/// <param name="Before">Those of the older code's set that the database has: what the code knows.</param>
/// <param name="Beyond">Those that the database has and the set lacks, in their order.</param>
/// <param name="Unfiled">Likewise, by name: nobody has their files.</param>
/// <param name="Failed">Those beyond the set whose run has failed, or is not over: what of them is there nobody knows.</param>
/// <param name="Missing">Those that the older code requires and the database lacks.</param>
internal sealed record GoBackMigrations(
    MigrationSet Before, IReadOnlyList<Migration> Beyond, IReadOnlyList<string> Unfiled, IReadOnlyList<string> Failed,
    IReadOnlyList<string> Missing)
{
    /// <summary>Those of either set that the database has run with another text than the file's, as far as anybody tells.</summary>
    public IReadOnlyList<string> Edited { get; init; } = [];

    /// <summary>Whether all is read that lies between: what nobody has read may do anything.</summary>
    public bool IsRead => Unfiled.Count == 0 && Failed.Count == 0 && Edited.Count == 0;

    /// <summary>Whether the database has nothing, and nothing half, that the older code's set lacks.</summary>
    public bool IsSame => Beyond.Count == 0 && Unfiled.Count == 0 && Failed.Count == 0;

    /// <summary>What the older code knows, and behind it what came later.</summary>
    public MigrationSet Applied => new([.. Before.Migrations, .. Beyond], []) { Tool = Before.Tool, IsWhole = Before.IsWhole };

    /// <param name="older">The older code's set.</param>
    /// <param name="through">The last one that is required of it; null for all.</param>
    /// <param name="files">The set that has the files of what came later.</param>
    /// <param name="applied">What of a set the database has.</param>
    public static GoBackMigrations Of(
        MigrationSet older, string? through, MigrationSet files, Func<MigrationSet, AppliedNames> applied)
    {
        (AppliedNames ofOlder, AppliedNames ofFiles) = (applied(older), applied(files));
        HashSet<string> known = [.. older.Names];
        MigrationSet required = through is null ? older : older.Through(through) ?? older;
        return new(
            new([.. older.Migrations.Where(migration => ofOlder.Has.Contains(migration.Name))], [])
            {
                Tool = older.Tool,
                IsOrdered = older.IsOrdered,
                IsWhole = older.IsWhole,
            },
            [.. files.Migrations.Where(migration => ofFiles.Has.Contains(migration.Name) && !known.Contains(migration.Name))],
            [.. ofOlder.Beyond.Intersect(ofFiles.Beyond, StringComparer.Ordinal)],
            [.. ofFiles.Failed.Where(name => !known.Contains(name))],
            [.. required.Names.Where(name => !ofOlder.Has.Contains(name))])
        {
            Edited = [.. ofOlder.Edited.Union(ofFiles.Edited.Where(name => !known.Contains(name)), StringComparer.Ordinal)],
        };
    }
}

/// <summary>What a database has, told by the names of one set.</summary>
/// <param name="Has">Of the set.</param>
/// <param name="Beyond">What else it has, in the order of the runs where that is known.</param>
/// <param name="Failed">Of the set, or beyond it: the run has failed, or is not over.</param>
/// <param name="Edited">Of the set: another text was run than the file has.</param>
internal sealed record AppliedNames(
    IReadOnlySet<string> Has, IReadOnlyList<string> Beyond, IReadOnlyList<string> Failed, IReadOnlyList<string> Edited);
