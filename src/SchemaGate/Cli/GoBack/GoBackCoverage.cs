using System.Globalization;

namespace SchemaGate.Cli.GoBack;

/// <summary>
/// Whether the statements that a server has counted can be those of older code. <c>pg_stat_statements</c> keeps what ran since its last
/// reset, and of a statement that fails it keeps nothing: what older code asked must have been counted before its successor took its
/// place, and before the migrations that may break it ran.
/// </summary>
internal static class GoBackCoverage
{
    /// <param name="since">When the server began to count, and whether that is sure of this database; null where the statements come from
    /// a file, whose writer knows.</param>
    /// <param name="migrated">When the first of the migrations ran that the older code's set lacks; null where nobody kept it.</param>
    /// <param name="choice">The older code's revisions.</param>
    /// <param name="all">All revisions on record.</param>
    /// <param name="wasReleased">Whether the gate has let the older code's requirement through in this database.</param>
    /// <returns>The gap, in a sentence; null where there is none to be seen.</returns>
    public static string? Gap(
        (DateTimeOffset At, bool IsSure)? since, DateTimeOffset? migrated, GoBackChoice choice, IReadOnlyList<PastRevision> all,
        bool wasReleased)
    {
        if (since is not (var begun, var isSure))
        {
            return null;
        }

        string counted = $"The server counts statements since {Minute(begun)}";
        return (choice.Revisions, Replaced(choice.Revisions, all)) switch
        {
            ([], _) when !wasReleased => "No revision on record requires it, so nothing says that its statements have ever run here.",
            ([var newest, ..], { } replaced) when replaced <= begun => $"{counted}, when {newest.Word} had been replaced already.",
            _ when migrated <= begun => $"{counted}, when the first of these migrations had run already: what it breaks is not counted.",
            _ when !isSure => "This server keeps no time at which the statistics of one database were reset, and none of its statements "
                + "from before is kept: nothing tells whether those of the older code were counted.",
            _ => null,
        };
    }

    /// <summary>When the older code's time was over: it was replaced, or what it lacks began to run. Null where neither is known.</summary>
    public static DateTimeOffset? End(DateTimeOffset? migrated, GoBackChoice choice, IReadOnlyList<PastRevision> all) =>
        ((DateTimeOffset?[])[migrated, Replaced(choice.Revisions, all)]).Min();

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
