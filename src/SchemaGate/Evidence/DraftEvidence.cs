using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Drafting;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;
using SchemaGate.Postgres;

namespace SchemaGate.Evidence;

/// <summary>Reads the SQL of a set and drafts what its changelog may say.</summary>
internal static class DraftEvidence
{
    /// <summary>Drafts in the set's order.</summary>
    /// <param name="set">The migrations.</param>
    /// <param name="names">Those that are wanted; null for all.</param>
    /// <param name="major">The server's major version; null where it is not known, as for <see cref="RiskEvidence"/>.</param>
    /// <param name="directory">The migrations directory, as the document is to name it.</param>
    /// <param name="time">Measures how long it takes.</param>
    public static Evidence<IReadOnlyList<DraftedEntry>> Draft(
        MigrationSet set, IReadOnlySet<string>? names, int? major, string directory, TimeProvider time)
    {
        try
        {
            RiskOptions options = RiskEvidence.Options(major) with { SetIsWhole = set.IsWhole };
            return new Evidence<IReadOnlyList<DraftedEntry>>.Found(
                [.. MigrationDrafting.Draft(RiskEvidence.Parse(set, time), options, names, Files(set, directory))]);
        }
        catch (DatabaseException exception)
        {
            return new Evidence<IReadOnlyList<DraftedEntry>>.Missing(Reasons.RiskNotJudged, exception.Message);
        }
    }

    private static Func<string, string?> Files(MigrationSet set, string directory)
    {
        Dictionary<string, string?> files = new(StringComparer.Ordinal);
        foreach (Migration migration in set.Migrations)
        {
            files.TryAdd(
                migration.Name, set.Tool == MigrationTool.Prisma ? $"{migration.Name}/migration.sql" : migration.File);
        }

        string prefix = directory is "." or "" ? "" : $"{directory}/";
        return name => files.GetValueOrDefault(name) is { } file ? prefix + file : null;
    }
}
