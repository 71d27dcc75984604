using System.Globalization;

namespace SchemaGate.Cli.GoBack;

/// <summary>
/// Whether the statements that a server has counted can be those of older code. <c>pg_stat_statements</c> keeps what ran since its last
/// reset, and of a statement that fails it keeps nothing: what older code asked must have been counted before its successor took its
/// place, and before the migrations that may break it ran.
/// </summary>
internal static class GoBackCoverage
{
    /// <param name="since">When the server began to count; null where the statements come from a file, whose writer knows.</param>
    /// <param name="migrated">When the first of the migrations ran that the older code's set lacks; null where nobody kept it.</param>
    /// <param name="choice">The older code's revisions.</param>
    /// <param name="all">All revisions on record.</param>
    /// <param name="wasReleased">Whether the gate has let the older code's requirement through in this database.</param>
    /// <returns>The gap, in a sentence; null where there is none to be seen.</returns>
    public static string? Gap(
        DateTimeOffset? since, DateTimeOffset? migrated, GoBackChoice choice, IReadOnlyList<PastRevision> all, bool wasReleased)
    {
        if (since is not { } begun)
        {
            return null;
        }

        string counted = $"The server counts statements since {Minute(begun)}";
        return (choice.Revisions, Replaced(choice.Revisions, all)) switch
        {
            ([], _) when !wasReleased => "No revision on record requires it, so nothing says that its statements have ever run here.",
            ([var newest, ..], { } replaced) when replaced <= begun => $"{counted}, when {newest.Word} had been replaced already.",
            _ when migrated <= begun => $"{counted}, when the first of these migrations had run already: what it breaks is not counted.",
            _ => null,
        };
    }

    /// <summary>For people.</summary>
    public static string Minute(DateTimeOffset time) =>
        $"{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC";

    /// <summary>When the first revision was made that came after the newest of these; null where one of them runs, or none came.</summary>
    private static DateTimeOffset? Replaced(IReadOnlyList<PastRevision> revisions, IReadOnlyList<PastRevision> all)
    {
        DateTimeOffset? made = revisions.Max(revision => revision.Made);
        return revisions.Any(revision => revision.Runs) ? null
            : all.Where(revision => revision.Made > made).Min(revision => revision.Made);
    }
}
